import { z } from "zod"
import { member, rowsOf, view } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { datadogIntegration } from "./datadogIntegration.ts"

export const integrationsView = view({
  name: "datadog",
  description: "Do the metrics of an account go to Datadog?",
  type: "DatadogIntegration",
  row: z.object({
    accountId: AccountId,
    enabled: z.boolean(),
    site: z.string().nullable(),
    since: z.iso.datetime(),
  }),
  partition: ["accountId"],
  authorize: member("viewer"),
  live: true,
  from: [
    rowsOf(datadogIntegration, state => {
      if (state.status === "unknown") return []
      const { accountId, status, target, since } = state
      return [{ accountId, enabled: status === "enabled", site: target?.site ?? null, since }]
    }),
  ],
})
