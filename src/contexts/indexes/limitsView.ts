import { z } from "zod"
import { member, rowsOf, view } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { indexLimits } from "./indexLimits.ts"

export const limitsView = view({
  name: "indexLimits",
  description: "How large may an index of this account be? Nothing: as large as ordinary accounts' may be.",
  type: "IndexLimits",
  row: z.object({ accountId: AccountId, shardsMax: z.int(), replicasMax: z.int(), inferencesMax: z.int() }),
  partition: ["accountId"],
  authorize: member("viewer"),
  from: [rowsOf(indexLimits, (limits, { tenant }) => [{ accountId: AccountId.parse(tenant), ...limits }])],
})
