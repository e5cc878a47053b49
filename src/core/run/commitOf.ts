import { type AnyAggregate, claimsOf, fold, type StoredEvent, schemaVersionOf } from "../aggregate.ts"
import { follow, type Message, type MessageType } from "../message.ts"
import { commandKey, type Decided, kernelRejections, type Outcome, type RejectionReport } from "../outcome.ts"
import { about, mapPersonal, subjectsOf } from "../personal.ts"
import type { Claim, Commit } from "../ports.ts"
import type { CommandPorts, Prepared } from "./prepareCommand.ts"
import type { Rehydrated } from "./rehydrate.ts"

/** Every so many events a row carries the state after it; rehydrating reads at most about one such page. */
export const snapshotEvery = 20

/** The commit of a command that the domain accepted; no events mean that it was already so. */
export function acceptance(
  ports: CommandPorts,
  prepared: Prepared,
  current: Rehydrated,
  decided: readonly Message[],
  guards: Commit["guards"],
): Commit {
  const { owner, request, stream, tenant } = prepared
  const { aggregate } = owner
  const events = decided.map((event, index): StoredEvent => {
    const version = current.version + index + 1
    return {
      type: event.type,
      schemaVersion: schemaVersionOf(aggregate, event.type),
      data: eventSchema(aggregate, event.type).parse(event.data) as Record<string, unknown>,
      info: {
        ...follow(request.info),
        id: `${stream}/${version}`,
        stream,
        version,
        commandId: request.info.commandId,
        actor: request.info.actor.id,
        tenant,
        time: request.info.time,
      },
    }
  })
  const state = fold(aggregate, events, current.state)
  const version = current.version + events.length
  const due = Math.floor(version / snapshotEvery) > Math.floor(current.version / snapshotEvery)
  const before = claimsOf(aggregate, current.state)
  const after = claimsOf(aggregate, state)
  return {
    ...shell(prepared, { status: "COMMITTED", version, eventCount: events.length }, events, state),
    expected: current.version,
    ...(due ? { snapshot: { state, hash: ports.reducerHash(aggregate) } } : {}),
    claim: difference(after, before).map(claim => aboutWhom(aggregate, state, claim)),
    release: difference(before, after),
    guards,
    ...(current.parked === undefined ? {} : { behind: current.parked }),
  }
}

function eventSchema(aggregate: AnyAggregate, type: string): MessageType["schema"] {
  const event: MessageType | undefined = aggregate.events[type]
  if (event === undefined) throw new Error(`${aggregate.name} decided ${type}, which is not one of its events`)
  return event.schema
}

const difference = (
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): readonly Claim[] =>
  Object.entries(some)
    .filter(([name, value]) => others[name] !== value)
    .map(([name, value]) => ({ name, value }))

/** The claim, with the subject without whose personal value it would not be made. */
function aboutWhom(aggregate: AnyAggregate, state: unknown, claim: Claim): Claim {
  const subject = subjectsOf(state).find(one => {
    const without = mapPersonal(state, personal =>
      about(personal.subject, personal.subject === one ? null : personal.value),
    )
    return claimsOf(aggregate, without)[claim.name] !== claim.value
  })
  return subject === undefined ? claim : { ...claim, about: subject }
}

function shell(
  { request, stream, payloadHash, now }: Prepared,
  outcome: Outcome,
  events: readonly StoredEvent[],
  state?: unknown,
) {
  const decided: Decided = {
    stream,
    commandType: request.type,
    // The bus told the decider about the person; what is stored names the actor only.
    info: { ...request.info, actor: { id: request.info.actor.id, kind: request.info.actor.kind, groups: [] } },
    outcome,
    decidedAt: now(),
    events,
    ...(state === undefined ? {} : { state }),
  }
  return { key: commandKey(request.info), payloadHash, decided, claim: [], release: [], guards: [] }
}

const rejectedAs = (version: number, rejection: RejectionReport): Outcome => ({
  status: "REJECTED",
  version,
  rejection,
})

/** The commit of a refusal: it is remembered and published like a success. */
export const refusal = (prepared: Prepared, version: number, rejection: RejectionReport): Commit => ({
  ...shell(prepared, rejectedAs(version, rejection), []),
  expected: version,
})

/** A refusal of the kernel. */
export const report = (code: keyof typeof kernelRejections, path?: string): RejectionReport => ({
  code,
  message: kernelRejections[code],
  ...(path === undefined ? {} : { path }),
})

/** The refusal that an aggregate declares for a value that another one holds. */
export function refusalOfClaim(aggregate: AnyAggregate, claim: string): RejectionReport {
  const code = String(aggregate.unique?.[claim]?.taken ?? claim)
  return { code, message: aggregate.rejections[code] ?? code, path: claim }
}

/** The commit of a command that could not be decided. */
export const failure = (prepared: Prepared, reason: string): Commit => ({
  ...shell(prepared, { status: "FAILED", reason }, []),
  expected: 0,
})

/** The refusal of a command id that was used before with another input: beside the first use's record, never over it. */
export function misuse(prepared: Prepared): Commit {
  const commit = refusal(prepared, 0, report("CommandIdReused"))
  return { ...commit, key: `${commit.key}#${prepared.request.info.id}`, decided: { ...commit.decided, misuse: true } }
}
