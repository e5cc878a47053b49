import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import type { StoredEvent } from "../../src/core/aggregate.ts"
import { about } from "../../src/core/index.ts"
import { commandKey, type Outcome } from "../../src/core/outcome.ts"
import type { Commit, EventStore } from "../../src/core/ports.ts"
import { commandInfo } from "../scenario.ts"

const hash = "reducer-1"

const eventAt = (stream: string, version: number, data: Record<string, unknown> = { n: version }): StoredEvent => ({
  type: "Counted",
  schemaVersion: 1,
  data,
  info: {
    id: `${stream}/${version}`,
    stream,
    version,
    tenant: "tenant",
    commandId: `command-${version}`,
    actor: "someone",
    traceId: "trace",
    causationId: "cause",
    hops: 0,
    time: "2026-11-01T10:00:00.000Z",
  },
})

/** A commit of `count` events on `stream` at `expected`; a new command each time unless told. */
export function commitOf(
  stream: string,
  expected: number,
  count: number,
  more: Partial<Commit> & { commandId?: string; messageId?: string; outcome?: Outcome } = {},
): Commit {
  const { commandId = randomUUID(), messageId = randomUUID(), outcome, ...rest } = more
  const info = commandInfo({ commandId, id: messageId, tenant: "tenant" })
  const events = Array.from({ length: count }, (_, index) => eventAt(stream, expected + index + 1))
  return {
    key: commandKey(info),
    payloadHash: "payload",
    decided: {
      stream,
      commandType: "test.Count",
      info,
      outcome: outcome ?? { status: "COMMITTED", version: expected + count, eventCount: count },
      decidedAt: "2026-11-01T10:00:00.000Z",
      events,
      state: { n: expected + count },
    },
    expected,
    claim: [],
    release: [],
    guards: [],
    ...rest,
  }
}

const newStream = () => `tenant/counter/${randomUUID()}`
const versions = async (events: AsyncIterable<StoredEvent>) => {
  const found: number[] = []
  for await (const event of events) found.push(event.info.version)
  return found
}

