import { z } from "zod"
import { backend, clients, type MembershipSource, rowsOf, view } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { apiKey, commands, isUseDue, type State } from "./apiKey.ts"
import { ApiKeyId, Scope } from "./ids.ts"

/** The role that a scope gives in the control plane; what it opens in the data plane the cell decides. */
const roleOf = { admin: "member", read_write: "viewer", read: "viewer" } as const

const clientId = (apiKeyId: string) => `client:${apiKeyId}`

const credentials = view({
  name: "apiKeyCredential",
  description: "Whose is this API key?",
  type: "ApiKeyCredential",
  row: z.object({
    apiKeyId: ApiKeyId,
    accountId: AccountId,
    scope: Scope,
    secretHash: z.string(),
    usedAt: z.iso.datetime().nullable(),
  }),
  partition: ["apiKeyId"],
  authorize: backend(),
  from: [
    rowsOf(apiKey, state => {
      if (state.status !== "issued") return []
      const { apiKeyId, accountId, scope, secretHash, usedAt } = state
      return [{ apiKeyId, accountId, scope, secretHash, usedAt: usedAt ?? null }]
    }),
  ],
})

/** Programs sign in with `<apiKeyId>.<secret>`. */
export const keyHolders = clients({
  header: "x-api-key",
  view: credentials,
  read: presented => {
    const [, apiKeyId, secret] = /^([\w-]{20,64})\.(\S{16,256})$/.exec(presented) ?? []
    return apiKeyId === undefined || secret === undefined ? undefined : { key: { apiKeyId }, secret }
  },
  client: ({ apiKeyId, accountId, scope, secretHash }, presentedHash) =>
    secretHash === presentedHash ? { id: clientId(apiKeyId), tenant: accountId, role: roleOf[scope] } : undefined,
  used: ({ accountId, apiKeyId, usedAt }, time) =>
    isUseDue(usedAt ?? undefined, time) ? commands.NoteApiKeyUse({ accountId, apiKeyId }) : undefined,
})

/** A key has its scope's role in its account as long as it was not revoked. */
export const keyMembership: MembershipSource = {
  of: apiKey,
  key: ({ person }) => person.replace(/^client:/, ""),
  role: (state: State, person) =>
    state.status === "issued" && person === clientId(state.apiKeyId) ? roleOf[state.scope] : undefined,
}

export { credentials }
