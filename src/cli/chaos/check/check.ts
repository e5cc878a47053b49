import type { App } from "../../../core/manifest.ts"
import type { Evidence } from "../look.ts"
import { checkCell } from "./cell.ts"
import { checkEffects } from "./effects.ts"
import { factsOf } from "./facts.ts"
import type { Finding } from "./finding.ts"
import { checkOutcomes } from "./outcomes.ts"
import { checkPublication } from "./publication.ts"
import { checkParked, checkQueues, checkReceipts } from "./rest.ts"
import { checkClaims, checkStreams } from "./streams.ts"
import { checkProjections, checkReadModelSteps, checkViews } from "./views.ts"

const checks = [
  checkOutcomes,
  checkStreams,
  checkClaims,
  checkPublication,
  checkViews,
  checkProjections,
  checkReadModelSteps,
  checkEffects,
  checkCell,
  checkReceipts,
  checkQueues,
  checkParked,
] as const

/** Judges what a run left behind by the domain's own pure rules, and nothing else of the code that ran. */
export function checkAll(app: App, evidence: Evidence): readonly Finding[] {
  const facts = factsOf(app, evidence)
  return checks.map(check => check(facts))
}
