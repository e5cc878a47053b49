import { z } from "zod"
import { backend, member, rowsOf, view } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { billingAccount } from "./billingAccount.ts"

export const billingView = view({
  name: "billing",
  description: "Who is the account at Stripe, and where is its billing portal?",
  type: "Billing",
  row: z.object({
    accountId: AccountId,
    customerId: z.string().nullable(),
    portalUrl: z.string().nullable(),
    portalRefused: z.string().nullable(),
    portalAt: z.iso.datetime().nullable(),
  }),
  partition: ["accountId"],
  authorize: member("member"),
  live: true,
  from: [
    rowsOf(billingAccount, state => {
      if (state.status === "unknown") return []
      const { accountId, customerId = null, portal } = state
      const { url = null, reason = null, at = null } = portal ?? {}
      return [{ accountId, customerId, portalUrl: url, portalRefused: reason, portalAt: at }]
    }),
  ],
})

export const invoices = view({
  name: "invoices",
  description: "Which invoices does an account have?",
  type: "Invoice",
  row: z.object({
    accountId: AccountId,
    invoiceId: z.string(),
    status: z.string(),
    amountCents: z.int(),
    currency: z.string(),
    url: z.string().nullable(),
    at: z.iso.datetime(),
  }),
  partition: ["accountId"],
  sort: ["invoiceId"],
  authorize: member("member"),
  live: true,
  from: [
    rowsOf(billingAccount, state =>
      state.status === "unknown" ? [] : state.invoices.map(invoice => ({ accountId: state.accountId, ...invoice })),
    ),
  ],
})

export const customers = view({
  name: "stripeCustomer",
  description: "Which account is this customer?",
  type: "StripeCustomer",
  row: z.object({ customerId: z.string(), accountId: AccountId }),
  partition: ["customerId"],
  authorize: backend(),
  from: [
    rowsOf(billingAccount, state =>
      state.status === "unknown" || state.customerId === undefined
        ? []
        : [{ customerId: state.customerId, accountId: state.accountId }],
    ),
  ],
})
