import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { accountCounts } from "../../../src/contexts/accounts/accountCounts.ts"
import { accountView } from "../../../src/contexts/accounts/accountView.ts"
import { indexUsage } from "../../../src/contexts/billing/indexUsage.ts"
import { app } from "../../../src/contexts/index.ts"
import { directoryShards } from "../../../src/core/directory.ts"
import { type CheckProjectionPorts, checkProjection, rowOf } from "../../../src/core/run/checkProjection.ts"
import { checkView, foldAll } from "../../../src/core/run/checkView.ts"
import { aggregatesOf, builtNamed } from "../../../src/core/run/sweep.ts"
import { request } from "./kernel.ts"
import { accountId, ada, invitationId, world } from "./upkeep.ts"

type World = Awaited<ReturnType<typeof world>>
const stream = `${accountId}/account/${accountId}`
const _invitationStream = `${accountId}/invitation/${invitationId}`
const key = { partition: `${accountId}/accountCounts.1`, sort: "." }
const name = "accountCounts.1"
const other = (n: number) => `account-0000000000000000${n}`

const checkCounts = (w: World, heal = false, more: Partial<CheckProjectionPorts> = {}) =>
  checkProjection({ ...w.ports, ...more }, accountCounts, stream, { heal })

async function write(w: World, row: Record<string, unknown> | undefined, streams?: number) {
  const known = await w.views.progress(name, key, stream)
  await w.views.rewrite({
    ...{ projection: name, key, row, revision: known.revision, streams: streams ?? known.streams, setBack: [] },
  })
}

