import type { App } from "../core/index.ts"
import { accounts, tenancy } from "./accounts/index.ts"
import { apiKeys, keyHolders, keyMembership } from "./apiKeys/index.ts"
import { billing } from "./billing/index.ts"
import { indexes } from "./indexes/index.ts"
import { integrations } from "./integrations/index.ts"

/** Everything that this app is made of. A new context is added here and nowhere else. */
export const app: App = {
  contexts: [accounts, indexes, apiKeys, billing, integrations],
  tenancy: { ...tenancy, sources: [...tenancy.sources, keyMembership] },
  clients: keyHolders,
}
