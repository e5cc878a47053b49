import { z } from "zod"
import { member, rowsOf, view } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { IndexName, IndexStatus } from "./ids.ts"
import { type State, searchIndex } from "./searchIndex.ts"
import { IndexSettings } from "./settings.ts"

const row = z.object({
  accountId: AccountId,
  indexName: IndexName,
  status: IndexStatus,
  marqoEndpoint: z.string(),
  marqoVersion: z.string(),
  settings: IndexSettings,
  errorMsg: z.string().nullable(),
  createdAt: z.iso.datetime(),
})
export type IndexRow = z.output<typeof row>

const rowsFrom = (state: State): readonly IndexRow[] => {
  if (state.status === "unknown") return []
  const { accountId, indexName, status, endpoint, marqoVersion, settings, reason, createdAt } = state
  return [
    {
      accountId,
      indexName,
      status,
      marqoEndpoint: endpoint,
      marqoVersion,
      settings,
      errorMsg: reason ?? null,
      createdAt,
    },
  ]
}

export const indexes = view({
  name: "indexes",
  description: "Which indexes does an account have, and how are they?",
  type: "SearchIndex",
  row,
  partition: ["accountId"],
  sort: ["indexName"],
  authorize: member("viewer"),
  live: true,
  from: [rowsOf(searchIndex, state => (state.status === "DELETED" ? [] : rowsFrom(state)))],
})

export const indexView = view({
  name: "index",
  description: "How is this index, also when it was deleted?",
  type: "SearchIndex",
  row,
  partition: ["accountId", "indexName"],
  authorize: member("viewer"),
  from: [rowsOf(searchIndex, rowsFrom)],
})
