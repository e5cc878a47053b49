import type { Context } from "../../core/index.ts"
import { indexes as indexList, indexView } from "./indexes.ts"
import { indexLimits } from "./indexLimits.ts"
import { indexSizeLimits, limitsView } from "./limitsView.ts"
import { rest } from "./restRoutes.ts"
import { searchIndex } from "./searchIndex.ts"
import { workCellOnCellWorkDue } from "./workCellOnCellWorkDue.ts"

/** Search indexes of accounts, and the cell that runs them. */
export const indexes: Context = {
  name: "indexes",
  description: "Search indexes of accounts, and the cell that runs them.",
  aggregates: [searchIndex, indexLimits],
  views: [indexList, indexView, limitsView],
  projections: [],
  automations: [workCellOnCellWorkDue],
  computed: [indexSizeLimits],
  rest,
}

export { cell, isRefusal, nextAttemptAt } from "./cell.ts"
export { attemptsMax, events as indexEvents, searchIndex } from "./searchIndex.ts"
export { AskedSettings, withDefaults } from "./settings.ts"
