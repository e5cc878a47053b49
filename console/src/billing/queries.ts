import { useQuery, useQueryClient } from "@tanstack/react-query"
import { ask } from "../api/client.ts"
import { useLive } from "../api/live.ts"
import { usePages } from "../api/pages.ts"
import type { AccountCost, Billing, Invoice, Page } from "../model.generated.ts"

const rowsPerPage = 12
const readAgainEveryMs = 2_000
const countedWithinMs = 2_000
const countedAgainEveryMs = 60_000

/** What a month costs, counted up to now; follows what happens to the indexes. */
export function useAccountCost(accountId: string, month: string) {
  const queries = useQueryClient()
  const readAgain = () => void queries.invalidateQueries({ queryKey: ["accountCost", accountId] })
  useLive("onIndexesChanged", { accountId }, () => {
    readAgain()
    // Use is counted by a projection, which hears of a change a moment later.
    setTimeout(readAgain, countedWithinMs)
  })
  return useQuery({
    queryKey: ["accountCost", accountId, month],
    refetchInterval: countedAgainEveryMs,
    queryFn: async () => {
      const query = `query ($accountId: ID!, $month: String) { accountCost(accountId: $accountId, month: $month) {
        accountId month currentCents forecastCents lines { indexName component unitHours cents }
      } }`
      return (await ask<{ accountCost: AccountCost | null }>(query, { accountId, month })).accountCost
    },
  })
}

/** Who the account is at Stripe; live, and while something is awaited also read now and then, in case a push was lost. */
export function useBilling(accountId: string, isAwaited: boolean) {
  const queries = useQueryClient()
  const queryKey = ["billing", accountId]
  useLive("onBillingChanged", { accountId }, () => void queries.invalidateQueries({ queryKey }))
  return useQuery({
    queryKey,
    refetchInterval: isAwaited ? readAgainEveryMs : false,
    queryFn: async () => {
      const query =
        "query ($accountId: ID!) { billing(accountId: $accountId) { accountId customerId portalUrl portalRefused portalAt version } }"
      return (await ask<{ billing: Billing | null }>(query, { accountId })).billing
    },
  })
}

/** What Stripe has told of invoices; live. */
export function useInvoices(accountId: string) {
  const queries = useQueryClient()
  const queryKey = ["invoices", accountId]
  useLive("onInvoicesChanged", { accountId }, () => void queries.invalidateQueries({ queryKey }))
  return usePages<Invoice>(queryKey, async nextToken => {
    const query = `query ($accountId: ID!, $limit: Int, $nextToken: String) { invoices(accountId: $accountId, limit: $limit, nextToken: $nextToken) {
      items { accountId invoiceId status amountCents currency url at version } nextToken
    } }`
    return (await ask<{ invoices: Page<Invoice> }>(query, { accountId, limit: rowsPerPage, nextToken })).invoices
  })
}
