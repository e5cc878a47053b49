/** The facts that the rules of integrations are told with. */
import { events } from "../../../src/contexts/integrations/datadogIntegration.ts"

export const accountId = "account-00000000000000001"
export const key = { accountId }
export const target = { site: "datadoghq.eu", apiKeyReference: "reference-of-a-key" }
export const enabled = events.DatadogEnabled({ ...key, ...target })
export const enableDue = events.MetricsDeliveryDue({ ...key, attempt: 1, target })
export const disabled = events.DatadogDisabled(key)
export const disableDue = events.MetricsDeliveryDue({ ...key, attempt: 1, target: null })
