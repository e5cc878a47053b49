import type { Context } from "../../core/index.ts"
import { datadogIntegration } from "./datadogIntegration.ts"
import { integrationsView } from "./integrationsView.ts"
import { tellCellOnMetricsDeliveryDue } from "./tellCellOnMetricsDeliveryDue.ts"

/** Where else an account wants to see what its indexes do. */
export const integrations: Context = {
  name: "integrations",
  description: "Where else an account wants to see what its indexes do.",
  aggregates: [datadogIntegration],
  views: [integrationsView],
  projections: [],
  automations: [tellCellOnMetricsDeliveryDue],
}
