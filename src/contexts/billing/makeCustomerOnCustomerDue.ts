import { ask, automation, schedule, send } from "../../core/index.ts"
import { nextAttemptAt } from "../indexes/index.ts"
import { commands, events } from "./billingAccount.ts"
import { stripe, textIn } from "./stripe.ts"

export const makeCustomerOnCustomerDue = automation({
  name: "makeCustomerOnCustomerDue",
  description: "When an account needs a customer at Stripe, ask for one, and again later while there is no answer.",
  on: events.CustomerDue,
  sends: [commands.RecordCustomer, commands.ContinueCustomer],
  asks: [stripe],
  timers: ["set"],
  react: ({ accountId, attempt }, { time }) => [
    ask(stripe, { method: "POST", path: "/v1/customers", body: { metadata: { accountId } } }, ({ status, body }) => {
      const customerId = textIn(body, "id")
      if (status === 200 && customerId !== undefined) return [send(commands.RecordCustomer({ accountId, customerId }))]
      const later = nextAttemptAt(time, attempt)
      return [schedule(`customer-${attempt}`, later, commands.ContinueCustomer({ accountId, attempt }))]
    }),
  ],
})
