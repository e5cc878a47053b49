import { randomUUID } from "node:crypto"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { eventually, join, openAccount, type Person, signedIn } from "../slice/person.ts"
import { dialog, go, heading, openBrowser, row, startConsole, visitAs } from "./console.ts"
import { plantSecondEvent } from "./plant.ts"

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

const plant = (accountId: string, type: string, data: Readonly<Record<string, unknown>>) =>
  plantSecondEvent(running, accountId, type, data)

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

  test("finds a parked request by e-mail, rehearses and releases it, and stands by it with a name", async () => {
    const accountId = await openAccount(owner, "Bewitched")
    await plant(accountId, "AccountBewitched", {})
    const commandId = randomUUID()
    await owner.send("renameAccount", { accountId, name: "Lifted", commandId })
    await eventually("the parked receipt", async () => (await owner.receipt(commandId))?.status === "PARKED")
    const { page, errors } = await visitAs(browser, running, "support")
    await go(page, `/support/find/${owner.email}`)
    await row(page, "Parked").getByRole("link", { name: "RenameAccount" }).first().click()
    await page.getByText("This request waits").waitFor()
    await page.getByRole("button", { name: "Rehearse and release" }).click()
    await dialog(page).getByText("It still cannot be released").waitFor()
    expect(await dialog(page).getByRole("button", { name: "Release" }).getAttribute("aria-disabled")).toBe("true")
    await dialog(page).getByRole("button", { name: "Cancel" }).click()

    await plant(accountId, "AccountRenamed", { accountId, name: "Repaired", slug: `r-${accountId.slice(0, 13)}` })
    await page.getByRole("button", { name: "Rehearse and release" }).click()
    await dialog(page).getByText("The rehearsal passed").waitFor()
    await row(page, "AccountRenamed (3)").waitFor()
    await dialog(page).getByRole("button", { name: "Release" }).click()
    await dialog(page).getByText("Nothing waits any more.").waitFor()
    await dialog(page).getByRole("button", { name: "Close" }).last().click()
    await page.getByText("This request waits").waitFor({ state: "hidden" })
    expect((await owner.settled(commandId)).status).toBe("PROJECTED")

    await page.getByRole("link", { name: "Support activity" }).click()
    const deed = row(page, "Released parked work").filter({ hasText: accountId })
    await deed.getByText("AccountBewitched v1 is not known").waitFor()
    await deed.getByText("(you)").waitFor()
    await deed.getByRole("link", { name: `account ${accountId}` }).click()
    await row(page, "ParkedWorkReleased").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("sees personal values masked, then plainly after saying why, and that is recorded", async () => {
    const accountId = randomUUID()
    const slug = `s-${accountId.slice(0, 13)}`
    await owner.run("openAccount", { accountId, name: "Named", slug, displayName: "Olivia Owner" })
    const { page, errors } = await visitAs(browser, running, "support")
    await go(page, `/support/aggregate/${accountId}/account/${accountId}`)
    await page.getByText("•••").first().waitFor()
    expect(await page.getByText("Olivia Owner").count()).toBe(0)
    await page.getByRole("button", { name: "Reveal personal values" }).click()
    await dialog(page).getByRole("button", { name: "Reveal" }).click()
    await dialog(page).getByText("Say why, in a few words.").waitFor()
    expect(await dialog(page).getByLabel("Reason").getAttribute("aria-invalid")).toBe("true")
    await dialog(page).getByLabel("Reason").fill("Ticket 4711: how is the owner called here?")
    await dialog(page).getByRole("button", { name: "Reveal" }).click()
    await page.getByText("Olivia Owner").first().waitFor()
    await page.getByText("Personal values shown until").waitFor()
    await page.getByRole("button", { name: "Mask again" }).click()
    await page.getByText("•••").first().waitFor()
    expect(await page.getByText("Olivia Owner").count()).toBe(0)

    await go(page, `/support/find/${slug}`)
    await page.getByRole("link", { name: "OpenAccount" }).click()
    await page.getByRole("button", { name: "AccountOpened", exact: true }).click()
    await page.getByRole("button", { name: "Reveal personal values" }).click()
    await dialog(page).getByLabel("Reason").fill("Ticket 4711: the same once more")
    await dialog(page).getByRole("button", { name: "Reveal" }).click()
    await page.locator("pre").filter({ hasText: "Olivia Owner" }).waitFor()

    await go(page, "/support/activity")
    for (const why of ["Ticket 4711: how is the owner called here?", "Ticket 4711: the same once more"])
      await row(page, why).getByText("Looked at personal values").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("sees first what was refused of late, page by page", async () => {
    const accountId = await openAccount(owner, "Refusing")
    for (let batch = 0; batch < 2; batch++)
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          owner.run("renameAccount", { accountId, name: `Never ${batch} ${index}`, expectedVersion: 9 }),
        ),
      )
    const { page, errors } = await visitAs(browser, running, "support")
    await page.getByRole("link", { name: "Requests" }).click()
    const refused = page.getByRole("table", { name: "Refused in the last 24 hours" })
    await refused.getByText("VersionConflict: It has changed").first().waitFor()
    const seen = await refused.getByRole("row").count()
    expect(seen).toBe(16)
    await page.getByRole("button", { name: "Next page: Refused in the last 24 hours" }).click()
    await eventually("the second page", async () => (await refused.getByRole("row").count()) < seen)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("watches a request go on, without a reload", async () => {
    const accountId = await openAccount(owner, "Watched")
    const expiresAt = new Date(running.host.clock.now() + 20 * 60_000).toISOString()
    const invited = { accountId, invitationId: randomUUID(), email: "late@example.org", role: "viewer", expiresAt }
    const { traceId } = await owner.run("inviteMember", invited)
    const { page, errors } = await visitAs(browser, running, "support")
    await go(page, `/support/trace/${traceId}`)
    await heading(page, "InviteMember").waitFor()
    await page.getByRole("button", { name: "expireInvitationWhenDue" }).first().waitFor()
    expect(await page.getByRole("button", { name: "InvitationExpired" }).count()).toBe(0)
    running.host.clock.advance(21 * 60_000)
    await page.getByRole("button", { name: "InvitationExpired", exact: true }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})
