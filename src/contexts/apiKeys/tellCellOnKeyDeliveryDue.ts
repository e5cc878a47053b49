import { ask, automation, schedule } from "../../core/index.ts"
import { cell, isRefusal, nextAttemptAt } from "../indexes/index.ts"
import { commands, events } from "./apiKey.ts"

export const tellCellOnKeyDeliveryDue = automation({
  name: "tellCellOnKeyDeliveryDue",
  description: "When a key was issued or revoked, tell the cell, which checks keys by itself, until it has heard.",
  on: events.KeyDeliveryDue,
  sends: [commands.ContinueKeyDelivery],
  asks: [cell],
  timers: ["set"],
  react: ({ accountId, apiKeyId, scope, secretHash, revoked, attempt }, { time }) => [
    ask(
      cell,
      { method: "PUT", path: `/accounts/${accountId}/keys/${apiKeyId}`, body: { scope, secretHash, revoked } },
      answer =>
        (answer.status >= 200 && answer.status < 300) || isRefusal(answer)
          ? []
          : [
              schedule(
                `delivery-${revoked ? "revoked" : "issued"}-${attempt}`,
                nextAttemptAt(time, attempt),
                commands.ContinueKeyDelivery({ accountId, apiKeyId, attempt }),
              ),
            ],
    ),
  ],
})
