import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { sha256 } from "../../../src/adapters/secrets/secret.ts"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as datadog } from "../../../src/contexts/integrations/datadogIntegration.ts"
import { commandKey } from "../../../src/core/outcome.ts"
import { decideOrPark, failOrPark, parkAttemptsMax, requestOf } from "../../../src/core/run/park.ts"
import { type CommandRequest, prepare } from "../../../src/core/run/prepareCommand.ts"
import { updateViews } from "../../../src/core/run/updateViews.ts"
import { at, kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"
const newId = () => randomUUID()
const opening = (accountId: string, more: object = {}) =>
  account.OpenAccount({ accountId, name: "Ada's", slug: `s${accountId.slice(0, 8)}`, ...more })

describe("a value for the vault", () => {
  const enabling = async () => {
    const k = kernel()
    const accountId = newId()
    await k.ask(request(opening(accountId), ada))
    const command = datadog.EnableDatadog({ accountId, site: "datadoghq.eu", apiKey: "the-key-to-datadog" })
    const asked: CommandRequest = { ...request(command, ada), type: "integrations.EnableDatadog" }
    return { k, accountId, asked }
  }

  test("is kept there before the decision takes effect, which holds a reference of its tenant's own", async () => {
    const { k, accountId, asked } = await enabling()
    const kept: [string, string, number][] = []
    const put = async (reference: string, value: string) => void kept.push([reference, value, k.events.outbox.length])
    const handled = await decideOrPark({ ...k.ports, parking: k.events.parking, vault: { put } }, asked)
    expect(handled.outcome.status).toBe("COMMITTED")
    expect(kept).toEqual([[sha256(`${accountId}/the-key-to-datadog`), "the-key-to-datadog", 1]])
    expect(JSON.stringify(k.events.outbox)).not.toContain("the-key-to-datadog")
    expect(k.events.outbox.at(-1)?.events[0]?.data.apiKeyReference).toBe(kept[0]?.[0])
  })

  test("is not kept for what is refused", async () => {
    const { k, asked } = await enabling()
    const kept: string[] = []
    const put = async (reference: string) => void kept.push(reference)
    const stranger = { ...asked, info: { ...asked.info, actor: { ...asked.info.actor, id: "stranger" } } }
    const { outcome } = await decideOrPark({ ...k.ports, parking: k.events.parking, vault: { put } }, stranger)
    expect(outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
    expect(kept).toEqual([])
  })

  test("needs a vault", async () => {
    const { k, asked } = await enabling()
    await expect(k.ask(asked)).rejects.toThrow("there is no vault for integrations.EnableDatadog")
  })
})

describe("a command without an id of what it is about", () => {
  test("gets one, the same for the same command, and is its own tenant when that is what it makes", () => {
    const k = kernel()
    const asked = request({ type: "OpenAccount", data: { name: "Ada's", slug: "adas" } }, ada)
    const [one, again] = [prepare(k.ports, asked), prepare(k.ports, asked)]
    expect(one.data.accountId).toBe(sha256(`${ada}/${asked.info.commandId}`))
    expect(one.stream).toBe(again.stream)
    expect(one.tenant).toBe(one.data.accountId)
    const invalid = prepare(k.ports, request({ type: "OpenAccount", data: { name: 7 } }, ada))
    expect(invalid.invalid).toMatchObject({ code: "Invalid", path: "name" })
    expect(invalid.tenant).toBe(invalid.data.accountId)
    expect(() => prepare(k.ports, { ...asked, type: "accounts.Burn" })).toThrow("no aggregate decides accounts.Burn")
  })
})

describe("a command behind a stream that is set aside", () => {
  const parkedAccount = async () => {
    const k = kernel()
    const accountId = newId()
    await k.ask(request(opening(accountId), ada))
    const stream = `${accountId}/account/${accountId}`
    await k.events.parking.park({ stream, version: 2, cause: "by hand", at, arrived: 0 })
    const paused: number[] = []
    const ports = { ...k.ports, parking: k.events.parking, pause: async (attempt: number) => void paused.push(attempt) }
    const rename = (name: string, more: object = {}) => request(account.RenameAccount({ accountId, name }), ada, more)
    return { k, ports, stream, rename, paused, accountId }
  }

  test("tries again while others come first, and not for ever", async () => {
    const { k, ports, rename, paused } = await parkedAccount()
    for (const status of ["moved", "busy"] as const) {
      let tries = 0
      const wait = async (...told: Parameters<typeof k.events.parking.wait>) =>
        ++tries < 3 ? { status } : k.events.parking.wait(...told)
      const outcome = { status: "PARKED", reason: "by hand" }
      expect(await decideOrPark({ ...ports, parking: { ...ports.parking, wait } }, rename(status))).toMatchObject({
        outcome,
      })
      tries = 0
      expect(await failOrPark({ ...ports, parking: { ...ports.parking, wait } }, rename(status), "x")).toMatchObject({
        outcome,
        duplicate: false,
      })
    }
    paused.length = 0
    const never = { ...ports, parking: { ...ports.parking, wait: async () => ({ status: "busy" as const }) } }
    await expect(decideOrPark(never, rename("x"))).rejects.toThrow("could not wait")
    expect(paused).toEqual(Array.from({ length: parkAttemptsMax }, (_, index) => index + 1))
    paused.length = 0
    await expect(failOrPark(never, rename("x"), "x")).rejects.toThrow("could neither wait nor end")
    expect(paused).toEqual(Array.from({ length: parkAttemptsMax }, (_, index) => index + 1))
  })

  test("does not fail when another delivery lets it wait in the same instant", async () => {
    const { k, ports, rename, stream } = await parkedAccount()
    const marker = await k.events.parking.find(stream)
    const asked = rename("Two")
    let looks = 0
    const find = async (one: string) => {
      if (looks++ > 0) return k.events.parking.find(one)
      await decideOrPark(ports, asked)
      return undefined
    }
    const late = {
      ...ports,
      parking: { ...ports.parking, find: async (one: string) => (one === stream ? find(one) : undefined) },
    }
    const ended = await failOrPark(late, asked, "x")
    expect(ended).toMatchObject({ outcome: { status: "PARKED" }, duplicate: false })
    expect(await k.events.recall(commandKey(asked.info))).toBeUndefined()
    expect(await k.events.parking.waiting(stream)).toHaveLength(1)
    expect(await k.events.parking.find(stream)).toMatchObject({ version: marker?.version, arrived: 1 })
  })

  test("is known as a repeat of one that was decided before, and as misuse with another input", async () => {
    const { k, ports, rename, stream } = await parkedAccount()
    const marker = await k.events.parking.find(stream)
    if (marker !== undefined) await k.events.parking.release(marker)
    const commandId = newId()
    const first = rename("Two", { commandId })
    await decideOrPark(ports, first)
    await k.events.parking.park({ stream, version: 3, cause: "by hand", at, arrived: 0 })
    expect(await decideOrPark(ports, first)).toMatchObject({ duplicate: false, outcome: { status: "COMMITTED" } })
    expect(await decideOrPark(ports, rename("Two", { commandId }))).toMatchObject({ duplicate: true })
    expect((await decideOrPark(ports, rename("Three", { commandId }))).outcome).toMatchObject({
      rejection: { code: "CommandIdReused" },
    })
  })

  test("rests with its secrets wrapped, and comes back as it arrived", async () => {
    const { k, ports, stream, accountId } = await parkedAccount()
    const asked: CommandRequest = {
      ...request(datadog.EnableDatadog({ accountId, site: "datadoghq.eu", apiKey: "the-key-to-datadog" }), ada),
      type: "integrations.EnableDatadog",
    }
    const sent = {
      ...asked,
      info: { ...asked.info, actor: { ...asked.info.actor, groups: ["g"], email: "a@example.org" } },
    }
    await decideOrPark(ports, sent)
    const [waiting] = await k.events.parking.waiting(stream)
    if (waiting === undefined) throw new Error("nothing waits")
    expect(JSON.stringify(waiting)).not.toMatch(/the-key-to-datadog|a@example\.org/)
    expect(waiting).toMatchObject({
      behind: stream,
      events: [],
      info: { actor: { id: ada, kind: "person", groups: [] } },
    })
    expect(requestOf(waiting)).toEqual(sent)
  })
})

describe("the views after a commit", () => {
  test("say in the trace what they wrote, and in the receipt that all did", async () => {
    const k = kernel()
    const accountId = newId()
    const asked = request(opening(accountId), ada)
    await k.ask(asked)
    await k.project()
    const [event] = k.events.outbox.flatMap(({ events }) => events)
    const steps = k.track.steps.filter(({ step }) => step === "view")
    expect(steps).toHaveLength(1)
    expect(steps[0]).toEqual({
      traceId: asked.info.traceId,
      step: "view",
      causeId: event?.info.id,
      component: expect.stringContaining("account.1"),
      at,
      commandId: asked.info.commandId,
      stream: `${accountId}/account/${accountId}`,
      version: 1,
      message: expect.stringMatching(/^\d+ written, 0 removed$/),
    })
    const notices = k.pushed.filter(item => JSON.stringify(item).includes('"view":"account"'))
    expect(notices).toEqual([
      { view: "account", scope: accountId, key: `${accountId}/account/${accountId}`, version: 1, gone: false },
    ])
    expect(JSON.stringify(k.pushed)).not.toContain('"scope":"unique"')
  })

  test("are pushed to nobody whose view is not live, and a repeat of the newest tells the same once more", async () => {
    const k = kernel()
    await k.ask(request(opening(newId()), ada))
    await k.project()
    const live = new Set(
      k.ports.app.contexts.flatMap(({ views }) => views.filter(one => one.live).map(({ name }) => name)),
    )
    const views = k.pushed.flatMap(item => ("view" in (item as object) ? [(item as { view: string }).view] : []))
    expect(views.length).toBeGreaterThan(0)
    for (const name of views) expect(live, name).toContain(name)
    const [row] = k.events.outbox
    const pushed: { receipt?: unknown; changes?: readonly unknown[] }[] = []
    const push = async (told: (typeof pushed)[number]) => void pushed.push(told)
    const steps = k.track.steps.length
    if (row !== undefined) await updateViews({ ...k.viewPorts, push }, row)
    expect(pushed.flatMap(({ changes }) => changes)).toEqual(k.pushed.filter(item => "view" in (item as object)))
    expect(k.track.steps).toHaveLength(steps)
  })

  test("that are always in each other's way give up after so many attempts", async () => {
    const k = kernel()
    await k.ask(request(opening(newId()), ada))
    const [row] = k.events.outbox
    const paused: number[] = []
    const ports = {
      ...k.viewPorts,
      views: { ...k.views, replace: async () => "stale" as const },
      pause: async (attempt: number) => void paused.push(attempt),
    }
    if (row === undefined) throw new Error("nothing was decided")
    await expect(updateViews(ports, row)).rejects.toThrow(/were in the way of each other \d+ times/)
    expect(paused).toEqual(paused.map((_, index) => index + 1))
    expect(paused.length).toBeGreaterThan(1)
  })
})
