import { ask, automation, send } from "../../core/index.ts"
import { commands, events } from "./billingAccount.ts"
import { stripe, textIn } from "./stripe.ts"

export const openPortalOnPortalAsked = automation({
  name: "openPortalOnPortalAsked",
  description: "When a member wants to see the billing portal, ask Stripe for a link.",
  on: events.PortalAsked,
  sends: [commands.RecordPortal, commands.RecordPortalRefusal],
  asks: [stripe],
  react: ({ accountId, customerId, returnUrl }) => [
    ask(
      stripe,
      { method: "POST", path: "/v1/billing_portal/sessions", body: { customer: customerId, return_url: returnUrl } },
      ({ status, body }) => {
        const url = textIn(body, "url")
        return status === 200 && url !== undefined
          ? [send(commands.RecordPortal({ accountId, url }))]
          : [
              send(
                commands.RecordPortalRefusal({
                  accountId,
                  reason: textIn(body, "message") ?? "Stripe did not answer.",
                }),
              ),
            ]
      },
    ),
  ],
})
