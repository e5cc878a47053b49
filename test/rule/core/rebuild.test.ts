import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { app } from "../../../src/contexts/index.ts"
import { canonicalJson } from "../../../src/core/json.ts"
import { builtFrom } from "../../../src/core/run/forget.ts"
import { rebuild } from "../../../src/core/run/rebuild.ts"
import { reconcile } from "../../../src/core/run/reconcile.ts"
import { verify } from "../../../src/core/run/verify.ts"
import type { Rebuild } from "../../../src/core/upkeep.ts"
import { request } from "./kernel.ts"
import { accountId, ada, world } from "./upkeep.ts"

type World = Awaited<ReturnType<typeof world>>

const rows = (w: World) => canonicalJson(w.views.rows().filter(({ row }) => row !== null))
const counts = { partition: `${accountId}/accountCounts.1`, sort: "." }
const stream = `${accountId}/account/${accountId}`

async function whole(w: World, view: string, dryRun = false): Promise<Rebuild> {
  let now = await rebuild(w.ports, { view, action: "start", dryRun })
  while (now.status === "RUNNING") now = await rebuild(w.ports, { view, action: "next", limit: 1 })
  return now
}

/** Breaks rows of a view in every way: one is lost, one says something else. */
function breakRows(w: World) {
  const found = w.views.rows().filter(({ partition }) => partition.includes("/members.1"))
  for (const row of found) w.views.plant(row, { ...row, row: { ...row.row, role: "viewer" } })
  for (const row of w.views.rows().filter(({ partition }) => partition.includes("/invitations.1")))
    w.views.plant(row, undefined)
}

describe("a rebuild", () => {
  test("of what is right writes nothing", async () => {
    const w = await world()
    const before = rows(w)
    for (const view of ["account", "members", "invitations", "accountCounts"])
      expect(await whole(w, view)).toMatchObject({ status: "DONE", written: 0, found: {} })
    expect(rows(w)).toBe(before)
  })

  test("brings every row to what the events say", async () => {
    const w = await world()
    const before = rows(w)
    breakRows(w)
    expect(rows(w)).not.toBe(before)
    expect(await whole(w, "members")).toMatchObject({ found: { different: 1 } })
    expect(await whole(w, "invitations")).toMatchObject({ found: { missing: 1 } })
    expect(JSON.parse(rows(w)).length).toBe(JSON.parse(before).length)
    expect(new Set(JSON.parse(rows(w)).map(canonicalJson))).toEqual(new Set(JSON.parse(before).map(canonicalJson)))
  })

  test("as a dry run tells what differs, by fields, and writes nothing", async () => {
    const w = await world()
    breakRows(w)
    const broken = rows(w)
    const { found, samples } = await whole(w, "members", true)
    expect(found).toEqual({ different: 1 })
    expect(samples).toEqual([{ view: "members.1", stream, kind: "different", fields: ["role"] }])
    expect(rows(w)).toBe(broken)
  })

  test("says before it starts what it will cost", async () => {
    const w = await world()
    const { estimate } = await rebuild(w.ports, { view: "members", action: "start" })
    expect(estimate).toMatchObject({ streams: 1, events: 1 })
    expect(estimate.dollars).toBeGreaterThan(0)
  })

  test("waits while it is paused, and goes on where it stood", async () => {
    const w = await world()
    await rebuild(w.ports, { view: "invitations", action: "start" })
    await rebuild(w.ports, { view: "invitations", action: "pause" })
    expect(await rebuild(w.ports, { view: "invitations", action: "next" })).toMatchObject({
      status: "PAUSED",
      streams: 0,
    })
    await expect(rebuild(w.ports, { view: "invitations", action: "start" })).rejects.toThrow("paused already")
    await rebuild(w.ports, { view: "invitations", action: "resume" })
    expect(await rebuild(w.ports, { view: "invitations", action: "next" })).toMatchObject({
      status: "DONE",
      streams: 1,
    })
  })

  test("of a view that does not exist names those that do", async () => {
    const w = await world()
    await expect(rebuild(w.ports, { view: "nothing", action: "start" })).rejects.toThrow(/no view nothing; there are/)
  })

  test("computes a projection row from all of its streams", async () => {
    const w = await world()
    const right = (await w.views.progress("accountCounts.1", counts, "")).row
    const { revision, streams } = await w.views.progress("accountCounts.1", counts, "")
    await w.views.rewrite({
      projection: "accountCounts.1",
      key: counts,
      row: { accountId, members: 7 },
      revision,
      streams,
      setBack: [],
    })
    expect(await whole(w, "accountCounts")).toMatchObject({ written: 1, found: { different: 1 } })
    expect((await w.views.progress("accountCounts.1", counts, "")).row).toEqual(right)
  })

  test("loses no event that a projection hears of meanwhile", async () => {
    const w = await world()
    const bob = "bob-000000000000000000000"
    const { revision, streams } = await w.views.progress("accountCounts.1", counts, "")
    const wrong = { accountId, members: 7, openInvitations: 0 }
    await w.views.rewrite({ projection: "accountCounts.1", key: counts, row: wrong, revision, streams, setBack: [] })
    let disturbed = false
    const views: World["views"] = {
      ...w.views,
      async rewrite(change) {
        if (!disturbed) {
          disturbed = true
          await w.ask(request(account.AddOwner({ accountId, personId: bob }), "policy", { automation: true }))
          await w.settle()
        }
        return w.views.rewrite(change)
      },
    }
    let now = await rebuild({ ...w.ports, views }, { view: "accountCounts", action: "start" })
    while (now.status === "RUNNING")
      now = await rebuild({ ...w.ports, views }, { view: "accountCounts", action: "next" })
    expect((await w.views.progress("accountCounts.1", counts, "")).row).toMatchObject({ members: 2 })
    expect(await whole(w, "accountCounts", true)).toMatchObject({ found: {} })
  })

  test("does not trust a directory that does not list a stream yet", async () => {
    const w = await world()
    let looks = 0
    const directory: World["ports"]["directory"] = {
      ...w.ports.directory,
      async *part(aggregate, ...rest) {
        if (aggregate === "invitation" && looks++ < 40) return
        yield* w.ports.directory.part(aggregate, ...rest)
      },
    }
    expect(await verify({ ...w.ports, directory }, { view: "accountCounts", heal: true })).toMatchObject({ found: {} })
  })
})

