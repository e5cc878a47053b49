import { randomUUID } from "node:crypto"
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { commandKey } from "../../src/core/outcome.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { commandInfo, personNamed } from "../scenario.ts"
import { eventually, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

let running: RunningHost
let owner: Person
let support: Person

beforeAll(async () => {
  running = await startLocalHost()
  ;[owner, support] = (await Promise.all(["owner", "support"].map(name => signedIn(running, name)))) as [Person, Person]
}, 120_000)
afterAll(() => running?.stop())

interface ParkedItem {
  readonly kind: string
  readonly stream: string
  readonly cause: string
  readonly waiting: readonly { type: string; traceId: string; commandId: string }[]
}
interface Redrive {
  readonly status: string
  readonly released: number
  readonly left: number
  readonly cause: string | null
}
interface Rehearsal {
  readonly folds: boolean
  readonly cause: string | null
  readonly commands: readonly { status: string; events: readonly { version: number; type: string }[] }[]
  readonly views: readonly { view: string; before: string | null; after: string | null }[]
}

const streamOf = (accountId: string) => `${accountId}/account/${accountId}`
const parkedOf = async (stream: string) => {
  const { items } = await support.ask<{ items: readonly ParkedItem[] }>(
    "parked",
    "{ parked(limit: 100) { items { kind stream cause waiting { type traceId commandId } } nextToken } }",
  )
  return items.find(item => item.stream === stream)
}
const redrive = (stream: string) =>
  support.ask<Redrive>(
    "redrive",
    "mutation ($stream: ID!) { redrive(stream: $stream) { status released left cause } }",
    { stream },
  )
const rehearse = (stream: string) =>
  support.ask<Rehearsal>(
    "rehearse",
    "query ($stream: ID!) { rehearse(stream: $stream) { folds cause commands { status events { version type } } views { view before after } } }",
    { stream },
  )
/** What support did about an account, as events. */
async function logOf(accountId: string) {
  const { events } = await support.ask<{ events: readonly { type: string; actor: string; data: string }[] }>(
    "history",
    'query ($id: ID!, $tenant: ID!) { history(aggregate: "supportLog", id: $id, tenant: $tenant) { events { type actor data } } }',
    { id: `account.${accountId}`, tenant: accountId },
  )
  return events.map(({ type, actor, data }) => {
    const { cause, stream } = JSON.parse(data)
    return { type, actor, data: { cause, stream } }
  })
}
const stepsOf = async (traceId: string) =>
  (
    await support.ask<{ steps: readonly { kind: string; message: string | null; actor: string | null }[] }>(
      "trace",
      "query ($traceId: ID!) { trace(traceId: $traceId) { steps { kind message actor } } }",
      { traceId },
    )
  ).steps

/** Stores a second event in an account's stream, past every rule. */
async function plant(accountId: string, type: string, data: Readonly<Record<string, unknown>>) {
  const { client, named } = storesOf(running)
  const row = {
    stream: streamOf(accountId),
    version: 2,
    type,
    schemaVersion: 1,
    data: JSON.stringify(data),
    commandId: randomUUID(),
    actor: "someone",
    traceId: randomUUID(),
    hops: 0,
    at: new Date().toISOString(),
  }
  await client.send(new PutCommand({ TableName: named("EventStore"), Item: row }))
}

/** Sends a command and waits until its receipt says PARKED. */
async function parks(accountId: string, name: string) {
  const commandId = randomUUID()
  await owner.send("renameAccount", { accountId, name, commandId })
  return eventually(`${name} to be parked`, async () => {
    const receipt = await owner.receipt(commandId)
    return receipt?.status === "PARKED" && receipt
  })
}

describe("a stream that cannot be folded", () => {
  test("is set aside alone; what waits is rehearsed, released and decided in order of arrival", async () => {
    const accountId = await openAccount(owner, "Bewitched")
    await plant(accountId, "AccountBewitched", {})
    const receipts = [await parks(accountId, "One"), await parks(accountId, "Two"), await parks(accountId, "Three")]
    expect(receipts[0]).toMatchObject({ status: "PARKED", reason: "AccountBewitched v1 is not known" })
    await openAccount(owner, "Untouched")

    const stream = streamOf(accountId)
    const parked = await eventually("the list", () => parkedOf(stream))
    expect(parked).toMatchObject({ kind: "stream", cause: "AccountBewitched v1 is not known" })
    expect(parked.waiting.map(({ commandId }) => commandId)).toEqual(receipts.map(({ commandId }) => commandId))
    expect(await rehearse(stream)).toMatchObject({ folds: false, commands: [] })
    expect(await redrive(stream)).toMatchObject({ status: "PARKED", released: 0, left: 3 })

    await plant(accountId, "AccountRenamed", { accountId, name: "Lifted", slug: `l-${accountId.slice(0, 8)}` })
    const shown = await rehearse(stream)
    expect(shown.commands.flatMap(({ events }) => events.map(({ version }) => version))).toEqual([3, 4, 5])
    const row = shown.views.find(({ view }) => view === "account.1")
    expect(JSON.parse(row?.before ?? "{}").name).toBe("Bewitched")
    expect(JSON.parse(row?.after ?? "{}").name).toBe("Three")
    expect((await owner.receipt(receipts[0]?.commandId ?? ""))?.status).toBe("PARKED")

    expect(await redrive(stream)).toMatchObject({ status: "RELEASED", released: 3, left: 0 })
    const settled = await Promise.all(receipts.map(({ commandId }) => owner.settled(commandId)))
    expect(settled.map(({ status, version }) => `${status} ${version}`)).toEqual([
      "PROJECTED 3",
      "PROJECTED 4",
      "PROJECTED 5",
    ])
    expect(await parkedOf(stream)).toBeUndefined()
    expect(await owner.run("renameAccount", { accountId, name: "Free" })).toMatchObject({ version: 6 })
    const steps = await eventually("both steps", async () => {
      const found = await stepsOf(receipts[0]?.traceId ?? "")
      return ["parked", "released"].every(kind => found.some(step => step.kind === kind)) && found
    })
    const by = steps.find(({ kind }) => kind === "released")?.actor
    expect(by).toBeTruthy()
    expect(await logOf(accountId)).toEqual([
      { type: "ParkedWorkReleased", actor: by, data: { cause: "AccountBewitched v1 is not known", stream } },
    ])
  })

  test("is nothing that others than support may ask about", async () => {
    for (const query of [
      "query { parked { items { stream } } }",
      'query { rehearse(stream: "a/b/c") { folds } }',
      'mutation { redrive(stream: "a/b/c") { status } }',
    ])
      expect((await owner.graphql(query)).errors?.[0]?.errorType, query).toBe("Unauthorized")
  })
})

const resource = (pattern: RegExp) => {
  const found = Object.entries(running.local.resources).find(([path]) => pattern.test(path))
  if (found === undefined) throw new Error(`the template has no ${pattern}`)
  return found[1]
}
const functionArn = (pattern: RegExp) =>
  `arn:aws:lambda:${running.local.region}:000000000000:function:${resource(pattern)}:$LATEST`

/** What Lambda writes when a function has failed on an event for the last time. */
const onFailure = (consumer: string, source: string, detail: unknown) => ({
  version: "1.0",
  requestContext: { functionArn: consumer, condition: "RetriesExhausted" },
  requestPayload: { source, detail },
  responsePayload: { errorType: "TypeError", errorMessage: "it broke" },
})

async function sendLetter(letter: unknown) {
  const sqs = new SQSClient({
    endpoint: running.local.endpointUrl,
    region: running.local.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  })
  const QueueUrl = resource(/\.DeadLetters$/)
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(letter) }))
}

