import type { Context } from "../../core/index.ts"
import { billingAccount } from "./billingAccount.ts"
import { billingView, customers, invoices } from "./billingView.ts"
import { accountCost, indexCostEstimate, indexPrices } from "./costs.ts"
import { indexUsage } from "./indexUsage.ts"
import { invoiceHook } from "./invoiceHook.ts"
import { makeCustomerOnCustomerDue } from "./makeCustomerOnCustomerDue.ts"
import { openBillingOnAccountOpened } from "./openBillingOnAccountOpened.ts"
import { openPortalOnPortalAsked } from "./openPortalOnPortalAsked.ts"

/** What accounts use, what it costs, and how they pay. */
export const billing: Context = {
  name: "billing",
  description: "What accounts use, what it costs, and how they pay.",
  aggregates: [billingAccount],
  views: [billingView, invoices, customers],
  projections: [indexUsage],
  automations: [openBillingOnAccountOpened, makeCustomerOnCustomerDue, openPortalOnPortalAsked],
  computed: [accountCost, indexCostEstimate, indexPrices],
  hooks: [invoiceHook],
}
