import { randomUUID } from "node:crypto"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { eventually, join, mails, openAccount, type Person, signedIn } from "../slice/person.ts"
import { go, openBrowser, seriousFaults, signIn, startConsole, visit, visitAs } from "./console.ts"

let running: RunningHost
let browser: Browser
let owner: Person
let member: Person

beforeAll(async () => {
  ;[running, browser] = await Promise.all([startConsole(), openBrowser()])
  ;[owner, member] = await Promise.all([signedIn(running, "owner"), signedIn(running, "member")])
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
})

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name })
const dialog = (page: Page) => page.getByRole("dialog")
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text })

describe("a person", () => {
  test("is told beside the password that it is wrong", async () => {
    const { page } = await visit(browser, running.url)
    await signIn(page, "owner@example.org", "Not-the-password-1")
    await page.getByText("The e-mail address or the password is not right.").waitFor()
    expect(await page.getByLabel("Password", { exact: true }).getAttribute("aria-invalid")).toBe("true")
    await page.context().close()
  })

  test("signs up with the code of the mail, and out again", async () => {
    const { page, errors } = await visit(browser, running.url)
    const email = `new-${randomUUID().slice(0, 8)}@example.org`
    await page.getByRole("button", { name: "Create a login" }).click()
    await page.getByLabel("E-mail address").fill(email)
    await page.getByLabel("Password", { exact: true }).fill("Foldline-demo-2")
    await page.getByRole("button", { name: "Create login" }).click()
    const mail = await eventually("the code", async () => (await mails(running)).find(({ to }) => to.includes(email)))
    await page.getByLabel("Code").fill(/\d{6}/.exec(mail.text)?.[0] ?? "")
    await page.getByRole("button", { name: "Confirm and sign in" }).click()
    await page.getByText("No accounts yet").waitFor()
    await page.getByRole("button", { name: email }).click()
    await page.getByRole("menuitem", { name: "Sign out" }).click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("owner and invitee, each in a browser,", () => {
  test("see each other's changes without a reload", async () => {
    const [{ page: owners, errors }, { page: members, errors: others }] = await Promise.all([
      visitAs(browser, running, "owner"),
      visitAs(browser, running, "member"),
    ])
    await owners.getByRole("button", { name: "Open account", exact: true }).click()
    await dialog(owners).getByLabel("Name", { exact: true }).fill("Weather Lab")
    await dialog(owners).getByRole("button", { name: "Open account" }).click()
    await heading(owners, "Weather Lab").waitFor()
    await owners.getByText("Visible").waitFor()

    await owners.getByRole("button", { name: "Invite a person" }).click()
    await dialog(owners).getByLabel("E-mail address").fill("member@example.org")
    await dialog(owners).getByRole("button", { name: "Invite", exact: true }).click()
    await row(owners, "member@example.org").waitFor()

    await members.getByRole("button", { name: "Accept" }).click()
    await dialog(members).getByLabel("Your name").fill("Mia Member")
    await dialog(members).getByRole("button", { name: "Accept" }).click()
    await row(owners, "Mia Member").waitFor()
    await owners.getByText("No open invitations").waitFor()

    await members.getByRole("link", { name: "Weather Lab" }).click()
    await heading(members, "Weather Lab").waitFor()
    await owners.getByRole("button", { name: "Role of Mia Member" }).click()
    await owners.getByRole("option", { name: "Admin" }).click()
    await row(members, "Mia Member (you)").getByText("Admin").waitFor()

    await members.getByRole("button", { name: "Rename" }).click()
    await dialog(members).getByLabel("Name", { exact: true }).fill("Weather and Sea Lab")
    await dialog(members).getByRole("button", { name: "Rename" }).click()
    await heading(owners, "Weather and Sea Lab").waitFor()

    await owners.getByRole("button", { name: "Remove Mia Member" }).click()
    await dialog(owners).getByRole("button", { name: "Remove" }).click()
    await members.getByText("You have no access to this account").waitFor()
    expect([...errors, ...others]).toEqual([])
    await Promise.all([owners.context().close(), members.context().close()])
  })

  test("catch up on what they missed while offline", async () => {
    const accountId = await openAccount(owner, "Before")
    const { page } = await visitAs(browser, running, "owner")
    await go(page, `/accounts/${accountId}`)
    await heading(page, "Before").waitFor()
    await page.context().setOffline(true)
    await page.getByText("You are offline").waitFor()
    await owner.run("renameAccount", { accountId, name: "After" })
    await page.context().setOffline(false)
    await heading(page, "After").waitFor()
    await page.context().close()
  })
})

describe("a command", () => {
  test("that is refused shows the reason at the field that it concerns", async () => {
    const slug = `taken-${randomUUID().slice(0, 8)}`
    await owner.run("openAccount", { accountId: randomUUID(), name: "Holder", slug })
    const accountId = await openAccount(owner, "Wants a slug")
    const { page, errors } = await visitAs(browser, running, "owner")
    await go(page, `/accounts/${accountId}`)
    await page.getByRole("button", { name: "Rename" }).click()
    const field = dialog(page).getByLabel("Slug")
    await field.fill(slug)
    await dialog(page).getByRole("button", { name: "Rename" }).click()
    await dialog(page).getByText("Another account has this slug.").waitFor()
    expect(await field.getAttribute("aria-invalid")).toBe("true")
    await field.fill(`${slug}-2`)
    await dialog(page).getByRole("button", { name: "Rename" }).click()
    await dialog(page).waitFor({ state: "hidden" })
    await page.getByText(`${slug}-2`).first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("that was lost on the way is sent again under its command id", async () => {
    const accountId = await openAccount(owner, "Lossy")
    const { page } = await visitAs(browser, running, "owner")
    await go(page, `/accounts/${accountId}`)
    const sent: string[] = []
    let isDown = true
    await page.route("**/graphql", route => {
      const { query, variables } = route.request().postDataJSON()
      if (!query.startsWith("mutation")) return route.continue()
      sent.push(variables.input.commandId)
      return isDown ? route.abort() : route.continue()
    })
    await page.getByRole("button", { name: "Rename" }).click()
    await dialog(page).getByLabel("Name", { exact: true }).fill("Found")
    await dialog(page).getByRole("button", { name: "Rename" }).click()
    await dialog(page).getByText("The service cannot be reached.").waitFor()
    isDown = false
    await dialog(page).getByRole("button", { name: "Rename" }).click()
    await heading(page, "Found").waitFor()
    expect(sent.length).toBeGreaterThan(1)
    expect(new Set(sent).size).toBe(1)
    await page.context().close()
  })
})

describe("support", () => {
  test("finds a refused request by e-mail, sees why, and what the aggregate was at any version", async () => {
    const accountId = await openAccount(owner, "Looked at")
    await owner.run("renameAccount", { accountId, name: "Looked at again" })
    const { rejection } = await owner.run("renameAccount", { accountId, name: "Third", expectedVersion: 1 })
    const { page, errors } = await visitAs(browser, running, "support")
    await page.getByRole("link", { name: "Requests" }).click()
    await page.getByLabel("Find requests").fill(owner.email)
    await page.getByRole("button", { name: "Find" }).click()
    await row(page, rejection?.message ?? "")
      .getByRole("link", { name: "RenameAccount" })
      .click()
    await heading(page, "RenameAccount").waitFor()
    await row(page, "Rejected").getByRole("button", { name: "RenameAccount" }).click()
    await page.getByText("Why it was refused").waitFor()

    await page
      .getByRole("link", { name: `account ${accountId}` })
      .first()
      .click()
    await page.getByRole("heading", { name: "State at version 2" }).waitFor()
    await page.locator("mark").filter({ hasText: "Looked at again" }).waitFor()
    await page.getByLabel("Version").press("ArrowLeft")
    await page.getByRole("heading", { name: "State at version 1" }).waitFor()
    await page.locator("mark").filter({ hasText: "Looked at" }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("sees the whole way of a request, with the outside effect and what followed", async () => {
    const accountId = await openAccount(owner, "Traced")
    const invitationId = await join(owner, member, accountId, "viewer")
    const { page, errors } = await visitAs(browser, running, "support")
    await go(page, `/support/find/${invitationId}`)
    await page.getByRole("link", { name: "InviteMember" }).click()
    for (const step of ["MemberInvited", "myInvitations", "RecordInvitationSecret", "mailInvitationOnMemberInvited"])
      await page.getByRole("button", { name: step }).first().waitFor()
    await row(page, "Outside effect").getByText("mail: performed").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("an outsider", () => {
  test("sees neither the desk nor anything of an account", async () => {
    const accountId = await openAccount(owner, "Private matters")
    const { page } = await visitAs(browser, running, "outsider")
    expect(await page.getByRole("link", { name: "Requests" }).count()).toBe(0)
    await go(page, "/support")
    await page.getByText("There is nothing at this address").waitFor()
    await go(page, `/accounts/${accountId}`)
    await page.getByText("You have no access to this account").waitFor()
    expect(await page.getByText("Private matters").count()).toBe(0)
    await page.context().close()
  })
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
