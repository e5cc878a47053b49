import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { ask, subscribe } from "../api/client.ts"
import { usePages } from "../api/pages.ts"
import type { Page } from "../model.generated.ts"
import { type Step, type Summary, stepFields, summaryOf } from "./trace.ts"

export interface Trace {
  readonly steps: readonly Step[]
  readonly truncated: boolean
}

/** All steps of a trace; live while somebody looks. */
export function useTrace(traceId: string) {
  const queries = useQueryClient()
  useEffect(
    () =>
      subscribe("subscription ($traceId: ID!) { onTrace(traceId: $traceId) { traceId } }", { traceId }, () => {
        void queries.invalidateQueries({ queryKey: ["trace", traceId] })
      }),
    [queries, traceId],
  )
  return useQuery({
    queryKey: ["trace", traceId],
    queryFn: async () => {
      const query = `query ($traceId: ID!) { trace(traceId: $traceId) { truncated steps { ${stepFields} } } }`
      return (await ask<{ trace: Trace | null }>(query, { traceId })).trace
    },
  })
}

export interface FoundRequest extends Summary {
  readonly traceId: string
}

const requestsPerPage = 15

/** Requests that a text leads to, newest first, each with its outcome. */
export const useRequests = (text: string) =>
  usePages<FoundRequest>(["requests", text], async nextToken => {
    const query = `query ($text: String!, $limit: Int, $nextToken: String) {
      findTraces(text: $text, limit: $limit, nextToken: $nextToken) { items { traceId } nextToken }
    }`
    const { findTraces } = await ask<{ findTraces: Page<{ traceId: string }> }>(query, {
      text,
      limit: requestsPerPage,
      nextToken,
    })
    const found = [...new Set(findTraces.items.map(({ traceId }) => traceId))]
    return {
      items: await summariesOf(found.length === 0 && nextToken === null ? [text] : found),
      nextToken: findTraces.nextToken ?? null,
    }
  })

/** Reads many traces in one request. */
async function summariesOf(traceIds: readonly string[]): Promise<readonly FoundRequest[]> {
  if (traceIds.length === 0) return []
  const declared = traceIds.map((_, index) => `$t${index}: ID!`).join(", ")
  const fields = traceIds.map((_, index) => `t${index}: trace(traceId: $t${index}) { steps { ${stepFields} } }`)
  const variables = Object.fromEntries(traceIds.map((traceId, index) => [`t${index}`, traceId]))
  const answer = await ask<Record<string, Trace | null>>(`query (${declared}) { ${fields.join(" ")} }`, variables)
  return traceIds.flatMap((traceId, index) => {
    const summary = summaryOf(answer[`t${index}`]?.steps ?? [])
    return summary === undefined ? [] : [{ traceId, ...summary }]
  })
}

export interface HistoryEvent {
  readonly version: number
  readonly type: string
  readonly data: string
  readonly at: string
  readonly actor: string
  readonly traceId: string
}
export interface History {
  readonly version: number
  readonly state: string | null
  readonly events: readonly HistoryEvent[]
}
export interface AggregateAddress {
  readonly tenant: string
  readonly aggregate: string
  readonly id: string
}

/** Events and state of an aggregate, now or at a version. */
export const useHistory = (address: AggregateAddress, atVersion: number | null) =>
  useQuery({
    queryKey: ["history", address, atVersion],
    queryFn: async () => {
      const query = `query ($aggregate: String!, $id: ID!, $tenant: ID, $atVersion: Int) {
        history(aggregate: $aggregate, id: $id, tenant: $tenant, atVersion: $atVersion, limit: 200) {
          version state events { version type data at actor traceId }
        }
      }`
      if (atVersion === 0) return { version: 0, state: null, events: [] }
      return (await ask<{ history: History | null }>(query, { ...address, atVersion })).history
    },
    placeholderData: before => before,
  })
