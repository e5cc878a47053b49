import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { accountCounts } from "../../../src/contexts/accounts/accountCounts.ts"
import { app } from "../../../src/contexts/index.ts"
import { directoryShards } from "../../../src/core/directory.ts"
import { type CheckProjectionPorts, checkProjection } from "../../../src/core/run/checkProjection.ts"
import { builtFrom } from "../../../src/core/run/forget.ts"
import { estimate, rebuild } from "../../../src/core/run/rebuild.ts"
import { reconcile } from "../../../src/core/run/reconcile.ts"
import { aggregatesOf, builtName, builtNamed, check, streamsFrom, sweep, tally } from "../../../src/core/run/sweep.ts"
import { verify } from "../../../src/core/run/verify.ts"
import type { Committed } from "../../../src/core/upkeep.ts"
import { request } from "./kernel.ts"
import { accountId, ada, invitationId, world } from "./upkeep.ts"

type World = Awaited<ReturnType<typeof world>>
const stream = `${accountId}/account/${accountId}`
const invitationStream = `${accountId}/invitation/${invitationId}`
const key = { partition: `${accountId}/accountCounts.1`, sort: "." }
const name = "accountCounts.1"
const other = (n: number) => `account-0000000000000000${n}`

const _checkCounts = (w: World, heal = false, more: Partial<CheckProjectionPorts> = {}) =>
  checkProjection({ ...w.ports, ...more }, accountCounts, stream, { heal })

async function write(w: World, row: Record<string, unknown> | undefined, streams?: number) {
  const known = await w.views.progress(name, key, stream)
  await w.views.rewrite({
    ...{ projection: name, key, row, revision: known.revision, streams: streams ?? known.streams, setBack: [] },
  })
}

describe("to verify", () => {
  async function three() {
    const w = await world()
    for (const n of [2, 3])
      await w.ask(request(account.OpenAccount({ accountId: other(n), name: "N", slug: `slug-${n}` }), ada))
    await w.settle()
    return w
  }
  const breakAll = (w: World) => {
    for (const row of w.views.rows().filter(({ partition }) => partition.endsWith("/account.1")))
      w.views.plant(row, { ...row, row: { ...row.row, name: "Wrong" } })
  }

  test("goes through every stream slice by slice, and heals when asked", async () => {
    const w = await three()
    breakAll(w)
    expect(await verify(w.ports, { view: "account" })).toMatchObject({
      streams: 3,
      written: 0,
      found: { different: 3 },
    })
    const first = await verify(w.ports, { view: "account", limit: 2, heal: true })
    expect(first).toMatchObject({ view: "account.1", streams: 2, found: { different: 2 }, cursor: expect.any(String) })
    expect(first.written).toBeGreaterThan(0)
    const more = first.cursor === undefined ? {} : { cursor: first.cursor }
    const rest = await verify(w.ports, { view: "account", heal: true, ...more })
    expect(rest).toMatchObject({ streams: 1, found: { different: 1 } })
    expect(rest).not.toHaveProperty("cursor")
    expect(await verify(w.ports, { view: "account" })).toMatchObject({ streams: 3, found: {}, samples: [] })
  })

  test("a sample looks at so many streams, of different parts first, none twice", async () => {
    const w = await three()
    breakAll(w)
    for (const [sample, streams] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [50, 3],
    ] as const) {
      const found = await verify(w.ports, { view: "account", sample })
      expect(found).toMatchObject({ streams, written: 0, found: { different: streams } })
      expect(new Set(found.samples.map(one => one.stream)).size).toBe(streams)
      expect(found).not.toHaveProperty("cursor")
    }
    const expired = { ...w.ports, expired: () => true }
    expect(await verify(expired, { view: "account", sample: 3 })).toMatchObject({ streams: 1 })
    expect(await verify(expired, { view: "account" })).toMatchObject({ streams: 1, cursor: expect.any(String) })
  })

  test("a sample begins with the part of the directory that chance names", async () => {
    const w = await three()
    const asked: number[] = []
    const directory: World["ports"]["directory"] = {
      ...w.ports.directory,
      part(aggregate, shard, ...rest) {
        asked.push(shard)
        return w.ports.directory.part(aggregate, shard, ...rest)
      },
    }
    let next = directoryShards
    await verify({ ...w.ports, directory, random: () => next-- }, { view: "account", sample: 50 })
    expect(asked.slice(0, 3)).toEqual([directoryShards - 1, directoryShards - 2, directoryShards - 3])
  })
})

