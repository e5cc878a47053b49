import { z } from "zod"
import { member, rowsOf, view } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { apiKey } from "./apiKey.ts"
import { ApiKeyId, Scope } from "./ids.ts"

export const apiKeysView = view({
  name: "apiKeys",
  description: "Which API keys does an account have?",
  type: "AccountApiKey",
  row: z.object({
    accountId: AccountId,
    apiKeyId: ApiKeyId,
    name: z.string(),
    scope: Scope,
    issued: z.boolean().describe("Without a secret a key opens nothing."),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable().describe("To within some minutes."),
  }),
  partition: ["accountId"],
  sort: ["apiKeyId"],
  authorize: member("viewer"),
  live: true,
  from: [
    rowsOf(apiKey, state => {
      if (state.status !== "created" && state.status !== "issued") return []
      const { accountId, apiKeyId, name, scope, createdAt } = state
      const lastUsedAt = state.status === "issued" ? (state.usedAt ?? null) : null
      return [{ accountId, apiKeyId, name, scope, issued: state.status === "issued", createdAt, lastUsedAt }]
    }),
  ],
})
