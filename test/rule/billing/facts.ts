/** The facts that the rules of billing are told with. */
import { events } from "../../../src/contexts/billing/billingAccount.ts"

export const accountId = "account-00000000000000001"
export const key = { accountId }
export const customerId = "cus_00000000000001"
export const opened = events.BillingOpened(key)
export const due = events.CustomerDue({ ...key, attempt: 1 })
export const customer = events.CustomerRecorded({ ...key, customerId })
export const returnUrl = "https://console.example.org/billing"
export const portalAsked = events.PortalAsked({ ...key, customerId, returnUrl })
export const portalOpened = events.PortalOpened({ ...key, url: "https://billing.stripe.com/p/1" })
export const portalRefused = events.PortalRefused({ ...key, reason: "No." })
export const invoice = {
  ...key,
  invoiceId: "in_1",
  status: "open",
  amountCents: 1_250,
  currency: "usd",
  url: "https://invoice.stripe.com/1",
}
export const invoiced = events.InvoiceRecorded(invoice)