describe("a sweep", () => {
  test("begins where a cursor stands", async () => {
    const w = await world()
    const at = async (source: number, shard: number, after?: string) => {
      const found: string[] = []
      const from = { source, shard, ...(after === undefined ? {} : { after }) }
      const sources = aggregatesOf(builtNamed(app, "accountCounts"))
      for await (const one of streamsFrom(w.ports.directory, sources, from)) found.push(one.after)
      return found.length
    }
    expect([await at(0, 0), await at(5, 0), await at(1, 0)]).toEqual([2, 0, 1])
    expect(await at(0, directoryShards)).toBe(1)
  })

  test("looks at a projection's row once, however many streams lead to it", async () => {
    const w = await world()
    await write(w, { accountId, members: 7 })
    const built = builtNamed(app, "accountCounts")
    const { checked, next } = await sweep(w.ports, built, { source: 0, shard: 0 }, { heal: false, limit: 9 })
    expect(checked).toMatchObject({ streams: 2, rows: 1 })
    expect(tally(checked.differences, { different: 1, extra: 2 })).toEqual({ different: 2, extra: 2 })
    expect(next).toBeUndefined()
  })

  test("knows a view by its name and version, and a stream that is not its own", async () => {
    const w = await world()
    expect(builtName(builtNamed(app, "account"))).toBe("account.1")
    expect(builtName(builtNamed(app, "account", 1))).toBe("account.1")
    expect(builtNamed(app, "accountCounts").kind).toBe("projection")
    expect(() => builtNamed(app, "account", 9)).toThrow(/no view account of version 9; there are .*account\.1/)
    expect(() => check(w.ports, builtNamed(app, "account"), invitationStream, { heal: false })).toThrow(
      "is not made from",
    )
    expect(builtFrom(app, "t/dragon/1")).toEqual([])
  })
})

describe("to reconcile", () => {
  test("takes back the commands whose events a restore has lost, and names them", async () => {
    const w = await world()
    const command = (version: number): Committed => ({
      ...{ stream, key: `key-${version}`, version, commandId: `command-${version}`, traceId: "trace" },
    })
    const undone: string[] = []
    const committed = {
      page: async (next?: string) =>
        next === undefined ? { commands: [command(1)], next: "more" } : { commands: [command(2)] },
      undo: async ({ key: one }: Committed) => void undone.push(one),
    }
    const ports = { ...w.ports, committed }
    const first = await reconcile(ports, JSON.stringify({ phase: "outbox" }))
    expect(first).toMatchObject({ lost: [], next: JSON.stringify({ phase: "outbox", after: "more" }) })
    const last = await reconcile(ports, first.next)
    expect(last.lost).toEqual([{ stream, version: 2, commandId: "command-2", traceId: "trace" }])
    expect(last).not.toHaveProperty("next")
    expect(undone).toEqual(["key-2"])
  })

  test("goes on from one list of the forgotten to the next thing", async () => {
    const w = await world()
    for (const subject of ["email:a@example.org", "email:b@example.org"])
      await w.ports.upkeep.addForgotten(subject, "2026")
    const expired = { ...w.ports, expired: () => true }
    const first = await reconcile(expired)
    expect(first).toMatchObject({ shreddedAgain: 1, forgotten: 1 })
    expect(JSON.parse(first.next ?? "")).toEqual({ phase: "forgotten", after: "email:a@example.org" })
    const second = await reconcile(expired, first.next)
    expect(second).toMatchObject({ shreddedAgain: 1, forgotten: 1 })
    const third = await reconcile(expired, second.next)
    expect(third).toMatchObject({ shreddedAgain: 0, forgotten: 0, next: JSON.stringify({ phase: "sources" }) })
    expect(await reconcile(w.ports)).toMatchObject({ shreddedAgain: 0, forgotten: 2 })
  })

  test("shreds again what only the other list remembers", async () => {
    const w = await world()
    await w.ports.keys.shred("email:bob@example.org", "2026")
    expect(await reconcile(w.ports)).toMatchObject({ shreddedAgain: 0, forgotten: 1 })
    expect(JSON.stringify(w.views.rows())).not.toContain("bob@example.org")
  })
})

