import { randomUUID } from "node:crypto"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { openAccount, type Person, signedIn } from "../slice/person.ts"
import { dialog, go, heading, openBrowser, row, startConsole, visitAs } from "./console.ts"

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

describe("a change", () => {
  /** Keeps mutations from being sent until they are let go. */
  async function held(page: Page) {
    let isHeld = true
    const waiting: (() => void)[] = []
    await page.route("**/graphql", async route => {
      if (isHeld && route.request().postDataJSON().query.startsWith("mutation"))
        await new Promise<void>(resolve => waiting.push(resolve))
      await route.continue()
    })
    return {
      letGo: () => {
        isHeld = false
        for (const go of waiting.splice(0)) go()
      },
      hold: () => {
        isHeld = true
      },
    }
  }

  test("shows before it is decided, also when the page reads again meanwhile, and is taken back when it is refused", async () => {
    const slug = `held-${randomUUID().slice(0, 8)}`
    await owner.run("openAccount", { accountId: randomUUID(), name: "Holder", slug })
    const accountId = await openAccount(owner, "As it was")
    const { page, errors } = await visitAs(browser, running, "owner")
    await go(page, `/accounts/${accountId}`)
    await heading(page, "As it was").waitFor()
    const { letGo, hold } = await held(page)
    const title = (text: string) => page.locator("h1").filter({ hasText: text })

    await page.getByRole("button", { name: "Rename" }).click()
    await dialog(page).getByLabel("Name", { exact: true }).fill("As it will be")
    await dialog(page).getByLabel("Slug").fill(slug)
    await dialog(page).getByRole("button", { name: "Rename" }).click()
    await title("As it will be").waitFor()
    letGo()
    await dialog(page).getByText("Another account has this slug.").waitFor()
    await title("As it was").waitFor()
    await dialog(page).getByRole("button", { name: "Cancel" }).click()

    hold()
    await page.getByRole("button", { name: "Invite a person" }).click()
    await dialog(page).getByLabel("E-mail address").fill("soon@example.org")
    await dialog(page).getByRole("button", { name: "Invite", exact: true }).click()
    const invited = page.locator("tr").filter({ hasText: "soon@example.org" })
    await invited.waitFor()
    letGo()
    await dialog(page).waitFor({ state: "hidden" })
    hold()
    await page.getByRole("button", { name: "Take back the invitation of soon@example.org" }).click()
    await dialog(page).getByRole("button", { name: "Take back" }).click()
    await invited.waitFor({ state: "hidden" })
    // Read again because of a change by another: what is not yet decided stays shown.
    await owner.run("inviteMember", { accountId, email: "another@example.org", role: "member" })
    await page.locator("tr").filter({ hasText: "another@example.org" }).waitFor()
    expect(await invited.count()).toBe(0)
    letGo()
    await dialog(page).waitFor({ state: "hidden" })
    expect(await invited.count()).toBe(0)
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
