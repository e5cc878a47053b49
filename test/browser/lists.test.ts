import type { Browser, WebSocketRoute } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { eventually, openAccount, type Person, signedIn } from "../slice/person.ts"
import { go, heading, openBrowser, row, startConsole, visitAs } from "./console.ts"

let running: RunningHost
let browser: Browser
let owner: Person

beforeAll(async () => {
  ;[running, browser] = await Promise.all([startConsole(), openBrowser()])
  owner = await signedIn(running, "owner")
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
})

describe("a long list", () => {
  test("is read page by page, and what others change shows on any page", async () => {
    const names = Array.from({ length: 23 }, (_, index) => `Lab ${index + 1}`)
    const ids = new Map<string, string>()
    for (let at = 0; at < names.length; at += 6)
      await Promise.all(names.slice(at, at + 6).map(async name => ids.set(name, await openAccount(owner, name))))
    const { page, errors } = await visitAs(browser, running, "owner")
    const shown = async () =>
      (await page.getByRole("link", { name: /^Lab \d+$/ }).allTextContents()).map(text => text.trim())
    await eventually("the first page", async () => (await shown()).length === 20)
    const first = await shown()
    await page.getByRole("button", { name: "Next page" }).click()
    await eventually("the second page", async () => (await shown()).length === 3)
    const second = await shown()
    expect([...first, ...second].sort()).toEqual([...names].sort())

    const [there = ""] = second
    await owner.run("renameAccount", { accountId: ids.get(there), name: "Renamed elsewhere" })
    await page.getByRole("link", { name: "Renamed elsewhere" }).waitFor()
    await page.getByRole("button", { name: "Previous page" }).click()
    await page.getByRole("link", { name: first[0] ?? "", exact: true }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("live updates", () => {
  test("that were interrupted say so, and what was missed is read when they are back", async () => {
    const accountId = await openAccount(owner, "Before")
    const { page } = await visitAs(browser, running, "owner")
    const sockets: WebSocketRoute[] = []
    let isDown = false
    await page.routeWebSocket(/realtime/, socket => {
      if (isDown) return void socket.close()
      socket.connectToServer()
      sockets.push(socket)
    })
    await page.reload()
    await heading(page, "Accounts").waitFor()
    await go(page, `/accounts/${accountId}`)
    await heading(page, "Before").waitFor()
    await eventually("a socket", async () => sockets.length > 0)
    isDown = true
    for (const socket of sockets) await socket.close({ code: 4000, reason: "cut" })
    await page.getByText("Live updates are interrupted").waitFor()
    await owner.run("renameAccount", { accountId, name: "After" })
    isDown = false
    await heading(page, "After").waitFor({ timeout: 60_000 })
    await page.getByText("Live updates are interrupted").waitFor({ state: "hidden" })
    expect(await row(page, "(you)").count()).toBe(1)
    await page.context().close()
  })
})
