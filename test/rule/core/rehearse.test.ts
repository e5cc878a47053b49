import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { decideOrPark } from "../../../src/core/run/park.ts"
import { rehearse, rehearsedMax } from "../../../src/core/run/rehearse.ts"
import { request } from "./kernel.ts"
import { ada, poisoned } from "./poisoned.ts"

describe("a rehearsal", () => {
  test("of a stream that still cannot be folded says why", async () => {
    const { ask, rename, rehearse } = await poisoned()
    await ask(rename("One"))
    expect(await rehearse()).toMatchObject({ folds: false, cause: "AccountBewitched v1 is not known", commands: [] })
  })

  test("shows each command on the state after the one before, and how rows would change; nothing is written", async () => {
    const p = await poisoned()
    await p.ask(p.rename("One"))
    await p.ask(account.CloseAccount({ accountId: p.accountId }))
    await p.ask(p.rename("Too late"))
    p.repair()
    const outbox = p.k.events.outbox.length
    const shown = await p.rehearse()
    expect(shown.commands.map(({ status }) => status)).toEqual(["COMMITTED", "COMMITTED", "REJECTED"])
    expect(shown.commands.flatMap(({ events }) => events.map(({ version, type }) => `${version} ${type}`))).toEqual([
      "3 AccountRenamed",
      "4 AccountClosed",
    ])
    const row = shown.views.find(({ view }) => view === "account.1")
    expect(JSON.parse(row?.before ?? "{}")).toMatchObject({ name: "Ada's", status: "open" })
    expect(JSON.parse(row?.after ?? "{}")).toMatchObject({ name: "One", status: "closed" })
    expect(p.k.events.outbox).toHaveLength(outbox)
    expect(await p.names()).toEqual([])
    expect(await p.k.events.parking.waiting(p.stream)).toHaveLength(3)
  })
})

describe("a rehearsal", () => {
  test("says of each command who sent it and how it would end, personal values masked", async () => {
    const p = await poisoned()
    const asked = request(p.rename("One"), ada)
    await decideOrPark(p.ports, asked)
    await p.ask(account.RemoveOwner({ accountId: p.accountId, personId: ada }))
    await p.ask(p.rename("One"))
    p.repair()
    const shown = await p.rehearse()
    expect(shown).toMatchObject({ stream: p.stream, folds: true, version: 2, left: 0 })
    const [renamed, refused, again] = shown.commands
    expect(renamed).toStrictEqual({
      type: "accounts.RenameAccount",
      commandId: asked.info.commandId,
      traceId: asked.info.traceId,
      actor: ada,
      status: "COMMITTED",
      events: [{ version: 3, type: "AccountRenamed", data: expect.stringContaining('"name":"One"') }],
    })
    expect(refused).toMatchObject({ status: "REJECTED", events: [], rejection: { code: "LastOwner" } })
    expect(refused).not.toHaveProperty("reason")
    expect(again).toMatchObject({ status: "COMMITTED", events: [] })
    expect(shown.views.map(({ key }) => key).filter(key => key.startsWith("unique/"))).toEqual([])
    expect(shown.views.every(({ before, after }) => before !== after)).toBe(true)
  })

  test("tells a row that would come or go, and what would fail", async () => {
    const p = await poisoned()
    await p.ask(account.AddOwner({ accountId: p.accountId, personId: "carol-00000000000000000" }), "policy", {
      automation: true,
    })
    await p.ask(p.rename("Broken"))
    p.repair()
    const events = {
      ...p.ports.events,
      load: async (...told: Parameters<typeof p.ports.events.load>) => p.ports.events.load(...told),
      holder: async () => {
        throw new Error("the store is down")
      },
    }
    const shown = await rehearse({ ...p.ports, events }, p.stream)
    const carol = shown.views.filter(({ key, after }) => `${key} ${after}`.includes("carol"))
    expect(carol.length).toBeGreaterThan(0)
    for (const row of carol) expect(row).not.toHaveProperty("before")
    const slug = account.RenameAccount({ accountId: p.accountId, name: "N", slug: "another-slug" })
    await p.ask(slug)
    const failing = await rehearse({ ...p.ports, events }, p.stream)
    expect(failing.commands.at(-1)).toMatchObject({
      ...{ status: "FAILED", events: [], reason: "Error: the store is down" },
    })
  })

  test("of a stream that nothing waits behind shows nothing", async () => {
    const p = await poisoned()
    p.repair()
    expect(await p.rehearse()).toStrictEqual({ stream: p.stream, folds: true, commands: [], left: 0, views: [] })
    expect(await rehearse(p.ports, "t/dragon/1")).toMatchObject({ folds: false, cause: "there is no aggregate dragon" })
  })
})

describe("a rehearsal of unique values", () => {
  test("refuses what another holds, and sees what the commands before it took and gave up", async () => {
    const p = await poisoned()
    const [other, third] = [randomUUID(), randomUUID()]
    const slug = (value: string) => account.RenameAccount({ accountId: p.accountId, name: "N", slug: value })
    await p.ask(account.OpenAccount({ accountId: other, name: "Other", slug: "taken-slug" }))
    await p.ask(slug("taken-slug"))
    await p.ask(slug("first-slug"))
    await p.ask(slug("second-slug"))
    p.repair()
    const shown = await p.rehearse()
    expect(shown.commands.map(({ status, rejection }) => rejection?.code ?? status)).toEqual([
      "SlugTaken",
      "COMMITTED",
      "COMMITTED",
    ])
    expect(shown.left).toBe(0)
    // Nothing of it reached the store: the values are still free.
    const opened = await p.ask(account.OpenAccount({ accountId: third, name: "Third", slug: "second-slug" }))
    expect(opened.outcome.status).toBe("COMMITTED")
    const again = await p.rehearse()
    expect(again.commands.map(({ rejection }) => rejection?.code)).toEqual(["SlugTaken", undefined, "SlugTaken"])
  })

  test("is what the redrive then does", async () => {
    const p = await poisoned()
    await p.ask(account.OpenAccount({ accountId: randomUUID(), name: "Other", slug: "taken-slug" }))
    const commandId = randomUUID()
    await p.ask(account.RenameAccount({ accountId: p.accountId, name: "N", slug: "taken-slug" }), ada, { commandId })
    p.repair()
    const [shown] = (await p.rehearse()).commands
    await p.redrive()
    await p.k.project()
    expect(p.k.track.receipt(ada, commandId, p.accountId)).toMatchObject({
      status: shown?.status,
      rejection: { code: shown?.rejection?.code },
    })
  })
})

describe("a rehearsal of a long queue", () => {
  test("looks at the first 200 and says how many are left", async () => {
    const p = await poisoned()
    for (let n = 0; n < rehearsedMax + 3; n++) await p.ask(p.rename(`Name ${n}`))
    p.repair()
    const shown = await p.rehearse()
    expect(shown.commands).toHaveLength(rehearsedMax)
    expect(shown.left).toBe(3)
  })
})
