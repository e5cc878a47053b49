import { describe, expect, test } from "vitest"
import { billingAccount, commands, events, type KnownInvoice } from "../../../src/contexts/billing/billingAccount.ts"
import { billingView, customers, invoices } from "../../../src/contexts/billing/billingView.ts"
import { accountCost, indexCostEstimate, indexPrices } from "../../../src/contexts/billing/costs.ts"
import { accrued, indexUsage } from "../../../src/contexts/billing/indexUsage.ts"
import { invoiceHook } from "../../../src/contexts/billing/invoiceHook.ts"
import { makeCustomerOnCustomerDue } from "../../../src/contexts/billing/makeCustomerOnCustomerDue.ts"
import { openBillingOnAccountOpened } from "../../../src/contexts/billing/openBillingOnAccountOpened.ts"
import { openPortalOnPortalAsked } from "../../../src/contexts/billing/openPortalOnPortalAsked.ts"
import { attemptsMax, searchIndex } from "../../../src/contexts/indexes/searchIndex.ts"
import { AskedSettings, withDefaults } from "../../../src/contexts/indexes/settings.ts"
import { fold } from "../../../src/core/aggregate.ts"
import { schedule, send } from "../../../src/core/index.ts"
import type { Message } from "../../../src/core/message.ts"
import { asking, given, givenStreams, on, stored, stream } from "../../scenario.ts"
import { opened as accountOpened } from "../accounts/facts.ts"
import * as indexes from "../indexes/facts.ts"
import * as facts from "./facts.ts"

const { key, opened, due, customer, customerId, returnUrl, portalAsked, invoice, invoiced, accountId } = facts

describe("a billed account", () => {
  test("is opened with the account, and asks Stripe for a customer", () => {
    on(accountOpened).thenReactions(openBillingOnAccountOpened, send(commands.OpenBilling(key)))
    given(billingAccount).when(commands.OpenBilling(key)).thenEvents(opened, due)
    given(billingAccount, opened).when(commands.OpenBilling(key)).thenNothing()
  })

  test("is one customer, however often Stripe was asked", () => {
    given(billingAccount, opened, due)
      .when(commands.RecordCustomer({ ...key, customerId }))
      .thenEvents(customer)
    given(billingAccount, opened, due, customer)
      .when(commands.RecordCustomer({ ...key, customerId: "cus_other" }))
      .thenNothing()
    given(billingAccount, opened, due)
      .when(commands.ContinueCustomer({ ...key, attempt: 1 }))
      .thenEvents(events.CustomerDue({ ...key, attempt: 2 }))
    given(billingAccount, opened, due, customer)
      .when(commands.ContinueCustomer({ ...key, attempt: 1 }))
      .thenNothing()
  })

  test("has a portal once Stripe knows it", () => {
    const ask = commands.OpenBillingPortal({ ...key, returnUrl })
    given(billingAccount, opened).when(ask).thenRejected("CustomerUnknown")
    given(billingAccount).when(ask).thenRejected("BillingUnknown")
    given(billingAccount, opened, customer).when(ask).thenEvents(portalAsked)
  })

  test("remembers how its invoices stand, whatever the order in which Stripe tells it", () => {
    const record = (status: string) => commands.RecordInvoice({ ...invoice, status })
    given(billingAccount, opened).when(record("open")).thenEvents(invoiced)
    given(billingAccount, opened, invoiced).when(record("open")).thenNothing()
    const paid = events.InvoiceRecorded({ ...invoice, status: "paid" })
    given(billingAccount, opened, invoiced).when(record("paid")).thenEvents(paid)
    given(billingAccount, opened, invoiced, paid).when(record("open")).thenNothing()
    const { accountId: _, ...row } = invoice
    given(billingAccount, opened, invoiced, paid).thenRows(invoices, {
      accountId,
      ...row,
      status: "paid",
      at: "2026-11-01T10:00:00.000Z",
    })
  })

  test("shows who it is at Stripe, and is found by that", () => {
    const row = { accountId, customerId, portalRefused: null }
    given(billingAccount, opened, customer, facts.portalOpened).thenRows(billingView, {
      ...row,
      portalUrl: "https://billing.stripe.com/p/1",
      portalAt: "2026-11-01T10:00:00.000Z",
    })
    given(billingAccount, opened, customer).thenRows(customers, { customerId, accountId })
  })
})