describe("an estimate", () => {
  async function estimated(streams: number, eventsEach: number) {
    const w = await world()
    const read: string[] = []
    const directory: World["ports"]["directory"] = {
      ...w.ports.directory,
      async *part(_aggregate, shard) {
        if (shard === 0) for (let n = 0; n < streams; n++) yield `tenant/account/${n}`
      },
    }
    const events: World["ports"]["events"] = {
      ...w.ports.events,
      async *read(one) {
        read.push(one)
        const [first] = (await w.events.load(stream, "")).events
        if (first !== undefined) for (let n = 0; n < eventsEach; n++) yield first
      },
    }
    return { read, cost: await estimate({ ...w.ports, directory, events }, builtNamed(app, "account")) }
  }

  test("counts every stream, measures some, and says what AWS asks for it", async () => {
    const { read, cost } = await estimated(25, 40)
    expect(read).toHaveLength(20)
    expect(cost).toEqual({ streams: 25, events: 1_000, readUnits: 197, writeUnits: 100, dollars: 0.000087 })
    expect((await estimated(1_000, 1)).cost).toEqual({
      ...{ streams: 1_000, events: 1_000, readUnits: 3_000, writeUnits: 4_000, dollars: 0.002875 },
    })
  })

  test("of nothing is nothing", async () =>
    expect((await estimated(0, 40)).cost).toEqual({ streams: 0, events: 0, readUnits: 0, writeUnits: 0, dollars: 0 }))
})

describe("a rebuild", () => {
  test("that is done stays done, and one that never began cannot go on", async () => {
    const w = await world()
    await expect(rebuild(w.ports, { view: "account", action: "next" })).rejects.toThrow(
      "no rebuild of account.1 was started",
    )
    await rebuild(w.ports, { view: "account", action: "start" })
    expect(await rebuild(w.ports, { view: "account", action: "next" })).toMatchObject({
      ...{ status: "DONE", streams: 1, written: 0 },
    })
    for (const action of ["pause", "resume", "next"] as const)
      expect(await rebuild(w.ports, { view: "account", action })).toMatchObject({ status: "DONE" })
    expect(await rebuild(w.ports, { view: "account", action: "start" })).toMatchObject({ status: "RUNNING" })
  })

  test("keeps where it stands and adds up, slice by slice", async () => {
    const w = await world()
    for (const n of [2, 3])
      await w.ask(request(account.OpenAccount({ accountId: other(n), name: "N", slug: `slug-${n}` }), ada))
    await w.settle()
    await rebuild(w.ports, { view: "account", action: "start" })
    const slice = () => rebuild(w.ports, { view: "account", action: "next", limit: 2 })
    const first = await slice()
    expect(first).toMatchObject({ status: "RUNNING", streams: 2, cursor: { after: expect.any(String) } })
    const last = await slice()
    expect(last).toMatchObject({ status: "DONE", streams: 3 })
    expect(last.rows).toBeGreaterThan(first.rows)
    expect(last).not.toHaveProperty("cursor")
  })
})
