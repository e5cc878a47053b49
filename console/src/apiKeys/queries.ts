import { useQueryClient } from "@tanstack/react-query"
import { ask } from "../api/client.ts"
import { useLive } from "../api/live.ts"
import { usePages } from "../api/pages.ts"
import type { AccountApiKey, Page } from "../model.generated.ts"

const rowsPerPage = 20

/** The account's API keys; live. */
export function useApiKeys(accountId: string) {
  const queries = useQueryClient()
  const queryKey = ["apiKeys", accountId]
  useLive("onApiKeysChanged", { accountId }, () => void queries.invalidateQueries({ queryKey }))
  return usePages<AccountApiKey>(queryKey, async nextToken => {
    const query = `query ($accountId: ID!, $limit: Int, $nextToken: String) { apiKeys(accountId: $accountId, limit: $limit, nextToken: $nextToken) {
      items { accountId apiKeyId name scope issued createdAt lastUsedAt version } nextToken
    } }`
    return (await ask<{ apiKeys: Page<AccountApiKey> }>(query, { accountId, limit: rowsPerPage, nextToken })).apiKeys
  })
}
