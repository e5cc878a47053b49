import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { memoryDeliveries } from "../../../src/adapters/memory/deliveries.ts"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { messagesOf } from "../../../src/core/cloudEvent.ts"
import { commandKey } from "../../../src/core/outcome.ts"
import { PoisonedError } from "../../../src/core/poisoned.ts"
import type { BusMessage, OutboxEntry } from "../../../src/core/ports.ts"
import { deliverForgotten, deliverRowOrKeep, redeliverOrKeep, speaksOf } from "../../../src/core/run/deliver.ts"
import { parkedWork, redriveAll } from "../../../src/core/run/parkedWork.ts"
import { at, kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"

/** A committed command that no reader of the outbox has handled, and a bus that can be broken. */
async function committed() {
  const k = kernel()
  const accountId = randomUUID()
  const stream = `${accountId}/account/${accountId}`
  const asked = request(account.OpenAccount({ accountId, name: "Ada's", slug: `s${accountId.slice(0, 8)}` }), ada)
  await k.ask(asked)
  const key = commandKey(asked.info)
  const entry = async (_stream: string, wanted: string): Promise<OutboxEntry | undefined> => {
    const row = k.events.outbox.find(({ info }) => commandKey(info) === wanted)
    return row && { stream, key: wanted, row }
  }
  const published: BusMessage[] = []
  const bus = { broken: false }
  const publish = async (messages: readonly BusMessage[]) => {
    if (bus.broken) throw new Error("the bus is down")
    published.push(...messages)
  }
  const ports = {
    ...k.ports,
    ...k.viewPorts,
    parking: k.events.parking,
    publisher: { publish },
    outbox: { markPublished: async () => {}, entry },
    deliveries: memoryDeliveries(entry),
  }
  const receipt = () => k.track.receipt(ada, asked.info.commandId, ada)
  return { k, ports, stream, key, bus, published, receipt }
}

describe("a row that a reader of the outbox gave up", () => {
  test("is delivered by its key", async () => {
    const { ports, stream, key, published, receipt } = await committed()
    expect(await deliverRowOrKeep(ports, { stream, key })).toBe("delivered")
    expect(published.map(({ event }) => event.id)).toEqual([`${stream}/1`])
    expect(receipt()).toMatchObject({ status: "PROJECTED" })
  })

  test("that fails again is kept, and its receipt and trace say why until it is released", async () => {
    const { k, ports, stream, key, bus, receipt } = await committed()
    bus.broken = true
    expect(await deliverRowOrKeep(ports, { stream, key })).toBe("kept")
    expect(receipt()).toMatchObject({ status: "PARKED", reason: "Error: the bus is down" })
    const pushed = (status: string) => k.pushed.filter(item => (item as { status?: string }).status === status).length
    expect(pushed("PARKED")).toBe(1)
    expect(k.track.steps.map(({ step }) => step)).toContain("failed")
    expect((await parkedWork(ports, {})).items).toMatchObject([
      { kind: "delivery", stream, cause: "Error: the bus is down", waiting: [{ type: "accounts.OpenAccount" }] },
    ])
    expect(await redriveAll(ports, stream, "support", "9999")).toMatchObject({ status: "PARKED", released: 0, left: 1 })
    bus.broken = false
    expect(await redriveAll(ports, stream, "support", "9999")).toMatchObject({ status: "RELEASED", released: 1 })
    expect(receipt()).toMatchObject({ status: "PROJECTED" })
    expect((await parkedWork(ports, {})).items).toEqual([])
  })

  test("that has gone is nothing to do", async () => {
    const { ports, stream } = await committed()
    expect(await deliverRowOrKeep(ports, { stream, key: "gone" })).toBe("gone")
  })
})

describe("a sweep over rows that wait", () => {
  const sweep = async (entryOf: (key: string) => OutboxEntry | undefined) => {
    const found = await committed()
    const { ports, stream, key } = found
    const unpublished = async () => ["broken", key].map(one => ({ stream, key: one }))
    const outbox = {
      ...ports.outbox,
      unpublished,
      entry: async (at: string, one: string) => (one === "broken" ? entryOf(one) : ports.outbox.entry(at, one)),
    }
    const failed = await deliverForgotten({ ...ports, outbox }, "2026", "9999")
    return { ...found, failed, listed: (await parkedWork(ports, {})).items }
  }

  test("sets aside the one that nobody can read, and delivers the others, views too", async () => {
    const { failed, listed, published, receipt } = await sweep(() => {
      throw new PoisonedError("it cannot be read", "no JSON")
    })
    expect(published).toHaveLength(1)
    expect(receipt()).toMatchObject({ status: "PROJECTED" })
    expect(listed).toMatchObject([{ kind: "delivery", cause: "it cannot be read: no JSON" }])
    expect(failed).toEqual([])
  })

  test("leaves one that fails for now to the next sweep, says so, and delivers the others", async () => {
    const { failed, listed, published } = await sweep(() => {
      throw new Error("throttled")
    })
    expect(published).toHaveLength(1)
    expect(listed).toEqual([])
    expect(failed).toMatchObject([{ key: "broken", error: "Error: throttled" }])
  })

  test("stops at its deadline", async () => {
    const { ports, stream, key, published } = await committed()
    const outbox = { ...ports.outbox, unpublished: async () => [{ stream, key }] }
    await deliverForgotten({ ...ports, outbox }, "2026", ports.now())
    expect(published).toEqual([])
  })
})

describe("a message that a function gave up", () => {
  test("goes on the bus again once, under its own id, and is kept when it comes back", async () => {
    const { k, ports, stream, published } = await committed()
    const [row] = k.events.outbox
    const [message] = row === undefined ? [] : messagesOf(k.ports.app, row)
    if (message === undefined) throw new Error("nothing was committed")
    expect(await redeliverOrKeep(ports, message, "recorder", "it broke")).toBe("redelivered")
    const [again] = published
    expect(again?.event.id).toBe(message.event.id)
    expect(await redeliverOrKeep(ports, again ?? message, "recorder", "it broke")).toBe("kept")
    expect((await parkedWork(ports, {})).items).toMatchObject([{ stream, cause: "recorder: it broke", version: 1 }])
    expect(await redriveAll(ports, stream, "support", "9999")).toMatchObject({ status: "RELEASED", released: 1 })
    expect(published).toHaveLength(2)
  })

  test("that is kept says in its trace by whom and why, and goes out as it came when it is released", async () => {
    const { k, ports, published } = await committed()
    const about_ = { id: "m", type: "accounts.InviteMember", traceid: "t", tenant: "tenant", actor: ada }
    const event = { ...about_, actoremail: "ada@example.org", data: { email: "c@example.org" } }
    const message: BusMessage = { channel: "actor", event: { ...event, redelivered: 1 } }
    expect(await redeliverOrKeep(ports, message, "recorder", "it broke")).toBe("kept")
    expect(k.track.steps.at(-1)).toStrictEqual({
      ...{ traceId: "t", step: "failed", causeId: "m", component: "recorder", at, message: "it broke" },
    })
    const [kept] = await ports.deliveries.of("tenant")
    expect(JSON.stringify(kept)).not.toContain("example.org")
    expect(kept?.what).toMatchObject({ message: { event: { data: { subject: ada } } } })
    expect(await redriveAll(ports, "tenant", "support", "9999")).toMatchObject({ released: 1 })
    expect(published.at(-1)).toEqual({ channel: "actor", event: { ...event, redelivered: 1 } })
  })

  test("of no actor's words is kept as it came", async () => {
    const { ports, published } = await committed()
    const event = { id: "m", type: "accounts.X", traceid: "t", subject: "t/account/1", data: { a: 1 }, redelivered: 1 }
    await redeliverOrKeep(ports, { channel: "domain", event }, "recorder", "it broke")
    expect((await ports.deliveries.of("t/account/1")).map(({ what }) => what)).toEqual([
      { kind: "message", message: { channel: "domain", event } },
    ])
    await redriveAll(ports, "t/account/1", "support", "9999")
    expect(published.at(-1)).toEqual({ channel: "domain", event })
  })

  test("that cannot be opened stays, and says so", async () => {
    const { ports } = await committed()
    const deliveries = {
      ...ports.deliveries,
      of: async () => [{ stream: "t/account/1", key: "k", cause: "sealed", at }],
    }
    expect(await redriveAll({ ...ports, deliveries }, "t/account/1", "support", "9999")).toEqual({
      stream: "t/account/1",
      status: "PARKED",
      released: 0,
      left: 1,
      cause: "Error: t/account/1 k cannot be opened",
    })
    expect(await redriveAll({ ...ports, deliveries }, "t/account/1", "support", at)).toEqual({
      ...{ stream: "t/account/1", status: "RELEASING", released: 0, left: 1 },
    })
  })

  test("speaks of whom its sender names, and of its sender", () => {
    const event = { id: "m", type: "accounts.X", actor: ada, data: { email: "Bob@example.org" } }
    const says = (text: string, channel: BusMessage["channel"] = "actor") => speaksOf({ channel, event }, text)
    expect([says("bob@EXAMPLE.org"), says(ada), says("carol"), says(ada, "domain")]).toEqual([true, true, false, false])
  })

  test("rests without what is personal in an actor's words", async () => {
    const { ports } = await committed()
    const event = { id: "m", type: "accounts.InviteMember", traceid: "t", tenant: "tenant", actor: ada, redelivered: 1 }
    const message: BusMessage = { channel: "actor", event: { ...event, data: { email: "c@example.org" } } }
    await redeliverOrKeep(ports, message, "recorder", "it broke")
    expect(JSON.stringify(await ports.deliveries.of("tenant"))).not.toContain("c@example.org")
  })
})
