import { describe, expect, test } from "vitest"
import { tenancy } from "../../../src/contexts/accounts/index.ts"
import { apiKey, commands, events } from "../../../src/contexts/apiKeys/apiKey.ts"
import { apiKeysView } from "../../../src/contexts/apiKeys/apiKeysView.ts"
import { createDefaultKeyOnAccountOpened } from "../../../src/contexts/apiKeys/createDefaultKeyOnAccountOpened.ts"
import { credentials, keyHolders, keyMembership } from "../../../src/contexts/apiKeys/credentials.ts"
import { tellCellOnKeyDeliveryDue } from "../../../src/contexts/apiKeys/tellCellOnKeyDeliveryDue.ts"
import { fold } from "../../../src/core/aggregate.ts"
import { schedule, send } from "../../../src/core/index.ts"
import { allows, asking, derive, given, on, personNamed, stored } from "../../scenario.ts"
import { opened } from "../accounts/facts.ts"
import * as facts from "./facts.ts"

const { key, secretHash, created, issued, issueDue, used, revoked, revokeDue } = facts
const { CreateApiKey, IssueApiKeySecret, RevokeApiKey, NoteApiKeyUse, ContinueKeyDelivery } = commands
/** The kernel hands the hash of a secret to the decider. */
const secret = secretHash
const at = "2026-11-01T10:00:00.000Z"

describe("an API key", () => {
  test("is created with its secret, and the cell is told", () =>
    given(apiKey)
      .when(CreateApiKey({ ...key, name: "crawler", scope: "admin", secret }))
      .thenEvents(created, issued, issueDue))

  test("may wait for its secret, and gets it once", () => {
    given(apiKey)
      .when(CreateApiKey({ ...key, name: "crawler", scope: "admin" }))
      .thenEvents(created)
    given(apiKey, created)
      .when(IssueApiKeySecret({ ...key, secret }))
      .thenEvents(issued, issueDue)
    given(apiKey, created, issued)
      .when(IssueApiKeySecret({ ...key, secret }))
      .thenNothing()
    given(apiKey, created, issued)
      .when(IssueApiKeySecret({ ...key, secret: `another-${secret}` }))
      .thenRejected("SecretAlreadyIssued")
    given(apiKey)
      .when(IssueApiKeySecret({ ...key, secret }))
      .thenRejected("ApiKeyUnknown")
  })

  test("is revoked for ever, and the cell is told when it had opened something", () => {
    given(apiKey, created, issued, issueDue).when(RevokeApiKey(key)).thenEvents(revoked, revokeDue)
    given(apiKey, created).when(RevokeApiKey(key)).thenEvents(revoked)
    given(apiKey, created, issued, revoked).when(RevokeApiKey(key)).thenNothing()
    for (const history of [
      [created, revoked],
      [created, issued, revoked],
    ]) {
      given(apiKey, ...history)
        .when(IssueApiKeySecret({ ...key, secret }))
        .thenRejected("ApiKeyRevoked")
      given(apiKey, ...history)
        .when(CreateApiKey({ ...key, name: "crawler", scope: "admin" }))
        .thenRejected("ApiKeyRevoked")
    }
  })

  test("notes a use once in five minutes", () => {
    given(apiKey, created, issued).when(NoteApiKeyUse(key)).thenEvents(used)
    given(apiKey, created, issued, used).when(NoteApiKeyUse(key), undefined, "2026-11-01T10:04:59.000Z").thenNothing()
    given(apiKey, created, issued, used)
      .when(NoteApiKeyUse(key), undefined, "2026-11-01T10:05:00.000Z")
      .thenEvents(used)
    given(apiKey, created, issued, revoked).when(NoteApiKeyUse(key)).thenNothing()
  })

  test("is told to the cell again, of its end too, until that was tried often enough", () => {
    const again = (attempt: number, isRevoked: boolean) =>
      events.KeyDeliveryDue({ ...key, scope: "admin", secretHash, attempt, revoked: isRevoked })
    given(apiKey, created, issued, issueDue)
      .when(ContinueKeyDelivery({ ...key, attempt: 1 }))
      .thenEvents(again(2, false))
    given(apiKey, created, issued, issueDue, revoked, revokeDue)
      .when(ContinueKeyDelivery({ ...key, attempt: 1 }))
      .thenEvents(again(2, true))
    given(apiKey, created, issued, again(3, false))
      .when(ContinueKeyDelivery({ ...key, attempt: 1 }))
      .thenNothing()
    given(apiKey, created, issued, again(12, false))
      .when(ContinueKeyDelivery({ ...key, attempt: 12 }))
      .thenNothing()
  })

  test("has the role of its scope in its account, as long as it counts", () => {
    const role = (...history: Parameters<typeof stored>[1]) =>
      keyMembership.role(fold(apiKey, stored(apiKey, history)) as never, `client:${key.apiKeyId}`)
    expect([role(), role(created), role(created, issued), role(created, issued, revoked)]).toEqual([
      undefined,
      undefined,
      "member",
      undefined,
    ])
    expect(keyMembership.role(fold(apiKey, stored(apiKey, [created, issued])) as never, key.apiKeyId)).toBeUndefined()
  })

  test("is made and ended by members, but not by another key's automation", () => {
    const may = (role?: string) =>
      allows(apiKey, RevokeApiKey(key), personNamed("ada", role === undefined ? {} : { role }), tenancy)
    expect([may("member"), may("viewer"), may()]).toEqual([true, false, false])
  })

  test("is listed without a secret, and found by its id while it counts", () => {
    const { accountId, apiKeyId } = key
    const row = { accountId, apiKeyId, name: "crawler", scope: "admin", createdAt: at, lastUsedAt: null }
    given(apiKey, created).thenRows(apiKeysView, { ...row, issued: false })
    given(apiKey, created, issued, used).thenRows(apiKeysView, { ...row, issued: true, lastUsedAt: at })
    given(apiKey, created, issued).thenRows(credentials, {
      apiKeyId,
      accountId,
      scope: "admin",
      secretHash,
      usedAt: null,
    })
    given(apiKey, created, issued, revoked).thenRows(apiKeysView)
    given(apiKey, created, issued, revoked).thenRows(credentials)
  })
})

