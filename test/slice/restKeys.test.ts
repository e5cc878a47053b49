/** Who may call the public API: keys, their scopes, and the accounts that they belong to. */
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Cloud, newKey, program, startCloud, untilStatus } from "./cloud.ts"
import { eventually, join, openAccount, type Person, signedIn } from "./person.ts"

let cloud: Cloud
let owner: Person
let accountId: string
beforeAll(async () => {
  cloud = await startCloud()
  owner = await signedIn(cloud.running, "owner")
  accountId = await openAccount(owner)
}, 180_000)
afterAll(() => cloud?.stop())

const at = (key?: string) => program(cloud.running.local.restUrl ?? "", key)
const indexes = "/api/v2/indexes"
const keysQuery =
  "query ($accountId: ID!) { apiKeys(accountId: $accountId) { items { apiKeyId name scope issued lastUsedAt } } }"
interface KeyRow {
  readonly apiKeyId: string
  readonly name: string
  readonly scope: string
  readonly issued: boolean
  readonly lastUsedAt: string | null
}
const keysOf = async (person: Person) =>
  (await person.ask<{ items: readonly KeyRow[] }>("apiKeys", keysQuery, { accountId })).items

describe("a key", () => {
  test.each([
    ["none", undefined],
    ["an empty one", ""],
    ["a word", "wrong"],
    ["one that nobody made", `${randomUUID()}.${"x".repeat(32)}`],
  ])("that is %s opens nothing, and the answer can be read", async (_, key) => {
    const answer = await at(key)("GET", indexes)
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ code: "unauthorized", type: "auth", message: expect.any(String) })
  })

  test("with another secret opens nothing", async () => {
    const { apiKeyId } = await newKey(owner, accountId)
    expect((await at(`${apiKeyId}.${"x".repeat(32)}`)("GET", indexes)).status).toBe(401)
  })

  test("is shown to nobody again: only a hash of its secret is stored", async () => {
    const { apiKeyId, key } = await newKey(owner, accountId)
    const secret = key.slice(apiKeyId.length + 1)
    const history = await (await signedIn(cloud.running, "support")).ask<{ steps: unknown }>(
      "history",
      "query ($aggregate: String!, $id: ID!, $tenant: ID) { history(aggregate: $aggregate, id: $id, tenant: $tenant) { state events { type data } } }",
      { aggregate: "apiKey", id: apiKeyId, tenant: accountId },
    )
    expect(JSON.stringify(history)).toContain("ApiKeyIssued")
    expect(JSON.stringify(history)).not.toContain(secret)
    const answer = await owner.run("issueApiKeySecret", { accountId, apiKeyId, secret: "another-secret-00000000000" })
    expect(answer).toMatchObject({ status: "REJECTED", rejection: { code: "SecretAlreadyIssued" } })
  })

  test("that is revoked stops at once", async () => {
    const { apiKeyId, key } = await newKey(owner, accountId)
    expect((await at(key)("GET", indexes)).status).toBe(200)
    await owner.run("revokeApiKey", { accountId, apiKeyId })
    expect((await at(key)("GET", indexes)).status).toBe(401)
    expect((await at(key)("POST", `${indexes}/late`, {})).status).toBe(401)
    expect((await keysOf(owner)).map(row => row.apiKeyId)).not.toContain(apiKeyId)
  })

  test("of the account stops with the account", async () => {
    const closing = await openAccount(owner)
    const { key } = await newKey(owner, closing)
    expect((await at(key)("POST", `${indexes}/before`, {})).status).toBe(200)
    await owner.run("closeAccount", { accountId: closing })
    expect((await at(key)("POST", `${indexes}/after`, {})).status).toBe(403)
  })

  test("says when it was last used", async () => {
    const { apiKeyId, key } = await newKey(owner, accountId)
    await at(key)("GET", indexes)
    await eventually("a note of the use", async () =>
      (await keysOf(owner)).some(row => row.apiKeyId === apiKeyId && row.lastUsedAt !== null),
    )
  })

  test("that every account has from the start gets its secret once", async () => {
    const fallback = await eventually("the default key", async () =>
      (await keysOf(owner)).find(({ name }) => name === "default"),
    )
    expect(fallback).toMatchObject({ scope: "admin", issued: false })
    const secret = "a-secret-that-a-client-made-0000"
    await owner.run("issueApiKeySecret", { accountId, apiKeyId: fallback.apiKeyId, secret })
    expect((await at(`${fallback.apiKeyId}.${secret}`)("GET", indexes)).status).toBe(200)
  })
})

describe("a scope", () => {
  test("below admin reads indexes and changes none", async () => {
    for (const scope of ["read_write", "read"] as const) {
      const ask = at((await newKey(owner, accountId, scope)).key)
      expect((await ask("GET", indexes)).status).toBe(200)
      const answer = await ask("POST", `${indexes}/mine`, {})
      expect([answer.status, answer.body.code]).toEqual([403, "forbidden"])
    }
  })

  test("says what a key may do at the cell, which hears of keys and of their end", async () => {
    const admin = at((await newKey(owner, accountId)).key)
    await admin("POST", `${indexes}/scoped`, {})
    await untilStatus(admin, "scoped", "READY")
    const [{ marqoEndpoint }] = (await admin("GET", indexes)).body.results.filter(
      ({ indexName }: { indexName: string }) => indexName === "scoped",
    )
    const reader = await newKey(owner, accountId, "read")
    const ask = program(marqoEndpoint, reader.key)
    await eventually("the cell to know the key", async () => (await ask("GET", "/")).status === 200)
    expect((await ask("POST", "/indexes/scoped/search", { q: "x" })).status).toBe(200)
    expect((await ask("POST", "/indexes/scoped/documents", { documents: [{ a: 1 }] })).status).toBe(403)
    await owner.run("revokeApiKey", { accountId, apiKeyId: reader.apiKeyId })
    await eventually("the end of the key", async () => (await ask("GET", "/")).status === 401)
  })
})

describe("an account", () => {
  test("never sees indexes of another, and names do not clash", async () => {
    const outsider = await signedIn(cloud.running, "outsider")
    const other = await openAccount(outsider)
    const [mine, theirs] = [at((await newKey(owner, accountId)).key), at((await newKey(outsider, other)).key)]
    expect((await mine("POST", `${indexes}/shared`, {})).status).toBe(200)
    await untilStatus(mine, "shared", "READY")
    expect((await theirs("GET", indexes)).body.results).toEqual([])
    expect((await theirs("GET", `${indexes}/shared/status`)).status).toBe(404)
    expect((await theirs("DELETE", `${indexes}/shared`)).status).toBe(404)
    expect((await theirs("POST", `${indexes}/shared`, {})).status).toBe(200)
    await untilStatus(theirs, "shared", "READY")
    const [{ marqoEndpoint }] = (await theirs("GET", indexes)).body.results
    expect((await program(marqoEndpoint, (await newKey(owner, accountId)).key)("GET", "/")).status).toBe(401)
  })

  test("is used by its members through the console, and by nobody who left", async () => {
    const member = await signedIn(cloud.running, "member")
    await join(owner, member, accountId, "member")
    const input = { accountId, indexName: `by-member-${randomUUID().slice(0, 6)}` }
    expect(await member.run("createIndex", input)).toMatchObject({ status: "PROJECTED" })
    const personId = JSON.parse(Buffer.from(member.token.split(".")[1] ?? "", "base64url").toString()).sub
    await owner.run("removeMember", { accountId, personId })
    const { errors } = await member.send("deleteIndex", input)
    expect(errors?.[0]?.errorType).toBe("Unauthorized")
  })
})
