import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Cloud, newKey, program, untilStatus } from "../slice/cloud.ts"
import { eventually, join, openAccount, type Person, signedIn } from "../slice/person.ts"
import { storesOf } from "../slice/stores.ts"
import { dialog, go, heading, openBrowser, row, startCloudConsole, visitAs } from "./console.ts"
import { customerOf, makeIndex } from "./furnish.ts"

let cloud: Cloud
let browser: Browser
let owner: Person
let member: Person

beforeAll(async () => {
  ;[cloud, browser] = await Promise.all([startCloudConsole({ metricsEveryMs: 200 }), openBrowser()])
  ;[owner, member] = await Promise.all([signedIn(cloud.running, "owner"), signedIn(cloud.running, "member")])
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

const enter = (name: string) => visitAs(browser, cloud.running, name)
const rest = (key?: string) => program(cloud.running.local.restUrl ?? "", key)

describe("an API key", () => {
  test("is shown once, works, says when it was used, and stops when it is revoked", async () => {
    const accountId = await openAccount(owner)
    const { page, errors } = await enter("owner")
    await go(page, `/accounts/${accountId}/api-keys`)
    await row(page, "default").getByText("Waits for its secret").waitFor()
    await page.getByRole("button", { name: "Create API key" }).click()
    await dialog(page).getByLabel("Name", { exact: true }).fill("laptop")
    await dialog(page).getByLabel("Scope").click()
    await page.getByRole("option", { name: "Admin" }).click()
    await dialog(page).getByRole("button", { name: "Create API key" }).click()
    await dialog(page).getByText("the only time that the key is shown", { exact: false }).waitFor()
    const [key = ""] = /[0-9a-f-]{36}\.[\w-]{43}/.exec((await dialog(page).textContent()) ?? "") ?? []
    await dialog(page).getByRole("button", { name: "I have kept it" }).click()
    expect(await page.getByText(key).count()).toBe(0)
    const { status } = await rest(key)("GET", "/api/v2/indexes")
    expect(status).toBe(200)
    await row(page, "laptop").getByText("Never").waitFor({ state: "hidden" })
    const { all } = storesOf(cloud.running)
    const [, secret = "none"] = key.split(".")
    for (const table of ["EventStore", "Outbox", "ViewStore", "TraceTable"])
      expect(JSON.stringify(await all(table)), table).not.toContain(secret)

    await page.getByRole("button", { name: "Revoke laptop" }).click()
    await dialog(page).getByRole("button", { name: "Revoke" }).click()
    await row(page, "laptop").waitFor({ state: "hidden" })
    expect((await rest(key)("GET", "/api/v2/indexes")).status).toBeGreaterThanOrEqual(401)
    await page.getByRole("button", { name: "Issue secret of default" }).click()
    await dialog(page).getByRole("button", { name: "Issue secret" }).click()
    await dialog(page).getByText("Your API key").waitFor()
    await dialog(page).getByRole("button", { name: "I have kept it" }).click()
    await row(page, "default").getByText("Never").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("billing", () => {
  test("shows cost by index and component, invoices as they come, and leads to Stripe's portal and back", async () => {
    const accountId = await openAccount(owner, "Paying")
    await makeIndex(owner, accountId, "costly", { storageClass: "marqo.performance" })
    const customer = await customerOf(owner, accountId)
    const { page, errors } = await enter("owner")
    await go(page, `/accounts/${accountId}/billing`)
    await row(page, "Storage: marqo.performance").getByRole("link", { name: "costly" }).waitFor()
    await row(page, "Inference: marqo.CPU.small").waitFor()
    await page.getByText("Forecast for the end of the month").waitFor()
    await page.getByText("No invoices yet").waitFor()
    const invoice = { id: "in_4711", customer, amount_due: 990, currency: "usd", hosted_invoice_url: null }
    const hook = `${cloud.running.local.restUrl}/hooks/stripe`
    await cloud.stripe.tell(hook, { type: "invoice.open", object: { ...invoice, status: "open" } })
    await row(page, "in_4711").getByText("$9.90").waitFor()
    await cloud.stripe.tell(hook, { type: "invoice.paid", object: { ...invoice, status: "paid" } })
    await row(page, "in_4711").getByText("Paid").waitFor()
    await page.getByRole("button", { name: "Open billing portal" }).click()
    await page.getByRole("heading", { name: "Billing portal" }).waitFor()
    expect(await page.getByText(customer).count()).toBe(1)
    await page.getByRole("link", { name: "Return" }).click()
    await heading(page, "Billing").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("that is down says so, and everything else works", async () => {
    const accountId = await openAccount(owner, "Patient")
    await customerOf(owner, accountId)
    const { page, errors } = await enter("owner")
    await go(page, `/accounts/${accountId}/billing`)
    await page.getByText("cus_", { exact: false }).waitFor()
    cloud.stripe.behaviour.failing = true
    await page.getByRole("button", { name: "Open billing portal" }).click()
    await page.getByText("The billing portal could not be opened").waitFor({ timeout: 60_000 })
    await makeIndex(owner, accountId, "meanwhile")
    await row(page, "Storage: marqo.basic").waitFor()
    const other = await openAccount(owner, "Unknown to Stripe")
    await go(page, `/accounts/${other}/billing`)
    await page.getByText("Stripe has not answered yet").waitFor()
    await page.getByText("Nothing was used").waitFor()
    cloud.stripe.behaviour.failing = false
    await page.getByText("Stripe has not answered yet").waitFor({ state: "hidden", timeout: 60_000 })
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("an integration", () => {
  test("with Datadog is enabled with a key that no page shows, publishes, and is disabled", async () => {
    const accountId = await openAccount(owner)
    await makeIndex(owner, accountId, "measured")
    const { key } = await newKey(owner, accountId)
    const { page, errors } = await enter("owner")
    await go(page, `/accounts/${accountId}/integrations`)
    await page.getByText("Not enabled").waitFor()
    await page.getByRole("button", { name: "Enable" }).click()
    const apiKey = "datadog-key-for-a-browser-000001"
    await dialog(page).getByLabel("Site").click()
    await page.getByRole("option", { name: "EU1" }).click()
    await dialog(page).getByLabel("API key of Datadog").fill(apiKey)
    await dialog(page).getByRole("button", { name: "Apply" }).click()
    await page.getByText("Enabled", { exact: true }).waitFor()
    await page.getByText("datadoghq.eu").waitFor()
    expect(await page.content()).not.toContain(apiKey)
    const ask = rest(key)
    await untilStatus(ask, "measured", "READY")
    const [{ marqoEndpoint }] = (await ask("GET", "/api/v2/indexes")).body.results
    await eventually("metrics", async () => {
      await program(marqoEndpoint, key)("GET", "/")
      return cloud.datadog.submissions.some(submission => submission.apiKey === apiKey)
    })
    await page.getByRole("button", { name: "Disable" }).click()
    await dialog(page).getByRole("button", { name: "Disable" }).click()
    await page.getByText("Not enabled").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("a person of several accounts", () => {
  test("switches between them on the same page, and loses one at once when removed", async () => {
    const harbour = await openAccount(owner, "Harbour Office")
    const island = await openAccount(owner, "Island Survey")
    await Promise.all([makeIndex(owner, harbour, "ships"), makeIndex(owner, island, "birds")])
    for (const accountId of [harbour, island]) await join(owner, member, accountId, "member")
    const { page, errors } = await enter("member")
    await go(page, `/accounts/${harbour}/indexes`)
    await page.getByRole("link", { name: "ships" }).waitFor()
    await page.getByRole("button", { name: "Account: Harbour Office" }).click()
    await page.getByRole("menuitem", { name: /Island Survey/ }).click()
    await page.getByRole("link", { name: "birds" }).waitFor()
    expect(await page.getByText("ships").count()).toBe(0)
    const personId = JSON.parse(Buffer.from(member.token.split(".")[1] ?? "", "base64url").toString()).sub
    await owner.run("removeMember", { accountId: island, personId })
    await page.getByText("You have no access to this account").waitFor()
    expect(await page.getByText("birds").count()).toBe(0)
    await page.getByRole("button", { name: "Choose an account" }).click()
    await page.getByRole("menuitem", { name: /Island Survey/ }).waitFor({ state: "detached" })
    await page.getByRole("menuitem", { name: /Harbour Office/ }).click()
    await page.getByRole("link", { name: "ships" }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("a viewer", () => {
  test("looks at everything but payment, and may change nothing", async () => {
    const accountId = await openAccount(owner)
    await makeIndex(owner, accountId, "looked-at")
    await join(owner, member, accountId, "viewer")
    const { page } = await enter("member")
    await go(page, `/accounts/${accountId}/indexes/looked-at`)
    await page.getByText("Ready", { exact: true }).waitFor()
    const disabled = async (name: string) =>
      (await page.getByRole("button", { name }).first().getAttribute("aria-disabled")) === "true"
    for (const name of ["Edit", "Pause", "Delete"]) expect(await disabled(name), name).toBe(true)
    await go(page, `/accounts/${accountId}/api-keys`)
    await row(page, "default").waitFor()
    expect(await disabled("Create API key")).toBe(true)
    await go(page, `/accounts/${accountId}/billing`)
    await page.getByText("Members of the account also see invoices and payment.").waitFor()
    await row(page, "Storage: marqo.basic").waitFor()
    await page.context().close()
  })
})

describe("support", () => {
  test("finds requests by the name of an index, the first characters of an API key and a customer of Stripe", async () => {
    const accountId = await openAccount(owner)
    await makeIndex(owner, accountId, "looked-for")
    const { apiKeyId } = await newKey(owner, accountId)
    const customer = await customerOf(owner, accountId)
    const { page, errors } = await enter("support")
    const finds = async (text: string, request: string) => {
      await go(page, `/support/find/${text}`)
      await page.getByRole("link", { name: request }).first().waitFor()
    }
    await finds("looked-for", "CreateIndex")
    await finds(apiKeyId.slice(0, 8), "CreateApiKey")
    await finds(customer, "OpenAccount")
    expect(errors).toEqual([])
    await page.context().close()
  })
})