describe("a projection row that is checked", () => {
  test("and right is left alone", async () => {
    const w = await world()
    const before = await w.views.progress(name, key, stream)
    expect(await checkCounts(w, true)).toEqual({ streams: 2, rows: 1, written: 0, differences: [] })
    expect(await w.views.progress(name, key, stream)).toEqual(before)
    expect(before).toMatchObject({ streams: 2, version: 1, row: { accountId, members: 1, openInvitations: 1 } })
  })

  test("and says something else differs by its fields, and is healed", async () => {
    const w = await world()
    await write(w, { accountId, members: 7, openInvitations: 1, more: true })
    const differences = [{ view: name, stream, kind: "different", fields: ["members", "more"] }]
    expect(await checkCounts(w)).toEqual({ streams: 2, rows: 1, written: 0, differences })
    expect(await checkCounts(w, true)).toEqual({ streams: 2, rows: 1, written: 1, differences })
    expect((await w.views.progress(name, key, stream)).row).toEqual({ accountId, members: 1, openInvitations: 1 })
  })

  test("and has counted its streams wrong is healed, and says so", async () => {
    const w = await world()
    await write(w, { accountId, members: 1, openInvitations: 1 }, 5)
    const differences = [{ view: name, stream, kind: "different", fields: ["streams"] }]
    expect((await checkCounts(w)).differences).toEqual(differences)
    expect((await checkCounts(w, true)).written).toBe(1)
    expect((await w.views.progress(name, key, stream)).streams).toBe(2)
  })

  test("and is not there, or was written for nothing, is told and healed", async () => {
    const w = await world()
    await write(w, undefined)
    expect(await checkCounts(w)).toMatchObject({ rows: 0, differences: [{ view: name, stream, kind: "missing" }] })
    await checkCounts(w, true)
    expect((await checkCounts(w)).differences).toEqual([])
  })

  test("and is behind one of its streams hears the rest", async () => {
    const w = await world()
    await w.ask(request(account.AddOwner({ accountId, personId: other(9) }), "policy", { automation: true }))
    expect(await checkCounts(w)).toMatchObject({ written: 0, differences: [{ view: name, stream, kind: "behind" }] })
    await checkCounts(w, true)
    expect(await w.views.progress(name, key, stream)).toMatchObject({ version: 2, row: { members: 2 } })
    expect((await checkCounts(w)).differences).toEqual([])
  })

  test("and is ahead of a stream that a restore has cut is set back", async () => {
    const w = await world()
    await w.ask(request(account.AddOwner({ accountId, personId: other(9) }), "policy", { automation: true }))
    await w.settle()
    const read: World["ports"]["events"]["read"] = async function* (one, from, to) {
      for await (const event of w.ports.events.read(one, from, to)) if (event.info.version < 2) yield event
    }
    const events = { ...w.ports.events, read }
    expect((await checkCounts(w, false, { events })).differences).toEqual([{ view: name, stream, kind: "ahead" }])
    expect(await checkCounts(w, true, { events })).toMatchObject({ written: 1 })
    expect(await w.views.progress(name, key, stream)).toMatchObject({ version: 1, row: { members: 1 } })
    expect((await checkCounts(w, false, { events })).differences).toEqual([])
  })

  test("waits for a directory that is behind, and in the end believes it", async () => {
    const w = await world()
    const looks: number[] = []
    const pause = async (attempt: number) => void looks.push(attempt)
    const late = (until: number): World["ports"]["directory"] => ({
      ...w.ports.directory,
      async *part(aggregate, ...rest) {
        if (aggregate !== "invitation" || looks.length >= until) yield* w.ports.directory.part(aggregate, ...rest)
      },
    })
    expect((await checkCounts(w, true, { directory: late(3), pause })).differences).toEqual([])
    expect(looks).toEqual([1, 2, 3])
    looks.length = 0
    expect((await checkCounts(w, false, { directory: late(99), pause })).differences).toEqual([
      { view: name, stream, kind: "different", fields: ["openInvitations", "streams"] },
    ])
    expect(looks).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test("that is written again and again while it is checked gives up", async () => {
    const w = await world()
    await write(w, { accountId, members: 7 })
    let pauses = 0
    const views: World["views"] = { ...w.views, rewrite: async () => "stale" }
    const pause = async () => void pauses++
    await expect(checkCounts(w, true, { views, pause })).rejects.toThrow("was written 20 times")
    expect(pauses).toBe(20)
  })

  test("looks at its own streams only", async () => {
    const w = await world()
    const elsewhere = other(2)
    await w.ask(request(account.OpenAccount({ accountId: elsewhere, name: "Two", slug: "slug-two" }), ada))
    await w.settle()
    expect(await checkCounts(w)).toMatchObject({ streams: 2, differences: [] })
    const asked: (string | undefined)[] = []
    const directory: World["ports"]["directory"] = {
      ...w.ports.directory,
      part(aggregate, shard, after, tenant) {
        asked.push(tenant)
        return w.ports.directory.part(aggregate, shard, after, tenant)
      },
    }
    await checkCounts(w, false, { directory })
    expect(new Set(asked)).toEqual(new Set([accountId]))
    expect(asked).toHaveLength(3 * directoryShards)
    expect(rowOf(indexUsage, `${accountId}/searchIndex/books`).key.partition).toBe(`${accountId}/indexUsage.1`)
  })
})

describe("a view that is checked", () => {
  const snapshotOf = (w: World) => foldAll(w.ports.events, aggregatesOf(builtNamed(app, "account"))[0] as never, stream)
  const checkAccount = (w: World, heal = false, traceless = false) => {
    const [aggregate] = aggregatesOf(builtNamed(app, "account"))
    if (aggregate === undefined) throw new Error("the view has no source")
    return checkView(w.ports, accountView, aggregate, stream, { heal, traceless })
  }
  const rowKeys = (w: World, partition: string) => w.views.rows().filter(row => row.partition.includes(partition))

  test("and has what the events say differs in nothing", async () => {
    const w = await world()
    expect(await checkAccount(w)).toMatchObject({ streams: 1, written: 0, differences: [] })
  })

  test("and lost its row, or one to find it by, is told so and healed", async () => {
    for (const partition of ["/account.1", "unique/account.1"]) {
      const w = await world()
      for (const row of rowKeys(w, partition)) w.views.plant(row, undefined)
      expect((await checkAccount(w)).differences).toContainEqual({ view: "account.1", stream, kind: "missing" })
      expect((await checkAccount(w, true)).written).toBeGreaterThan(0)
      expect((await checkAccount(w)).differences).toEqual([])
    }
  })

  test("and is behind or ahead of its stream is told so", async () => {
    const w = await world()
    await w.ask(request(account.RenameAccount({ accountId, name: "Two" }), ada))
    expect((await checkAccount(w)).differences).toEqual([{ view: "account.1", stream, kind: "behind" }])
    await checkAccount(w, true)
    expect((await checkAccount(w)).differences).toEqual([])
    const ports = { ...w.ports, events: { read: w.ports.events.read } }
    const cut: World["ports"]["events"]["read"] = async function* (one, from, to) {
      for await (const event of ports.events.read(one, from, to)) if (event.info.version < 2) yield event
    }
    const [aggregate] = aggregatesOf(builtNamed(app, "account"))
    const ahead = { ...w.ports, events: { ...w.ports.events, read: cut } }
    expect((await checkView(ahead, accountView, aggregate as never, stream, { heal: false })).differences).toEqual([
      { view: "account.1", stream, kind: "ahead" },
    ])
  })

  test("cannot be checked against a stream that has a gap", async () => {
    const w = await world()
    expect(await snapshotOf(w)).toMatchObject({ stream, version: 1 })
    for await (const event of w.events.read(stream, 1))
      w.events.plant({ ...event, info: { ...event.info, id: `${stream}/3`, version: 3 } })
    expect(await snapshotOf(w)).toBeUndefined()
    expect((await checkAccount(w)).differences).toEqual([{ view: "account.1", stream, kind: "unfoldable" }])
  })
})
