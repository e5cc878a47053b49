import type { Foresee } from "../commands/commands.tsx"
import type { Commands, SearchIndex } from "../model.generated.ts"
import { indexKey } from "./queries.ts"

/** Shows at once that an index is being changed; what it will be is shown when it is. */
export const modifying =
  ({ accountId, indexName }: Commands["modifyIndex"]): Foresee =>
  queries => {
    const key = indexKey(accountId, indexName)
    const before = queries.getQueryData<SearchIndex>(key)
    if (before === undefined) return () => {}
    queries.setQueryData<SearchIndex>(key, { ...before, status: "MODIFYING" })
    return () => queries.setQueryData(key, before)
  }