describe("to verify", () => {
  test("a sample finds and heals drift", async () => {
    const w = await world()
    breakRows(w)
    expect(await verify(w.ports, { view: "members", sample: 5 })).toMatchObject({ streams: 1, written: 0 })
    expect(await verify(w.ports, { view: "members", sample: 5, heal: true })).toMatchObject({ found: { different: 1 } })
    expect(await verify(w.ports, { view: "members", sample: 5 })).toMatchObject({ found: {} })
  })

  test("names a stream that cannot be folded", async () => {
    const w = await world()
    for await (const event of w.events.read(stream, 1)) w.events.plant({ ...event, type: "NotYetInvented" })
    expect(await verify(w.ports, { view: "account" })).toMatchObject({ found: { unfoldable: 1 } })
  })
})

describe("to reconcile after a restore", () => {
  test("brings rows that are ahead back to the event store, and only those", async () => {
    const w = await world()
    const before = rows(w)
    await w.ask(request(account.RenameAccount({ accountId, name: "Two" }), ada))
    await w.settle()
    const read: World["ports"]["events"]["read"] = async function* (one, from, to) {
      for await (const event of w.ports.events.read(one, from, to))
        if (one !== stream || event.info.version < 2) yield event
    }
    const ports = { ...w.ports, events: { ...w.ports.events, read } }
    let done = await reconcile(ports)
    const slices = [done]
    while (done.next !== undefined) {
      done = await reconcile(ports, done.next)
      slices.push(done)
    }
    expect(slices.reduce((sum, { ahead }) => sum + ahead, 0)).toBe(builtFrom(app, stream).length)
    expect(new Set(JSON.parse(rows(w)).map(canonicalJson))).toEqual(new Set(JSON.parse(before).map(canonicalJson)))
    expect(await w.views.progress("accountCounts.1", counts, stream)).toMatchObject({ version: 1 })
  })

  test("forgets again whom a backup brought back", async () => {
    const w = await world()
    await w.ports.upkeep.addForgotten("email:bob@example.org", "2026-01-01T00:00:00.000Z")
    expect(await reconcile(w.ports)).toMatchObject({ shreddedAgain: 1, forgotten: 1 })
    expect(JSON.stringify(w.views.rows())).not.toContain("bob@example.org")
  })
})
