import { describe, expect, test } from "vitest"
import { sha256 } from "../../../src/adapters/secrets/secret.ts"
import { commands as billing } from "../../../src/contexts/billing/billingAccount.ts"
import { invoiceHook } from "../../../src/contexts/billing/invoiceHook.ts"
import { app } from "../../../src/contexts/index.ts"
import { cloudEventToCommand } from "../../../src/core/cloudEvent.ts"
import type { BusMessage } from "../../../src/core/ports.ts"
import { type ReplayOrder, replay } from "../../../src/core/run/replay.ts"
import { takeNotice } from "../../../src/core/run/takeNotice.ts"
import { at, kernel, request } from "./kernel.ts"
import { accountId, world } from "./upkeep.ts"

const mailing = "mailInvitationOnMemberInvited"

async function replaying(expired = false) {
  const w = await world()
  const published: BusMessage[] = []
  const publisher = { publish: async (messages: readonly BusMessage[]) => void published.push(...messages) }
  const ports = { ...w.ports, publisher, expired: () => expired }
  return { w, published, order: (order: ReplayOrder) => replay(ports, order) }
}

describe("a replay", () => {
  test("to an automation publishes the events that it listens to, for it alone", async () => {
    const { published, order } = await replaying()
    expect(await order({ to: mailing })).toEqual({ streams: 1, events: 1 })
    expect(published).toMatchObject([
      { channel: "replay", to: mailing, event: { type: "accounts.MemberInvited", streamversion: 1 } },
    ])
  })

  test("to a view brings its rows to what the events say, and publishes nothing", async () => {
    const { w, published, order } = await replaying()
    const [row] = w.views.rows().filter(({ partition }) => partition.includes("/members.1"))
    if (row === undefined) throw new Error("there is no member")
    w.views.plant(row, { ...row, row: { ...row.row, role: "viewer" } })
    expect(await order({ to: "members" })).toEqual({ streams: 1, events: 1 })
    expect((await w.views.get(row))?.row).toEqual(row.row)
    expect(published).toEqual([])
  })

  test("to track & trace notes every event again", async () => {
    const { w, order } = await replaying()
    expect(await order({ to: "trackAndTrace" })).toEqual({ streams: 2, events: 2 })
    expect(
      w.track.steps
        .filter(({ step }) => step === "event")
        .map(({ component }) => component)
        .sort(),
    ).toEqual(["accounts.AccountOpened", "accounts.MemberInvited"])
  })

  test("is of one aggregate, one type or one time when told so", async () => {
    const { order } = await replaying()
    const events = async (more: Partial<ReplayOrder>) => (await order({ to: "trackAndTrace", ...more })).events
    expect(await events({ aggregate: "account" })).toBe(1)
    expect(await events({ type: "MemberInvited" })).toBe(1)
    expect(await events({ type: "Nothing" })).toBe(0)
    expect(await events({ from: at })).toBe(2)
    expect(await events({ from: "2026-11-01T10:00:00.001Z" })).toBe(0)
    expect(await events({ until: at })).toBe(0)
    expect(await events({ until: "2026-11-01T10:00:00.001Z", from: "2026-01-01T00:00:00Z" })).toBe(2)
    expect(await events({ until: "2026-11-01T10:00:00.001Z", type: "Nothing" })).toBe(0)
    await expect(order({ to: "members", aggregate: "invitation" })).rejects.toThrow(
      "members does not listen to invitation; it does to account",
    )
    await expect(order({ to: "nothing" })).rejects.toThrow("there is no view nothing")
  })

  test("goes on where a slice ended", async () => {
    const { order } = await replaying()
    const first = await order({ to: "trackAndTrace", limit: 1 })
    expect(first).toMatchObject({ streams: 1, events: 1, cursor: expect.any(String) })
    const second = await order({ to: "trackAndTrace", ...(first.cursor ? { cursor: first.cursor } : {}) })
    expect(second).toEqual({ streams: 1, events: 1 })
    const late = await replaying(true)
    expect(await late.order({ to: "trackAndTrace" })).toMatchObject({ streams: 1, cursor: expect.any(String) })
  })
})

describe("a notice of a service outside", () => {
  const data = { id: "in_1", customer: "cus_1", status: "open", amount_due: 1, currency: "usd" }
  const notice = { id: "evt_1", type: "invoice.paid", data }

  async function noticing() {
    const k = kernel()
    const tell = (command: Parameters<typeof request>[0]) =>
      k.ask({ ...request(command, "policy", { automation: true }), type: `billing.${command.type}` })
    await tell(billing.OpenBilling({ accountId }))
    await tell(billing.RecordCustomer({ accountId, customerId: "cus_1" }))
    await k.project()
    const published: BusMessage[] = []
    let ids = 0
    const ports = {
      app,
      views: k.views,
      publisher: { publish: async (messages: readonly BusMessage[]) => void published.push(...messages) },
      hash: sha256,
      newId: () => `id-${ids++}`,
      now: () => at,
    }
    return { published, take: (told = notice) => takeNotice(ports, invoiceHook, told) }
  }

  test("asks for its command, the same whenever it is told", async () => {
    const { published, take } = await noticing()
    expect([await take(), await take()]).toEqual(["asked", "asked"])
    const [first, second] = published.map(({ event }) => cloudEventToCommand(event))
    expect(published[0]?.channel).toBe("actor")
    expect(first).toMatchObject({
      type: "billing.RecordInvoice",
      data: { accountId, invoiceId: "in_1", url: null },
      info: {
        commandId: sha256("stripe/evt_1"),
        hops: 0,
        actor: { id: "automation:stripe", kind: "automation", groups: [] },
        tenant: accountId,
        time: at,
      },
    })
    expect(second?.info.commandId).toBe(first?.info.commandId)
    expect(second?.info.id).not.toBe(first?.info.id)
  })

  test("about nobody, somebody unknown or nothing that matters asks for nothing", async () => {
    const { published, take } = await noticing()
    expect(await take({ ...notice, type: "charge.paid" })).toBe("nothing")
    expect(await take({ ...notice, data: { ...data, customer: "cus_2" } })).toBe("nothing")
    const silent = { ...invoiceHook, command: () => undefined }
    const ports = { app, views: kernel().views, publisher: { publish: async () => {} } }
    const more = { hash: sha256, newId: () => "id", now: () => at }
    expect(await takeNotice({ ...ports, ...more }, silent, notice)).toBe("nothing")
    expect(published).toEqual([])
  })
})
