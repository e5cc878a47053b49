import { type Foreseen, foreseen } from "../commands/foreseen.ts"
import type { Commands, SearchIndex } from "../model.generated.ts"
import { indexKey } from "./queries.ts"

/** Shows at once that an index is being changed; what it will be is shown when it is. */
export const modifying = ({ accountId, indexName }: Commands["modifyIndex"]): Foreseen =>
  foreseen<SearchIndex>(indexKey(accountId, indexName), index => ({ ...index, status: "MODIFYING" }))