describe("a billed account", () => {
  test("asks for its customer again only when the last asking had no answer, and not for ever", () => {
    const again = (attempt: number) => commands.ContinueCustomer({ ...key, attempt })
    const asked = (attempt: number) => events.CustomerDue({ ...key, attempt })
    given(billingAccount).when(again(1)).thenNothing()
    given(billingAccount, opened, asked(3)).when(again(2)).thenNothing()
    given(billingAccount, opened, asked(3)).when(again(3)).thenEvents(asked(4))
    given(billingAccount, opened, asked(attemptsMax - 1))
      .when(again(attemptsMax - 1))
      .thenEvents(asked(attemptsMax))
    given(billingAccount, opened, asked(attemptsMax)).when(again(attemptsMax)).thenNothing()
  })

  test("learns nothing of Stripe before it is billed", () => {
    for (const command of [
      commands.RecordCustomer({ ...key, customerId }),
      commands.RecordPortal({ ...key, url: "https://x.example.org" }),
      commands.RecordPortalRefusal({ ...key, reason: "No." }),
      commands.RecordInvoice(invoice),
    ])
      given(billingAccount).when(command).thenRejected("BillingUnknown")
    for (const view of [billingView, invoices, customers]) given(billingAccount).thenRows(view)
    given(billingAccount, opened).thenRows(customers)
  })

  test("shows the link to its portal, or why there is none", () => {
    const { portalOpened, portalRefused } = facts
    given(billingAccount, opened).when(commands.RecordPortal(portalOpened.data)).thenEvents(portalOpened)
    given(billingAccount, opened).when(commands.RecordPortalRefusal(portalRefused.data)).thenEvents(portalRefused)
    given(billingAccount, opened, portalOpened, portalRefused).thenRows(billingView, {
      accountId,
      customerId: null,
      portalUrl: null,
      portalRefused: "No.",
      portalAt: "2026-11-01T10:00:00.000Z",
    })
  })

  test("remembers each of its invoices as it stands, the last thirty-six of them", () => {
    const other = events.InvoiceRecorded({ ...invoice, invoiceId: "in_2" })
    const dearer = { ...invoice, amountCents: 2_000 }
    given(billingAccount, opened, invoiced).when(commands.RecordInvoice(other.data)).thenEvents(other)
    given(billingAccount, opened, invoiced)
      .when(commands.RecordInvoice(dearer))
      .thenEvents(events.InvoiceRecorded(dearer))
    const shown = (...history: readonly Message[]) => {
      const state = fold(billingAccount, stored(billingAccount, [opened, ...history])) as { invoices: KnownInvoice[] }
      return state.invoices.map(({ invoiceId, amountCents }) => `${invoiceId} ${amountCents}`)
    }
    expect(shown(invoiced, other, events.InvoiceRecorded(dearer))).toEqual(["in_2 1250", "in_1 2000"])
    const many = Array.from({ length: 40 }, (_, n) => events.InvoiceRecorded({ ...invoice, invoiceId: `in_${n}` }))
    expect(shown(...many)).toHaveLength(36)
    expect(shown(...many)[0]).toBe("in_4 1250")
  })
})

describe("Stripe", () => {
  const later = schedule("customer-1", "2026-11-01T10:00:01.000Z", commands.ContinueCustomer({ accountId, attempt: 1 }))

  test("is asked for a customer, and again later while it gives none", () => {
    const { question, answered } = asking(makeCustomerOnCustomerDue, due)
    expect(question).toEqual({ method: "POST", path: "/v1/customers", body: { metadata: { accountId } } })
    expect(answered(200, { id: customerId })).toEqual([send(commands.RecordCustomer({ accountId, customerId }))])
    for (const [status, body] of [
      [200, {}],
      [200, { id: 7 }],
      [500, { id: customerId }],
      [0, {}],
    ] as const)
      expect(answered(status, body)).toEqual([later])
  })

  test("is asked for a portal, and why there is none", () => {
    const { question, answered } = asking(openPortalOnPortalAsked, portalAsked)
    expect(question).toEqual({
      method: "POST",
      path: "/v1/billing_portal/sessions",
      body: { customer: customerId, return_url: returnUrl },
    })
    const refused = (reason: string) => [send(commands.RecordPortalRefusal({ accountId, reason }))]
    expect(answered(200, { url: "https://p" })).toEqual([send(commands.RecordPortal({ accountId, url: "https://p" }))])
    expect(answered(400, { message: "No.", url: "https://p" })).toEqual(refused("No."))
    expect(answered(200)).toEqual(refused("Stripe did not answer."))
  })
})

