import { useQuery, useQueryClient } from "@tanstack/react-query"
import { ask } from "../api/client.ts"
import { useLive } from "../api/live.ts"
import type { DatadogIntegration } from "../model.generated.ts"

/** Whether metrics go to Datadog; live. */
export function useDatadog(accountId: string) {
  const queries = useQueryClient()
  const queryKey = ["datadog", accountId]
  useLive("onDatadogChanged", { accountId }, () => void queries.invalidateQueries({ queryKey }))
  return useQuery({
    queryKey,
    queryFn: async () => {
      const query =
        "query ($accountId: ID!) { datadog(accountId: $accountId) { accountId enabled site since version } }"
      return (await ask<{ datadog: DatadogIntegration | null }>(query, { accountId })).datadog
    },
  })
}
