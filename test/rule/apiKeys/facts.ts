/** The facts that the rules of API keys are told with. */
import { events } from "../../../src/contexts/apiKeys/apiKey.ts"
import { personNamed } from "../../scenario.ts"

export const accountId = "account-00000000000000001"
export const apiKeyId = "api-key-00000000000000001"
export const key = { accountId, apiKeyId }
export const ada = personNamed("ada-000000000000000000000", { role: "member" })
export const secretHash = "hash-of-a-secret-0000000000000000000000000"

export const created = events.ApiKeyCreated({ ...key, name: "crawler", scope: "admin" })
export const issued = events.ApiKeyIssued({ ...key, scope: "admin", secretHash })
export const issueDue = events.KeyDeliveryDue({ ...key, scope: "admin", secretHash, attempt: 1, revoked: false })
export const used = events.ApiKeyUsed(key)
export const revoked = events.ApiKeyRevoked(key)
export const revokeDue = events.KeyDeliveryDue({ ...key, scope: "admin", secretHash, attempt: 1, revoked: true })
