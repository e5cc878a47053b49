import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { openAccount, type Person, signedIn } from "../slice/person.ts"
import { go, heading, openBrowser, seriousFaults, startConsole, visit, visitAs } from "./console.ts"

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

describe.each([
  { mode: "light", width: 1280 },
  { mode: "dark", width: 390 },
] as const)("every page, $mode at a width of $width,", ({ mode, width }) => {
  test("has nothing serious for axe, nothing to scroll sideways and no console errors", async () => {
    const accountId = await openAccount(owner, "For everybody")
    const look = { colorScheme: mode, viewport: { width, height: 844 } }
    const { page: entrance } = await visit(browser, running.url, look)
    await entrance.getByRole("heading", { name: "Sign in" }).waitFor()
    expect(await seriousFaults(entrance)).toEqual([])

    const { page, errors } = await visitAs(browser, running, "support", look)
    const pages = {
      "/": "No accounts yet",
      "/model": "MemberInvited",
      "/support": "Refused in the last 24 hours",
      [`/support/find/${owner.email}`]: "OpenAccount",
      "/support/aggregate": "Show",
      [`/support/aggregate/${accountId}/account/${accountId}`]: "AccountOpened",
      "/support/parked": "Nothing is parked",
      "/support/activity": "Nothing yet",
    }
    for (const [path, text] of Object.entries(pages)) {
      await go(page, path)
      await page.getByText(text, { exact: true }).first().waitFor()
      expect(await seriousFaults(page), path).toEqual([])
      expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(width)
    }
    expect(errors).toEqual([])
    const { page: owners } = await visitAs(browser, running, "owner", look)
    await go(owners, `/accounts/${accountId}`)
    await heading(owners, "For everybody").waitFor()
    expect(await seriousFaults(owners)).toEqual([])
    await Promise.all([entrance, page, owners].map(one => one.context().close()))
  })
})
