import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { memoryDeliveries } from "../../../src/adapters/memory/deliveries.ts"
import { memoryViewStore } from "../../../src/adapters/memory/viewStore.ts"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { app } from "../../../src/contexts/index.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import { masked } from "../../../src/core/personal.ts"
import { awaitOutcome } from "../../../src/core/run/awaitOutcome.ts"
import { compute } from "../../../src/core/run/compute.ts"
import { HistoryQuestion, history, maskedEvent } from "../../../src/core/run/history.ts"
import { type ParkedItem, parkedWork } from "../../../src/core/run/parkedWork.ts"
import { prepare } from "../../../src/core/run/prepareCommand.ts"
import { at, kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"
const asker = { actor: "support-person", now: at }

describe("the history of an aggregate", () => {
  async function renamed(names: readonly string[]) {
    const k = kernel()
    const id = randomUUID()
    const slug = `s${id.slice(0, 8)}`
    await k.ask(request(account.OpenAccount({ accountId: id, name: "One", slug, displayName: "Ada" }), ada))
    for (const name of names) await k.ask(request(account.RenameAccount({ accountId: id, name }), ada))
    const stream = `${id}/account/${id}`
    const seen = (more: Partial<HistoryQuestion> = {}) =>
      history(app, k.events, { aggregate: "account", id, ...more }, asker)
    return { k, id, slug, stream, seen, events: (await k.events.load(stream, "")).events }
  }
  const versions = (found: Awaited<ReturnType<typeof history>>) => found?.events.map(({ version }) => version)

  test("is every event and the state after the last, personal values masked", async () => {
    const { id, slug, stream, seen, events } = await renamed(["Two"])
    const found = await seen()
    expect(found).toMatchObject({ stream, version: 2 })
    expect(JSON.parse(found?.state ?? "")).toMatchObject({ status: "open", name: "Two", slug })
    expect(found?.state).not.toContain("Ada")
    expect(found?.events).toEqual(
      events.map(({ type, data, info }) => ({
        version: info.version,
        type,
        data: JSON.stringify({ ...data, ...("ownerName" in data ? { ownerName: masked } : {}) }),
        at: info.time,
        actor: ada,
        traceId: info.traceId,
        commandId: info.commandId,
      })),
    )
    expect(await seen({ tenant: id })).toEqual(found)
  })

  test("ends at a version or a time, and lists the last of its events", async () => {
    const { k, events, seen } = await renamed(["Two", "Three"])
    for (const [index, event] of events.entries())
      k.events.plant({ ...event, info: { ...event.info, time: `2026-11-0${index + 1}T10:00:00.000Z` } })
    expect(await seen({ atVersion: 2 })).toMatchObject({ version: 2 })
    expect(versions(await seen({ atVersion: 2, limit: 1 }))).toEqual([2])
    expect(versions(await seen({ atTime: "2026-11-02T10:00:00Z" }))).toEqual([1, 2])
    expect(versions(await seen({ atTime: "2026-11-02T09:59:59Z" }))).toEqual([1])
    expect(await seen({ atTime: "2026-10-31T00:00:00Z" })).toBeNull()
    expect(versions(await seen({ limit: 2 }))).toEqual([2, 3])
    expect(JSON.parse((await seen({ limit: 1 }))?.state ?? "")).toMatchObject({ name: "Three" })
    expect(versions(await seen({ limit: null, atVersion: null, atTime: null }))).toEqual([1, 2, 3])
  })

  test("lists a hundred events unless asked for others", async () => {
    const { seen } = await renamed(Array.from({ length: 100 }, (_, n) => `Name ${n}`))
    expect(versions(await seen())).toHaveLength(100)
    expect(versions(await seen({ limit: 101 }))).toHaveLength(101)
  })

  test("folds up to the first event that this code does not know, and lists the others without their values", async () => {
    const { k, events, seen } = await renamed(["Two", "Three"])
    const [, second] = events as [StoredEvent, StoredEvent]
    k.events.plant({ ...second, type: "AccountBewitched", data: { spell: "abracadabra" } })
    const found = await seen()
    expect(found?.version).toBe(1)
    expect(JSON.parse(found?.state ?? "")).toMatchObject({ name: "One" })
    expect(versions(found)).toEqual([1, 2, 3])
    expect(found?.events[1]).toMatchObject({ type: "AccountBewitched", data: JSON.stringify({ spell: masked }) })
  })

  test("of what never happened is nothing, and of what cannot happen an error", async () => {
    const { seen } = await renamed([])
    expect(await seen({ id: randomUUID() })).toBeNull()
    await expect(seen({ aggregate: "dragon" })).rejects.toThrow("there is no aggregate dragon")
    expect(HistoryQuestion.safeParse({ aggregate: "account", id: "x", atVersion: "1" }).success).toBe(false)
    expect(maskedEvent(undefined, "Burnt", { a: 1 })).toEqual({ a: masked })
  })
})

describe("a computed query", () => {
  const accountId = "account-00000000000000001"
  const now = "2026-11-30T00:00:00.000Z"

  test("is answered from the rows that it reads", async () => {
    const views = memoryViewStore()
    const row = {
      accountId,
      indexes: { books: { months: { "2026-11": { "storage/marqo.basic": 24 } }, running: null } },
    }
    const key = { partition: `${accountId}/indexUsage.1`, sort: "." }
    views.plant(key, { ...key, row, source: "s", version: 1 })
    expect(await compute(app, views, "accountCost", { accountId, month: null }, now)).toMatchObject({
      month: "2026-11",
      currentCents: 142,
    })
    expect(await compute(app, memoryViewStore(), "accountCost", { accountId }, now)).toMatchObject({ currentCents: 0 })
  })

  test("without arguments is asked with none", async () => {
    const price = { hourMillionths: expect.any(Number) }
    expect(await compute(app, memoryViewStore(), "indexCostEstimate", undefined, now)).toMatchObject(price)
    expect(await compute(app, memoryViewStore(), "indexCostEstimate", { settings: null }, now)).toMatchObject(price)
  })

  test("that does not exist is refused; one that is asked what it does not take says so", async () => {
    await expect(compute(app, memoryViewStore(), "nothing", {}, now)).rejects.toThrow("there is no query nothing")
    const wrong = { settings: { numberOfShards: -1 } }
    expect(await compute(app, memoryViewStore(), "indexCostEstimate", wrong, now)).toEqual({
      notValid: expect.stringMatching(/^settings\.numberOfShards: /),
    })
  })
})

describe("whoever waits for an outcome", () => {
  async function waiting(decide: "never" | "first" = "first") {
    const k = kernel()
    const accountId = randomUUID()
    const asked = request(account.OpenAccount({ accountId, name: "One", slug: `s${accountId.slice(0, 8)}` }), ada)
    if (decide === "first") await k.ask(asked)
    const { payloadHash } = prepare(k.ports, asked)
    const looks: number[] = []
    const wait = (
      onLook: (attempt: number) => Promise<unknown> = async () => {},
      hash = payloadHash,
      info = asked.info,
    ) => {
      const pause = async (attempt: number) => {
        looks.push(attempt)
        await onLook(attempt)
      }
      const ports = { events: k.events, receipts: k.track, pause, expired: () => looks.length >= 3 }
      return awaitOutcome(ports, info, hash)
    }
    return { k, asked, accountId, looks, wait }
  }

  test("is answered once the views show it", async () => {
    const { k, looks, wait } = await waiting()
    const outcome = await wait(async attempt => attempt === 2 && k.project())
    expect(outcome).toMatchObject({ status: "COMMITTED", version: 1 })
    expect(looks).toEqual([1, 2])
    expect(await wait()).toMatchObject({ status: "COMMITTED" })
    expect(looks).toEqual([1, 2])
  })

  test("is answered when the time is over, for it took effect", async () => {
    const { wait, looks } = await waiting()
    expect(await wait()).toMatchObject({ status: "COMMITTED" })
    expect(looks).toEqual([1, 2, 3])
  })

  test("is told of a refusal at once", async () => {
    const { k, accountId, looks } = await waiting()
    const again = request(account.RemoveOwner({ accountId, personId: ada }), ada)
    await k.ask(again)
    const ports = { events: k.events, receipts: k.track, pause: async () => void looks.push(0), expired: () => false }
    expect(await awaitOutcome(ports, again.info, prepare(k.ports, again).payloadHash)).toMatchObject({
      rejection: { code: "LastOwner" },
    })
    expect(looks).toEqual([])
  })

  test("is late when nothing was decided, and refused when the id was another command's", async () => {
    const { wait, asked } = await waiting("never")
    expect(await wait()).toBe("late")
    const decided = await waiting()
    expect(await decided.wait(undefined, "another")).toMatchObject({
      status: "REJECTED",
      version: 0,
      rejection: { code: "CommandIdReused" },
    })
    expect(asked.info.commandId).not.toBe(decided.asked.info.commandId)
  })
})

describe("what is set aside", () => {
  async function aside() {
    const k = kernel()
    const deliveries = memoryDeliveries(async () => undefined)
    for (const name of ["a", "b"])
      await k.events.parking.park({ stream: `t/account/${name}`, version: 1, cause: name, at, arrived: 0 })
    for (const id of ["c", "d", "e"])
      await deliveries.keepMessage(
        { stream: `t/account/${id}`, cause: id, at },
        {
          channel: "domain",
          event: { id, type: "accounts.X", traceid: "trace", commandid: "command", actor: ada, time: at },
        },
      )
    const page = (limit: number | null = null, nextToken: string | null = null) =>
      parkedWork({ parking: k.events.parking, deliveries }, { limit, nextToken })
    const pages = async (limit: number) => {
      const found: (readonly ParkedItem[])[] = []
      let token: string | undefined
      do {
        const { items, nextToken } = await page(limit, token)
        found.push(items)
        token = nextToken
      } while (token !== undefined && found.length < 10)
      return found.map(items => items.map(({ cause }) => cause))
    }
    return { k, page, pages }
  }

  test("is listed page by page, streams first", async () => {
    const { pages, page } = await aside()
    expect((await pages(25)).map(causes => causes.sort())).toEqual([["a", "b", "c", "d", "e"]])
    expect((await page()).items.map(({ kind }) => kind)).toEqual([
      ...["stream", "stream"],
      ...Array(3).fill("delivery"),
    ])
    expect((await page(null, null)).items).toHaveLength(5)
    for (const limit of [1, 2, 3, 4]) {
      const found = await pages(limit)
      expect(found.flat().sort(), String(limit)).toEqual(["a", "b", "c", "d", "e"])
      for (const causes of found) expect(causes.length).toBeLessThanOrEqual(limit)
    }
    expect((await page(0)).items).toHaveLength(1)
    expect((await page(-5)).items).toHaveLength(1)
  })

  test("says what waits and since when", async () => {
    const { page } = await aside()
    const { items } = await page()
    expect(items.find(({ cause }) => cause === "a")).toEqual({
      ...{ kind: "stream", stream: "t/account/a", cause: "a", at, version: 1, waiting: [] },
    })
    expect(items.find(({ cause }) => cause === "c")).toStrictEqual({
      ...{ kind: "delivery", stream: "t/account/c", cause: "c", at },
      waiting: [{ type: "accounts.X", traceId: "trace", commandId: "command", actor: ada, at }],
    })
  })
})

test("an invitation is told by its own words", () => {
  const invite = invitation.InviteMember({ accountId: ada, invitationId: ada, email: "b@example.org", role: "viewer" })
  expect(prepare(kernel().ports, request(invite, ada)).stream).toBe(`${ada}/invitation/${ada}`)
})