/** What every event store promises; `forget` destroys the key of a subject. */
export function eventStoreContract(
  name: string,
  open: () => Promise<{ store: EventStore; forget: (subject: string) => Promise<void> }>,
): void {
  describe(`the event store ${name}`, () => {
    let store: EventStore
    let forget: (subject: string) => Promise<void>
    beforeAll(async () => {
      ;({ store, forget } = await open())
    })

    test("refuses what is said about a subject who was forgotten, and takes that it is nothing", async () => {
      const [stream, subject] = [newStream(), `email:${randomUUID()}@example.org`]
      await forget(subject)
      const saying = (value: string | null) => {
        const commit = commitOf(stream, 0, 1)
        const events = [eventAt(stream, 1, { who: about(subject, value) })]
        return { ...commit, decided: { ...commit.decided, events } }
      }
      const said = saying("grace")
      expect(await store.commit(said)).toEqual({ status: "forgotten" })
      expect(await store.recall(said.key)).toBeUndefined()
      expect(await versions(store.read(stream, 1))).toEqual([])
      expect(await store.commit(saying(null))).toEqual({ status: "committed" })
    })

    test("gives back what was committed, in order", async () => {
      const stream = newStream()
      expect(await store.commit(commitOf(stream, 0, 3))).toEqual({ status: "committed" })
      const { events, snapshot } = await store.load(stream, hash)
      expect(snapshot).toBeUndefined()
      expect(events).toEqual([1, 2, 3].map(version => eventAt(stream, version)))
    })

    test("knows nothing of a stream that never was", async () => {
      expect(await store.load(newStream(), hash)).toEqual({ events: [] })
    })

    test("lets one of two writers have a version", async () => {
      const stream = newStream()
      const results = await Promise.all([store.commit(commitOf(stream, 0, 1)), store.commit(commitOf(stream, 0, 1))])
      expect(results.map(({ status }) => status).filter(status => status === "committed")).toHaveLength(1)
      expect(results.every(({ status }) => ["committed", "conflict", "busy"].includes(status))).toBe(true)
      expect(await versions(store.read(stream, 1))).toEqual([1])
    })

    test("writes nothing of a commit that conflicts", async () => {
      const stream = newStream()
      await store.commit(commitOf(stream, 0, 1))
      const late = commitOf(stream, 0, 2)
      expect(await store.commit(late)).toEqual({ status: "conflict" })
      expect(await store.recall(late.key)).toBeUndefined()
      expect(await versions(store.read(stream, 1))).toEqual([1])
    })

    test("answers a repeated command with what was said the first time, even when it would conflict now", async () => {
      const stream = newStream()
      const first = commitOf(stream, 0, 1, {
        commandId: "command-000000000000000001-".concat(randomUUID().slice(0, 8)),
        messageId: "m1",
      })
      await store.commit(first)
      const again = { ...first, decided: { ...first.decided, info: { ...first.decided.info, id: "m2" } } }
      const record = { payloadHash: "payload", stream, messageId: "m1", outcome: first.decided.outcome }
      expect(await store.commit(again)).toEqual({ status: "repeated", record })
      expect(await store.recall(first.key)).toEqual(record)
    })

    test("remembers a refusal like a success", async () => {
      const outcome: Outcome = { status: "REJECTED", version: 0, rejection: { code: "No", message: "No.", path: "n" } }
      const refusal = commitOf(newStream(), 0, 0, { outcome })
      expect(await store.commit(refusal)).toEqual({ status: "committed" })
      expect((await store.recall(refusal.key))?.outcome).toEqual(outcome)
    })

    test("rehydrates from the newest snapshot of the same reducer only", async () => {
      const stream = newStream()
      await store.commit(commitOf(stream, 0, 30, { snapshot: { state: { n: 30 }, hash } }))
      await store.commit(commitOf(stream, 30, 2))
      const same = await store.load(stream, hash)
      expect(same.snapshot).toEqual({ version: 30, state: { n: 30 } })
      expect(same.events.map(({ info }) => info.version)).toEqual([31, 32])
      const other = await store.load(stream, "reducer-2")
      expect(other.snapshot).toBeUndefined()
      expect(other.events).toHaveLength(32)
    })

    test("reads a range of versions", async () => {
      const stream = newStream()
      await store.commit(commitOf(stream, 0, 5))
      expect(await versions(store.read(stream, 2, 4))).toEqual([2, 3, 4])
    })

    test("lets one stream hold a claim until it releases it", async () => {
      const [one, other] = [newStream(), newStream()]
      const claim = [{ name: "slug", value: randomUUID() }]
      expect(await store.commit(commitOf(one, 0, 1, { claim }))).toEqual({ status: "committed" })
      expect(await store.commit(commitOf(other, 0, 1, { claim }))).toEqual({ status: "claimTaken", claim: "slug" })
      const holder = () => store.holder("counter", claim[0] ?? { name: "", value: "" })
      expect(await holder()).toBe(one)
      expect(await store.commit(commitOf(one, 1, 1, { release: claim }))).toEqual({ status: "committed" })
      expect(await holder()).toBeUndefined()
      expect(await store.commit(commitOf(other, 0, 1, { claim }))).toEqual({ status: "committed" })
    })

    test("refuses a decision whose guard has moved on", async () => {
      const [stream, guard] = [newStream(), newStream()]
      await store.commit(commitOf(guard, 0, 2))
      expect(await store.commit(commitOf(stream, 0, 1, { guards: [{ stream: guard, version: 1 }] }))).toEqual({
        status: "conflict",
      })
      expect(await store.commit(commitOf(stream, 0, 1, { guards: [{ stream: guard, version: 2 }] }))).toEqual({
        status: "committed",
      })
    })

    test("refuses, before anything is written, more than 100 items a transaction", async () => {
      const stream = newStream()
      const result = await store.commit(commitOf(stream, 0, 99))
      expect(result.status).toBe("tooLarge")
      expect(await store.load(stream, hash)).toEqual({ events: [] })
    })

    test("refuses, before anything is written, an item of more than 400 KB", async () => {
      const stream = newStream()
      const commit = commitOf(stream, 0, 1)
      const big = {
        ...commit,
        decided: { ...commit.decided, events: [eventAt(stream, 1, { text: "x".repeat(410 * 1024) })] },
      }
      expect(await store.commit(big)).toMatchObject({ status: "tooLarge", limit: expect.stringContaining("400 KB") })
      expect(await store.load(stream, hash)).toEqual({ events: [] })
    })

    test("refuses, before anything is written, more than 4 MB a transaction", async () => {
      const stream = newStream()
      const commit = commitOf(stream, 0, 0)
      const events = Array.from({ length: 12 }, (_, index) =>
        eventAt(stream, index + 1, { text: "x".repeat(380 * 1024) }),
      )
      const outcome: Outcome = { status: "COMMITTED", version: 12, eventCount: 12 }
      const result = await store.commit({ ...commit, decided: { ...commit.decided, outcome, events } })
      expect(result.status).toBe("tooLarge")
      expect(await store.load(stream, hash)).toEqual({ events: [] })
    })

    test("gives personal values back as such", async () => {
      const stream = newStream()
      const commit = commitOf(stream, 0, 1)
      const personal = eventAt(stream, 1, {
        name: about("person-1", "Ada"),
        others: [about("email:b@example.org", "b@example.org")],
      })
      await store.commit({ ...commit, decided: { ...commit.decided, events: [personal] } })
      const [event] = (await store.load(stream, hash)).events
      expect(event?.data).toMatchObject({
        name: { subject: "person-1", value: "Ada" },
        others: [{ value: "b@example.org" }],
      })
      expect(JSON.stringify(event?.data)).not.toContain("Ada")
    })

    test("lists the streams of an aggregate", async () => {
      const aggregate = `kind${randomUUID().slice(0, 8)}`
      const made = Array.from({ length: 5 }, () => `tenant/${aggregate}/${randomUUID()}`)
      for (const stream of made) await store.commit(commitOf(stream, 0, 2))
      const found: string[] = []
      for await (const stream of store.streams(aggregate)) found.push(stream)
      expect(found.sort()).toEqual(made.sort())
    })
  })
}