const actorEvent = (accountId: string, commandId: string, actor: string) => ({
  specversion: "1.0",
  id: randomUUID(),
  source: "/foldline/accounts",
  type: "accounts.RenameAccount",
  time: new Date().toISOString(),
  datacontenttype: "application/json",
  dataschema: "urn:foldline:accounts:RenameAccount:1",
  data: { accountId, name: "Never" },
  commandid: commandId,
  actor,
  actorkind: "person",
  tenant: accountId,
  traceid: randomUUID(),
  hops: 0,
})

const domainEvent = async (accountId: string, redelivered?: number) => {
  const [row] = (await storesOf(running).all("EventStore")).filter(({ stream }) => stream === streamOf(accountId))
  return {
    specversion: "1.0",
    id: `${streamOf(accountId)}/1`,
    source: "/foldline/accounts",
    type: "accounts.AccountOpened",
    time: row?.at,
    datacontenttype: "application/json",
    subject: streamOf(accountId),
    dataschema: "urn:foldline:accounts:AccountOpened:1",
    data: JSON.parse(String(row?.data)),
    commandid: row?.commandId,
    actor: row?.actor,
    tenant: accountId,
    traceid: row?.traceId,
    hops: 0,
    streamversion: 1,
    ...(redelivered === undefined ? {} : { redelivered }),
  }
}

