import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { ask } from "../api/client.ts"
import { useLive } from "../api/live.ts"
import { usePages } from "../api/pages.ts"
import { useForeseen } from "../commands/foreseen.ts"
import type { CostEstimate, IndexPrices, IndexSizeLimits, Page, SearchIndex } from "../model.generated.ts"
import type { Settings } from "./settings.ts"

const rowsPerPage = 20
const settledAfterMs = 300
const fields = "accountId indexName status marqoEndpoint marqoVersion settings errorMsg createdAt version"

export const indexesKey = (accountId: string) => ["indexes", accountId]
export const indexKey = (accountId: string, indexName: string) => ["index", accountId, indexName]
const wantedKey = (accountId: string) => ["wantedIndexVersions", accountId]

/** The account's indexes; live. */
export function useIndexes(accountId: string) {
  useIndexChanges(accountId)
  return usePages<SearchIndex>(indexesKey(accountId), async nextToken => {
    const query = `query ($accountId: ID!, $limit: Int, $nextToken: String) { indexes(accountId: $accountId, limit: $limit, nextToken: $nextToken) {
      items { ${fields} } nextToken
    } }`
    return (await ask<{ indexes: Page<SearchIndex> }>(query, { accountId, limit: rowsPerPage, nextToken })).indexes
  })
}

/** One index, also when it was deleted; live, and never older than the newest change that was pushed. */
export function useIndex(accountId: string, indexName: string) {
  const queries = useQueryClient()
  useIndexChanges(accountId)
  const { data, error, isLoading } = useQuery({
    queryKey: indexKey(accountId, indexName),
    queryFn: async () => {
      const query = `query ($accountId: ID!, $indexName: String!, $atLeastVersion: Int) {
        index(accountId: $accountId, indexName: $indexName, atLeastVersion: $atLeastVersion) { ${fields} }
      }`
      const wanted = queries.getQueryData<Record<string, number>>(wantedKey(accountId))
      const atLeastVersion = wanted?.[indexName] ?? null
      return (await ask<{ index: SearchIndex | null }>(query, { accountId, indexName, atLeastVersion })).index
    },
  })
  return { data: useForeseen(indexKey(accountId, indexName), data), error, isLoading }
}

/** Reads again what a push says has changed. */
function useIndexChanges(accountId: string): void {
  const queries = useQueryClient()
  useLive("onIndexesChanged", { accountId }, ({ key, version }) => {
    const indexName = key.slice(key.lastIndexOf("/") + 1)
    queries.setQueryData<Record<string, number>>(wantedKey(accountId), seen => ({
      ...seen,
      [indexName]: Math.max(seen?.[indexName] ?? 0, version),
    }))
    void queries.invalidateQueries({ queryKey: indexesKey(accountId) })
    void queries.invalidateQueries({ queryKey: indexKey(accountId, indexName) })
  })
}

/** How large an index of the account may be. */
export const useSizeLimits = (accountId: string) =>
  useQuery({
    queryKey: ["indexSizeLimits", accountId],
    queryFn: async () => {
      const query =
        "query ($accountId: ID!) { indexSizeLimits(accountId: $accountId) { shardsMax replicasMax inferencesMax } }"
      return (await ask<{ indexSizeLimits: IndexSizeLimits | null }>(query, { accountId })).indexSizeLimits
    },
  })

/** What an hour of each component costs. */
export const usePrices = () =>
  useQuery({
    queryKey: ["indexPrices"],
    staleTime: Infinity,
    queryFn: async () => {
      const { indexPrices } = await ask<{ indexPrices: IndexPrices | null }>(
        "{ indexPrices { prices { component hourMillionths } } }",
      )
      return indexPrices?.prices ?? []
    },
  })

/** What an index with these settings would cost; follows them once nobody types. */
export function useEstimate(settings: Settings) {
  const text = useSettled(JSON.stringify(settings))
  return useQuery({
    queryKey: ["indexCostEstimate", text],
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const query =
        "query ($settings: AWSJSON) { indexCostEstimate(settings: $settings) { hourMillionths monthCents } }"
      return (await ask<{ indexCostEstimate: CostEstimate | null }>(query, { settings: text })).indexCostEstimate
    },
  })
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settledAfterMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
