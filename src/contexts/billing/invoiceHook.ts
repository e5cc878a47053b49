import { z } from "zod"
import type { Hook } from "../../core/index.ts"
import { commands } from "./billingAccount.ts"
import { customers } from "./billingView.ts"
import { stripe } from "./stripe.ts"

const Invoice = z.object({
  id: z.string(),
  customer: z.string(),
  status: z.string(),
  amount_due: z.int(),
  currency: z.string(),
  hosted_invoice_url: z.string().nullable().optional(),
})

export const invoiceHook: Hook = {
  service: stripe,
  description: "When an invoice changes at Stripe, remember how it stands.",
  view: customers,
  key: ({ type, data }) => {
    const invoice = type.startsWith("invoice.") ? Invoice.safeParse(data).data : undefined
    return invoice === undefined ? undefined : { customerId: invoice.customer }
  },
  command: ({ data }, row) => {
    const invoice = Invoice.safeParse(data).data
    const customer = customers.row.safeParse(row).data
    if (invoice === undefined || customer === undefined) return undefined
    return commands.RecordInvoice({
      accountId: customer.accountId,
      invoiceId: invoice.id,
      status: invoice.status,
      amountCents: invoice.amount_due,
      currency: invoice.currency,
      url: invoice.hosted_invoice_url ?? null,
    })
  },
}
