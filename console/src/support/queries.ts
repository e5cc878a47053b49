import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { ask, subscribe } from "../api/client.ts"
import { againEveryMs, usePages } from "../api/pages.ts"
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
  readonly steps: readonly Step[]
}

const requestsPerPage = 15

/** Requests that a text leads to, newest first, each with its outcome; with `sinceMs` only those that it leads to since so long ago. */
export const useRequests = (text: string, sinceMs?: number) =>
  usePages<FoundRequest>(
    ["requests", text, sinceMs ?? null],
    nextToken => requestsFor(text, nextToken, sinceMs),
    againEveryMs,
  )

/** A page of requests. The last page is the one that reaches back beyond `sinceMs`. */
export async function requestsFor(
  text: string,
  nextToken: string | null,
  sinceMs = Number.POSITIVE_INFINITY,
): Promise<Page<FoundRequest>> {
  const query = `query ($text: String!, $limit: Int, $nextToken: String) {
    findTraces(text: $text, limit: $limit, nextToken: $nextToken) { items { traceId at } nextToken }
  }`
  const { findTraces } = await ask<{ findTraces: Page<{ traceId: string; at: string }> }>(query, {
    text,
    limit: requestsPerPage,
    nextToken,
  })
  const recent = findTraces.items.filter(({ at }) => Date.now() - Date.parse(at) < sinceMs)
  const found = [...new Set(recent.map(({ traceId }) => traceId))]
  const isTraceId = found.length === 0 && nextToken === null && sinceMs === Number.POSITIVE_INFINITY
  return {
    items: await summariesOf(isTraceId ? [text] : found),
    nextToken: recent.length < findTraces.items.length ? null : (findTraces.nextToken ?? null),
  }
}

/** Reads many traces in one request. */
async function summariesOf(traceIds: readonly string[]): Promise<readonly FoundRequest[]> {
  if (traceIds.length === 0) return []
  const declared = traceIds.map((_, index) => `$t${index}: ID!`).join(", ")
  const fields = traceIds.map((_, index) => `t${index}: trace(traceId: $t${index}) { steps { ${stepFields} } }`)
  const variables = Object.fromEntries(traceIds.map((traceId, index) => [`t${index}`, traceId]))
  const answer = await ask<Record<string, Trace | null>>(`query (${declared}) { ${fields.join(" ")} }`, variables)
  return traceIds.flatMap((traceId, index) => {
    const { steps } = answer[`t${index}`] ?? { steps: [] }
    const summary = summaryOf(steps)
    return summary === undefined ? [] : [{ traceId, steps, ...summary }]
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

/** Events and state of an aggregate, now or at a version; `reveal` is the leave to see personal values. */
export const useHistory = (address: AggregateAddress, atVersion: number | null, reveal: string | null = null) =>
  useQuery({
    queryKey: ["history", address, atVersion, reveal],
    queryFn: async () => {
      const query = `query ($aggregate: String!, $id: ID!, $tenant: ID, $atVersion: Int, $reveal: ID) {
        history(aggregate: $aggregate, id: $id, tenant: $tenant, atVersion: $atVersion, limit: 200, reveal: $reveal) {
          version state events { version type data at actor traceId }
        }
      }`
      if (atVersion === 0) return { version: 0, state: null, events: [] }
      return (await ask<{ history: History | null }>(query, { ...address, atVersion, reveal })).history
    },
    placeholderData: (before, query) => (query?.queryKey[3] === reveal ? before : undefined),
  })
