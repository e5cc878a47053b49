import { describe, test } from "vitest"
import { commands, events, indexLimits } from "../../../src/contexts/indexes/indexLimits.ts"
import { limitsView } from "../../../src/contexts/indexes/limitsView.ts"
import { given } from "../../scenario.ts"
import { limitsSet } from "./facts.ts"

const { SetIndexLimits } = commands
const { accountId, ...limits } = limitsSet.data

describe("the limits of an account's indexes", () => {
  test("are set by support, each of them", () => {
    given(indexLimits).when(SetIndexLimits(limitsSet.data)).thenEvents(limitsSet)
    given(indexLimits, limitsSet).when(SetIndexLimits(limitsSet.data)).thenNothing()
    for (const name of ["shardsMax", "replicasMax", "inferencesMax"] as const) {
      const other = { ...limitsSet.data, [name]: 7 }
      given(indexLimits, limitsSet).when(SetIndexLimits(other)).thenEvents(events.IndexLimitsSet(other))
    }
  })

  test("are shown", () =>
    given(indexLimits, limitsSet).thenRows(limitsView, { accountId: "tenant-000000000000000001", ...limits }))
})