describe("a notice of Stripe", () => {
  const data = {
    id: "in_1",
    customer: customerId,
    status: "open",
    amount_due: 1_250,
    currency: "usd",
    hosted_invoice_url: "https://invoice.stripe.com/1",
  }
  const row = { customerId, accountId }

  test("about an invoice asks to record it for the customer's account", () => {
    const notice = { id: "evt_1", type: "invoice.finalized", data }
    expect(invoiceHook.key(notice)).toEqual({ customerId })
    expect(invoiceHook.command(notice, row)).toEqual(commands.RecordInvoice(invoice))
  })

  test("about anything else asks for nothing", () => {
    expect(invoiceHook.key({ id: "evt_1", type: "charge.succeeded", data })).toBeUndefined()
    expect(invoiceHook.key({ id: "evt_1", type: "invoice.paid", data: { id: "in_1" } })).toBeUndefined()
    const notice = { id: "evt_1", type: "invoice.paid", data }
    expect(invoiceHook.command({ ...notice, data: { id: "in_1" } }, row)).toBeUndefined()
    expect(invoiceHook.command(notice, { customerId })).toBeUndefined()
  })
})

describe("what an account uses", () => {
  const units = { "storage/marqo.basic": 1, "inference/marqo.CPU.small": 2 }
  const running = { since: "2026-11-30T22:00:00.000Z", units }

  test("is counted in hours of units, each month by itself", () => {
    const { months } = accrued({ months: {}, running }, "2026-12-01T01:30:00.000Z")
    expect(months).toEqual({
      "2026-11": { "storage/marqo.basic": 2, "inference/marqo.CPU.small": 4 },
      "2026-12": { "storage/marqo.basic": 1.5, "inference/marqo.CPU.small": 3 },
    })
  })

  test("of each index is told by itself, whatever the order of what happens to several", () => {
    const row = {
      running: {
        since: "2026-11-01T10:00:00.000Z",
        units: { "storage/marqo.basic": 1, "inference/marqo.CPU.small": 1 },
      },
    }
    givenStreams(stream(searchIndex, ...indexes.ready)).thenProjects(indexUsage, {
      accountId: "tenant-000000000000000001",
      indexes: { books: { months: {}, ...row } },
    })
  })

  test("costs what the prices say, so far and at the end of the month", () => {
    const usage = {
      accountId,
      indexes: { books: { months: {}, running: { ...running, since: "2026-11-29T00:00:00.000Z" } } },
    }
    const cost = accountCost.compute({ accountId } as never, { usage }, "2026-11-30T00:00:00.000Z")
    expect(cost).toMatchObject({
      month: "2026-11",
      currentCents: 142 + 182,
      forecastCents: 142 + 182 + 325,
      lines: [
        { indexName: "books", component: "storage/marqo.basic", unitHours: 24, cents: 142 },
        { indexName: "books", component: "inference/marqo.CPU.small", unitHours: 48, cents: 182 },
      ],
    })
  })

  test("of an earlier month is what it was, without a forecast", () => {
    const usage = {
      accountId,
      indexes: {
        books: { months: { "2026-10": { "storage/marqo.basic": 24 } }, running },
        gone: { months: {}, running: null },
      },
    }
    const cost = (month?: string) =>
      accountCost.compute({ accountId, month } as never, { usage }, "2026-11-30T23:00:00Z")
    expect(cost("2026-10")).toMatchObject({ month: "2026-10", currentCents: 142, forecastCents: 142 })
    expect(cost("")).toMatchObject({ month: "2026-11" })
    expect(accountCost.reads?.usage?.key({ accountId } as never)).toEqual({ accountId })
  })

  test("is nothing before there is an index", () =>
    expect(accountCost.compute({ accountId } as never, {}, "2026-11-30T00:00:00.000Z")).toEqual({
      accountId,
      month: "2026-11",
      currentCents: 0,
      forecastCents: 0,
      lines: [],
    }))

  test("has a price for everything that settings may ask for", () => {
    const { prices } = indexPrices.compute({} as never, {}, "") as { prices: readonly { component: string }[] }
    const priced = new Set(prices.map(({ component }) => component))
    const { inferenceType, storageClass } = AskedSettings.shape
    for (const asked of inferenceType.unwrap().options)
      expect(priced).toContain(`inference/${withDefaults({ inferenceType: asked }).inferenceType}`)
    for (const asked of storageClass.unwrap().options)
      expect(priced).toContain(`storage/${withDefaults({ storageClass: asked }).storageClass}`)
  })

  test("can be told before", () => {
    const settings = { storageClass: "marqo.balanced", numberOfShards: 2, numberOfReplicas: 1, numberOfInferences: 0 }
    expect(indexCostEstimate.compute({ settings } as never, {}, "")).toEqual({
      hourMillionths: 4 * 870_800,
      monthCents: Math.round((4 * 870_800 * 730) / 10_000),
    })
  })
})
