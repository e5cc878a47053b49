import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Cloud, startCloud } from "./cloud.ts"
import { eventually, openAccount, type Person, signedIn } from "./person.ts"

let cloud: Cloud
let owner: Person
let accountId: string
beforeAll(async () => {
  cloud = await startCloud()
  owner = await signedIn(cloud.running, "owner")
  accountId = await openAccount(owner)
}, 180_000)
afterAll(() => cloud?.stop())

interface Billing {
  readonly customerId: string | null
  readonly portalUrl: string | null
}
const billing = (id = accountId) =>
  owner.ask<Billing | null>(
    "billing",
    "query ($accountId: ID!) { billing(accountId: $accountId) { customerId portalUrl } }",
    { accountId: id },
  )
const customerOf = (id: string) => eventually("a customer", async () => (await billing(id))?.customerId)
const hookUrl = () => `${cloud.running.local.restUrl}/hooks/stripe`
const invoiceOf = (customer: string, status: string) => ({
  type: `invoice.${status}`,
  object: { id: "in_1", customer, status, amount_due: 990, currency: "usd", hosted_invoice_url: null },
})
const invoices = async () =>
  (
    await owner.ask<{ items: readonly { invoiceId: string; status: string; version: number }[] }>(
      "invoices",
      "query ($accountId: ID!) { invoices(accountId: $accountId) { items { invoiceId status version } } }",
      { accountId },
    )
  ).items

describe("billing", () => {
  test("makes one customer of Stripe of each account", async () => {
    const customerId = await customerOf(accountId)
    const its = [...cloud.stripe.customers.values()].filter(customer => customer.accountId === accountId)
    expect(its).toEqual([{ id: customerId, accountId }])
  })

  test("opens the portal of the account's customer", async () => {
    const customerId = await customerOf(accountId)
    await owner.run("openBillingPortal", { accountId, returnUrl: "https://console.example.org/" })
    const url = await eventually("a portal", async () => (await billing())?.portalUrl)
    expect(url).toContain(customerId)
  })

  test("takes a signed notice once, and no other", async () => {
    const customerId = await customerOf(accountId)
    const open = { ...invoiceOf(customerId, "open"), id: "evt_same" }
    expect(await cloud.stripe.tell(hookUrl(), open)).toBe(200)
    const [first] = await eventually("an invoice", async () => {
      const items = await invoices()
      return items.length > 0 && items
    })
    expect(await cloud.stripe.tell(hookUrl(), open)).toBe(200)
    expect(await cloud.stripe.tell(hookUrl(), invoiceOf(customerId, "paid"))).toBe(200)
    const [paid] = await eventually("the payment", async () => {
      const items = await invoices()
      return items[0]?.status === "paid" && items
    })
    expect(paid?.version).toBe((first?.version ?? 0) + 1)

    const forged = await fetch(hookUrl(), {
      method: "POST",
      headers: { "stripe-signature": "t=1,v1=00" },
      body: JSON.stringify({ id: "evt_x", type: "invoice.paid", data: { object: {} } }),
    })
    expect(forged.status).toBe(400)
  })

  test("tells what indexes cost, before and while there are some", async () => {
    const estimate = await owner.ask<{ hourMillionths: number; monthCents: number }>(
      "indexCostEstimate",
      "query ($settings: AWSJSON) { indexCostEstimate(settings: $settings) { hourMillionths monthCents } }",
      { settings: JSON.stringify({ storageClass: "marqo.performance", numberOfInferences: 0 }) },
    )
    expect(estimate).toEqual({ hourMillionths: 2_180_800, monthCents: 159_198 })
    await owner.run("createIndex", { accountId, indexName: "costly", settings: "{}" })
    const cost = await eventually("a cost", async () => {
      const { data } = await owner.graphql(
        "query ($accountId: ID!) { accountCost(accountId: $accountId) { currentCents forecastCents lines { indexName component } } }",
        { accountId },
      )
      const found = data?.accountCost as { forecastCents: number; lines: readonly { indexName: string }[] } | null
      return found !== null && found.lines.length > 0 && found
    })
    expect(cost.lines.map(({ indexName }) => indexName)).toContain("costly")
    const outsider = await signedIn(cloud.running, "outsider")
    const refused = await outsider.graphql(
      "query ($accountId: ID!) { accountCost(accountId: $accountId) { currentCents } }",
      { accountId },
    )
    expect(refused.errors?.[0]?.errorType).toBe("Unauthorized")
  })

  test("may be down: everything else works, and the customer is made later", async () => {
    cloud.stripe.behaviour.failing = true
    const other = await openAccount(owner)
    expect(await owner.run("createIndex", { accountId: other, indexName: "meanwhile" })).toMatchObject({
      status: "PROJECTED",
    })
    expect((await billing(other))?.customerId ?? null).toBeNull()
    cloud.stripe.behaviour.failing = false
    await customerOf(other)
  })
})
