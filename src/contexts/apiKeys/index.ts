import type { Context } from "../../core/index.ts"
import { apiKey } from "./apiKey.ts"
import { apiKeysView } from "./apiKeysView.ts"
import { createDefaultKeyOnAccountOpened } from "./createDefaultKeyOnAccountOpened.ts"
import { credentials } from "./credentials.ts"
import { tellCellOnKeyDeliveryDue } from "./tellCellOnKeyDeliveryDue.ts"

/** Keys by which programs act for an account. */
export const apiKeys: Context = {
  name: "apiKeys",
  description: "Keys by which programs act for an account.",
  aggregates: [apiKey],
  views: [apiKeysView, credentials],
  projections: [],
  automations: [createDefaultKeyOnAccountOpened, tellCellOnKeyDeliveryDue],
}

export { keyHolders, keyMembership } from "./credentials.ts"