describe("an API key", () => {
  test("that was created is created once", () => {
    const create = CreateApiKey({ ...key, name: "crawler", scope: "admin", secret })
    for (const history of [[created], [created, issued]])
      given(apiKey, ...history)
        .when(create)
        .thenNothing()
  })

  test("that never was cannot be revoked, and one without a secret does nothing", () => {
    given(apiKey).when(RevokeApiKey(key)).thenRejected("ApiKeyUnknown")
    given(apiKey, created, revoked).when(RevokeApiKey(key)).thenNothing()
    given(apiKey, created).when(NoteApiKeyUse(key)).thenNothing()
    given(apiKey, created)
      .when(ContinueKeyDelivery({ ...key, attempt: 1 }))
      .thenNothing()
    given(apiKey, created, revoked).thenRows(apiKeysView)
    given(apiKey, created).thenRows(credentials)
  })

  test("is told to the cell of its account until the cell has heard or refuses", () => {
    const { question, answered } = asking(tellCellOnKeyDeliveryDue, issueDue)
    expect(question).toEqual({
      method: "PUT",
      path: `/accounts/${facts.accountId}/keys/${facts.apiKeyId}`,
      body: { scope: "admin", secretHash, revoked: false },
    })
    const again = (name: string) => [
      schedule(name, "2026-11-01T10:00:01.000Z", ContinueKeyDelivery({ ...key, attempt: 1 })),
    ]
    for (const status of [200, 204, 299, 400, 404]) expect(answered(status), String(status)).toEqual([])
    for (const status of [0, 199, 300, 409, 429, 500])
      expect(answered(status), String(status)).toEqual(again("delivery-issued-1"))
    expect(asking(tellCellOnKeyDeliveryDue, revokeDue).answered(500)).toEqual(again("delivery-revoked-1"))
  })

  test("is read from its id and its secret, whole", () => {
    const presented = `${facts.apiKeyId}.${"s".repeat(16)}`
    expect(keyHolders.read(presented)).toEqual({ key: { apiKeyId: facts.apiKeyId }, secret: "s".repeat(16) })
    for (const wrong of ["", `!${presented}`, `${presented} x`, `${facts.apiKeyId}.short`, `short.${"s".repeat(16)}`])
      expect(keyHolders.read(wrong), wrong).toBeUndefined()
    expect(keyMembership.key({ tenant: facts.accountId, person: "x-client:1" })).toBe("x-client:1")
  })
})

test("an account that is opened gets a default key", () => {
  const { hash } = derive(`default-key/${facts.accountId}`)
  on(opened).thenReactions(
    createDefaultKeyOnAccountOpened,
    send(CreateApiKey({ accountId: facts.accountId, apiKeyId: hash, name: "default", scope: "admin" })),
  )
})