describe("a dead letter", () => {
  test("of a command that its decider gave up becomes FAILED with the reason", async () => {
    const accountId = await openAccount(owner)
    const [commandId, actor] = [randomUUID(), randomUUID()]
    const decider = functionArn(/DomainBehavior.*Decider.*Function/)
    await sendLetter(onFailure(decider, "foldline.actor", actorEvent(accountId, commandId, actor)))
    const receipt = await eventually("the outcome", async () =>
      (await storesOf(running).all("TraceTable")).find(
        item => item.id === `receipt/${actor}/${commandId}` && item.status === "FAILED",
      ),
    )
    expect(receipt.reason).toContain("it broke")
  })

  test("of a command that has FAILED before marks the repeat, and says that it was already processed", async () => {
    const accountId = await openAccount(owner)
    const [commandId, actor] = [randomUUID(), randomUUID()]
    const decider = functionArn(/DomainBehavior.*Decider.*Function/)
    const [first, repeat] = [actorEvent(accountId, commandId, actor), actorEvent(accountId, commandId, actor)]
    const receipt = async () =>
      (await storesOf(running).all("TraceTable")).find(({ id }) => id === `receipt/${actor}/${commandId}`)
    await sendLetter(onFailure(decider, "foldline.actor", first))
    await eventually("the outcome", async () => (await receipt())?.status === "FAILED")
    await sendLetter(onFailure(decider, "foldline.actor", repeat))
    await eventually("the mark", async () => (await receipt())?.duplicate === true)
    const steps = await eventually("the step", async () => {
      const found = await stepsOf(repeat.traceid)
      return found.length > 0 && found
    })
    expect(steps).toMatchObject([{ kind: "alreadyProcessed", message: "already processed: FAILED" }])
    expect((await receipt())?.status).toBe("FAILED")
  })

  test("of a command whose stream is set aside makes it wait", async () => {
    const accountId = await openAccount(owner)
    await plant(accountId, "AccountBewitched", {})
    await parks(accountId, "First")
    const [commandId, actor] = [randomUUID(), randomUUID()]
    const decider = functionArn(/DomainBehavior.*Decider.*Function/)
    await sendLetter(onFailure(decider, "foldline.actor", actorEvent(accountId, commandId, actor)))
    await eventually("two that wait", async () => {
      const parked = await parkedOf(streamOf(accountId))
      return parked?.waiting[1]?.commandId === commandId
    })
  })

  test("of an event that a function gave up puts it on the bus again", async () => {
    const accountId = await openAccount(owner)
    const event = await domainEvent(accountId)
    const steps = () => storesOf(running).all("TraceTable")
    const recorder = functionArn(/TrackAndTrace.*Recorder.*Function/)
    const traceId = randomUUID()
    await sendLetter(onFailure(recorder, "foldline.domain", { ...event, traceid: traceId }))
    await eventually("the step of the event", async () =>
      (await steps()).some(item => item.kind === "event" && item.traceId === traceId),
    )
  })

  test("of an event that comes back is kept, shown to support, and delivered when released", async () => {
    const accountId = await openAccount(owner)
    const recorder = functionArn(/TrackAndTrace.*Recorder.*Function/)
    const event = { ...(await domainEvent(accountId, 1)), traceid: randomUUID() }
    await sendLetter(onFailure(recorder, "foldline.domain", event))
    const parked = await eventually("the kept delivery", () => parkedOf(streamOf(accountId)))
    expect(parked).toMatchObject({ kind: "delivery", waiting: [{ type: "accounts.AccountOpened" }] })
    expect(parked.cause).toContain("it broke")
    await eventually("the step", async () => (await stepsOf(event.traceid)).some(({ kind }) => kind === "failed"))
    expect(await redrive(streamOf(accountId))).toMatchObject({ status: "RELEASED", released: 1, left: 0 })
    expect(await parkedOf(streamOf(accountId))).toBeUndefined()
  })

  test("of a row that no reader of the outbox can handle is kept; the others go on, and it is delivered once repaired", async () => {
    const { client, named, cipher } = storesOf(running)
    const accountId = await openAccount(owner)
    const [actor, commandId] = [randomUUID(), randomUUID()]
    const info = commandInfo({ tenant: accountId, commandId, actor: personNamed(actor), traceId: randomUUID() })
    const Key = { stream: streamOf(accountId), command: commandKey(info) }
    const at = new Date().toISOString()
    await client.send(
      new PutCommand({ TableName: named("Outbox"), Item: { ...Key, decided: "{ broken", at, pending: "0" } }),
    )
    const parked = await eventually("the kept row", () => parkedOf(streamOf(accountId)))
    expect(parked).toMatchObject({ kind: "delivery", waiting: [] })
    expect(await owner.run("renameAccount", { accountId, name: "Goes on" })).toMatchObject({ status: "PROJECTED" })

    const outcome = { status: "FAILED", reason: "repaired" }
    const decided = {
      stream: streamOf(accountId),
      commandType: "accounts.RenameAccount",
      info,
      outcome,
      decidedAt: at,
      events: [],
    }
    await client.send(
      new UpdateCommand({
        TableName: named("Outbox"),
        Key,
        UpdateExpression: "SET decided = :decided",
        ExpressionAttributeValues: { ":decided": await cipher.seal(decided) },
      }),
    )
    expect(await redrive(streamOf(accountId))).toMatchObject({ status: "RELEASED", released: 1 })
    await eventually("its receipt", async () =>
      (await storesOf(running).all("TraceTable")).find(
        item => item.id === `receipt/${actor}/${commandId}` && item.status === "FAILED",
      ),
    )
  })
})
