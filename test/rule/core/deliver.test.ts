import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { memoryDeliveries } from "../../../src/adapters/memory/deliveries.ts"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { messagesOf } from "../../../src/core/cloudEvent.ts"
import { commandKey } from "../../../src/core/outcome.ts"
import { PoisonedError } from "../../../src/core/poisoned.ts"
import type { BusMessage, OutboxEntry } from "../../../src/core/ports.ts"
import { deliverForgotten, deliverRowOrKeep, redeliverOrKeep } from "../../../src/core/run/deliver.ts"
import { parkedWork, redriveAll } from "../../../src/core/run/parkedWork.ts"
import { kernel, request } from "./kernel.ts"

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

  test("rests without what is personal in an actor's words", async () => {
    const { ports } = await committed()
    const event = { id: "m", type: "accounts.InviteMember", traceid: "t", tenant: "tenant", actor: ada, redelivered: 1 }
    const message: BusMessage = { channel: "actor", event: { ...event, data: { email: "c@example.org" } } }
    await redeliverOrKeep(ports, message, "recorder", "it broke")
    expect(JSON.stringify(await ports.deliveries.of("tenant"))).not.toContain("c@example.org")
  })
})
