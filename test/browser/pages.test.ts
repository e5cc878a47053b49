import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { contentSecurityPolicy } from "../../infra/consoleHeaders.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { openAccount, type Person, signedIn } from "../slice/person.ts"
import { go, heading, openBrowser, seriousFaults, signIn, startConsole, visit, visitAs } from "./console.ts"

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
    await entrance.getByRole("button", { name: "Create a login" }).click()
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
    const { traceId } = await owner.run("renameAccount", { accountId, name: "For everybody" })
    await go(page, `/support/trace/${traceId}`)
    await page.getByRole("button", { name: "RenameAccount", exact: true }).first().click()
    await page.getByText("Data", { exact: true }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    expect(errors).toEqual([])
    const { page: owners } = await visitAs(browser, running, "owner", look)
    await go(owners, `/accounts/${accountId}`)
    await heading(owners, "For everybody").waitFor()
    expect(await seriousFaults(owners)).toEqual([])
    await owners.getByRole("button", { name: "Rename" }).click()
    await owners.getByRole("dialog").waitFor()
    expect(await seriousFaults(owners)).toEqual([])
    await owners.keyboard.press("Escape")
    await owner.run("createIndex", { accountId, indexName: "seen" })
    const parts = {
      indexes: "seen",
      "indexes/~create": "Estimated monthly cost",
      "indexes/seen": "All settings as JSON",
      "api-keys": "Waits for its secret",
      billing: "No invoices yet",
      integrations: "Not enabled",
    }
    for (const [part, text] of Object.entries(parts)) {
      await go(owners, `/accounts/${accountId}/${part}`)
      await owners.getByText(text, { exact: true }).first().waitFor()
      expect(await seriousFaults(owners), part).toEqual([])
      expect(await owners.evaluate("document.documentElement.scrollWidth"), part).toBeLessThanOrEqual(width)
    }
    await go(owners, `/accounts/${accountId}/indexes/~create`)
    await owners.getByRole("button", { name: "Create index" }).click()
    await owners.getByText("The name is required.").waitFor()
    expect(await seriousFaults(owners)).toEqual([])
    await go(owners, `/accounts/${accountId}/integrations`)
    await owners.getByRole("button", { name: "Enable" }).click()
    await owners.getByLabel("API key of Datadog").waitFor()
    expect(await seriousFaults(owners)).toEqual([])
    await owners.keyboard.press("Escape")
    await owners.getByRole("button", { name: "Account: For everybody" }).click()
    await owners.getByRole("menuitem", { name: "All accounts" }).waitFor()
    expect(await seriousFaults(owners)).toEqual([])
    await Promise.all([entrance, page, owners].map(one => one.context().close()))
  })
})

test("the console runs under the content security policy that CloudFront sends", async () => {
  const { graphqlUrl, realtimeUrl, region } = running.local
  const policy = contentSecurityPolicy({ graphqlUrl, realtimeUrl, region })
  const context = await browser.newContext()
  await context.route(`${running.url}/`, async route => {
    const response = await route.fetch()
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  const errors: string[] = []
  page.on("console", message => message.type() === "error" && errors.push(message.text()))
  await page.goto(running.url)
  expect(await page.evaluate("fetch('https://example.org').then(() => 'let out', () => 'kept in')")).toBe("kept in")
  expect(errors.splice(0).join()).toContain("Content Security Policy")
  await signIn(page, "support@example.org", "Foldline-demo-1")
  await heading(page, "Accounts").waitFor()
  const accountId = await openAccount(owner, "Under a policy")
  const own = await openAccount(await signedIn(running, "support"), "Of support itself")
  for (const [path, text] of Object.entries({
    "/model": "MemberInvited",
    "/support": "Refused in the last 24 hours",
    [`/accounts/${own}/indexes/~create`]: "Estimated monthly cost",
    [`/accounts/${own}/billing`]: "No invoices yet",
    [`/support/aggregate/${accountId}/account/${accountId}`]: "AccountOpened",
  })) {
    await go(page, path)
    await page.getByText(text, { exact: true }).first().waitFor()
  }
  await page.getByRole("button", { name: "Reveal personal values" }).click()
  await page.getByRole("dialog").getByLabel("Reason").fill("Ticket 4711: the policy lets it pass")
  await page.getByRole("dialog").getByRole("button", { name: "Reveal" }).click()
  await page.getByText("Personal values shown until").waitFor()
  expect(errors).toEqual([])
  await context.close()
})
