import { ask, automation, fromVault, schedule } from "../../core/index.ts"
import { cell, isRefusal, nextAttemptAt } from "../indexes/index.ts"
import { commands, events } from "./datadogIntegration.ts"

export const tellCellOnMetricsDeliveryDue = automation({
  name: "tellCellOnMetricsDeliveryDue",
  description: "When metrics go elsewhere, tell the cell, which publishes them, until it has heard.",
  on: events.MetricsDeliveryDue,
  sends: [commands.ContinueMetricsDelivery],
  asks: [cell],
  vault: true,
  timers: ["set"],
  react: ({ accountId, attempt, target }, { time, version }) => {
    const datadog = target === null ? null : { site: target.site, apiKey: fromVault(target.apiKeyReference) }
    const question = { method: "PUT" as const, path: `/accounts/${accountId}/metrics`, body: { datadog, version } }
    return [
      ask(cell, question, answer =>
        answer.status === 200 || isRefusal(answer)
          ? []
          : [
              schedule(
                `metrics-${version}`,
                nextAttemptAt(time, attempt),
                commands.ContinueMetricsDelivery({ accountId, attempt }),
              ),
            ],
      ),
    ]
  },
})
