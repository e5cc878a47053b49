import { z } from "zod"
import { computed, member, rowsOf, view } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { indexLimits } from "./indexLimits.ts"

const limits = { shardsMax: z.int(), replicasMax: z.int(), inferencesMax: z.int() }

export const limitsView = view({
  name: "indexLimits",
  description: "How large may an index of this account be? Nothing: as large as ordinary accounts' may be.",
  type: "IndexLimits",
  row: z.object({ accountId: AccountId, ...limits }),
  partition: ["accountId"],
  authorize: member("viewer"),
  from: [rowsOf(indexLimits, (limits, { tenant }) => [{ accountId: AccountId.parse(tenant), ...limits }])],
})

export const indexSizeLimits = computed({
  name: "indexSizeLimits",
  description: "How large may an index of this account be, in numbers, whether support has set them or not?",
  arguments: z.object({ accountId: AccountId }),
  type: "IndexSizeLimits",
  answer: z.object(limits),
  authorize: member("viewer"),
  reads: { set: { of: limitsView, key: ({ accountId }) => ({ accountId }) } },
  compute: (_, { set }) => z.object(limits).safeParse(set).data ?? indexLimits.initial,
})
