import { automation, send } from "../../core/index.ts"
import { accountEvents } from "../accounts/index.ts"
import { commands } from "./billingAccount.ts"

export const openBillingOnAccountOpened = automation({
  name: "openBillingOnAccountOpened",
  description: "When an account is opened, begin to bill it.",
  on: accountEvents.AccountOpened,
  sends: [commands.OpenBilling],
  react: ({ accountId }) => [send(commands.OpenBilling({ accountId }))],
})
