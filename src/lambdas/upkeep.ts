import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider"
import { SQSClient } from "@aws-sdk/client-sqs"
import { cognitoPeople } from "../adapters/cognito/people.ts"
import { dynamoCommittedCommands } from "../adapters/dynamodb/committedCommands.ts"
import { dynamoDirectory } from "../adapters/dynamodb/directory.ts"
import { dynamoTracePointers } from "../adapters/dynamodb/tracePointers.ts"
import { dynamoUpkeepStore } from "../adapters/dynamodb/upkeepStore.ts"
import { dynamoWrappedKeys } from "../adapters/dynamodb/wrappedKeys.ts"
import { required } from "../adapters/environment.ts"
import { shreddedWithinMs } from "../adapters/kms/subjectKeys.ts"
import { sqsLetters } from "../adapters/sqs/letters.ts"
import { app } from "../contexts/index.ts"
import { forget } from "../core/run/forget.ts"
import { rebuild } from "../core/run/rebuild.ts"
import { reconcile } from "../core/run/reconcile.ts"
import { replay } from "../core/run/replay.ts"
import { verify } from "../core/run/verify.ts"
import {
  cipher,
  client,
  deliveries,
  eventStore,
  hash,
  now,
  parking,
  pause,
  publisher,
  reducerHash,
  track,
  viewStore,
} from "./adapters.ts"

type Asked = Readonly<Record<string, unknown>>

/** AppSync waits 30 seconds for an answer; a slice that began late must still end in time. */
const sliceMs = 12_000

function ports() {
  const ends = Date.now() + sliceMs
  return {
    app,
    events: eventStore(),
    views: viewStore(),
    directory: dynamoDirectory(client, required("TABLE_EVENTS"), cipher().nameOf),
    upkeep: dynamoUpkeepStore(client, required("TABLE_VIEWS")),
    keys: dynamoWrappedKeys(client, required("TABLE_KEYS")),
    committed: dynamoCommittedCommands(
      client,
      { outbox: required("TABLE_OUTBOX"), idempotency: required("TABLE_IDEMPOTENCY") },
      cipher(),
    ),
    nameOf: cipher().nameOf,
    settle: () => new Promise<void>(resolve => setTimeout(resolve, 2 * shreddedWithinMs)),
    hash,
    now,
    pause,
    random: Math.random,
    expired: () => Date.now() > ends,
  }
}

const letters = () =>
  sqsLetters(new SQSClient({ useQueueUrlAsEndpoint: false }), {
    handledUrl: required("HANDLED_QUEUE_URL"),
    unhandledUrl: required("UNHANDLED_QUEUE_URL"),
  })
const person = (text: string) => cognitoPeople(new CognitoIdentityProviderClient({}), required("USER_POOL_ID"))(text)

const text = (asked: Asked, name: string) => (asked[name] == null ? {} : { [name]: String(asked[name]) })
const number = (asked: Asked, name: string) => (asked[name] == null ? {} : { [name]: Number(asked[name]) })
const flag = (asked: Asked, name: string) => (asked[name] == null ? {} : { [name]: asked[name] === true })

/** Counts by kind as a list: a type of the API has no fields of its own making. */
const listed = <Report extends { readonly found: Readonly<Record<string, number>> }>(report: Report) => ({
  ...report,
  found: Object.entries(report.found).map(([kind, count]) => ({ kind, count })),
})

const actions = { START: "start", NEXT: "next", PAUSE: "pause", RESUME: "resume" } as const

/** What the caretaker does for the stores and views when the support group asks, by the name of the field. */
export const upkeep: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
  forget: asked =>
    forget(
      {
        ...ports(),
        ...{ parking: parking(), deliveries: deliveries(), reducerHash, letters: letters(), person },
        track: dynamoTracePointers(client, required("TABLE_TRACE")),
      },
      String(asked.subject),
      asked.next == null ? undefined : String(asked.next),
    ),

  rebuild: async asked =>
    listed(
      await rebuild(ports(), {
        view: String(asked.view),
        action: actions[asked.action as keyof typeof actions],
        ...number(asked, "version"),
        ...flag(asked, "dryRun"),
        ...number(asked, "limit"),
      }),
    ),

  verify: async asked =>
    listed(
      await verify(ports(), {
        view: String(asked.view),
        ...number(asked, "version"),
        ...number(asked, "sample"),
        ...flag(asked, "heal"),
        ...text(asked, "cursor"),
        ...number(asked, "limit"),
      }),
    ),

  reconcile: asked => reconcile(ports(), asked.next == null ? undefined : String(asked.next)),

  replay: asked =>
    replay(
      { ...ports(), track: track(), publisher: publisher() },
      {
        to: String(asked.to),
        ...text(asked, "aggregate"),
        ...text(asked, "type"),
        ...text(asked, "from"),
        ...text(asked, "until"),
        ...text(asked, "cursor"),
        ...number(asked, "limit"),
      },
    ),
}
