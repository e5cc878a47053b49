import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { sha256 } from "../../../src/adapters/secrets/secret.ts"
import { commands as accountCommands } from "../../../src/contexts/accounts/account.ts"
import { commands as keyCommands } from "../../../src/contexts/apiKeys/apiKey.ts"
import { app } from "../../../src/contexts/index.ts"
import { cloudEventToCommand } from "../../../src/core/cloudEvent.ts"
import type { BusMessage, CloudEvent } from "../../../src/core/ports.ts"
import type { Client } from "../../../src/core/rest.ts"
import { identifyClient } from "../../../src/core/run/identifyClient.ts"
import { type RestCall, type RestPorts, serveRest } from "../../../src/core/run/serveRest.ts"
import { trackMessage } from "../../../src/core/run/trackMessage.ts"
import { at, kernel, request } from "./kernel.ts"

const accountId = "account-00000000000000001"
const apiKeyId = "api-key-00000000000000001"
const secret = "a-secret-that-nobody-knows-000000"
const ada = "ada-000000000000000000000"
const presented = { "x-api-key": `${apiKeyId}.${secret}` }
const path = { indexName: "books" }

/** The flow in memory, with an account and a key; `deliver` decides when what is published is decided. */
async function cloud({
  deliver = true,
  scope = "admin" as "admin" | "read",
  looksMax = 3,
  now = at,
  fails = false,
} = {}) {
  const flow = kernel(store => ({
    ...store,
    commit: async commit =>
      fails && commit.decided.commandType === "indexes.CreateIndex" && commit.decided.events.length > 0
        ? { status: "conflict" }
        : store.commit(commit),
  }))
  await flow.ask(request(accountCommands.OpenAccount({ accountId, name: "Ada's", slug: "adas" }), ada))
  const create = keyCommands.CreateApiKey({ accountId, apiKeyId, name: "k", scope, secret })
  await flow.ask({ ...request(create, ada), type: "apiKeys.CreateApiKey" })
  await flow.project()

  const published: BusMessage[] = []
  const decide = async () => {
    for (const message of published) {
      await trackMessage(app, flow.track, message)
      await flow.ask(cloudEventToCommand(message.event))
    }
    await flow.project()
  }
  let looks = 0
  const ports: RestPorts = {
    app,
    views: flow.views,
    events: flow.events,
    receipts: flow.track,
    publisher: {
      publish: async messages => {
        published.push(...messages)
        if (deliver) await decide()
      },
    },
    hash: sha256,
    newId: randomUUID,
    now: () => now,
    pause: async () => void looks++,
    expired: () => looks > looksMax,
  }
  const identify = (headers: Record<string, string>) => identifyClient({ ...ports, views: flow.views }, headers)
  const call = async (route: string, more: Partial<RestCall> = {}) => {
    const client = "client" in more ? more.client : await identify(presented)
    looks = 0
    return serveRest(ports, {
      route,
      path,
      body: undefined,
      idempotencyKey: undefined,
      traceparent: undefined,
      ...more,
      client,
    })
  }
  const revoke = async () => {
    await flow.ask({ ...request(keyCommands.RevokeApiKey({ accountId, apiKeyId }), ada), type: "apiKeys.RevokeApiKey" })
    await flow.project()
  }
  return { call, identify, published, revoke, decide }
}

const post = "POST /api/v2/indexes/{indexName}"
const list = "GET /api/v2/indexes"

describe("a credential", () => {
  test("names its client, its account and the role of its scope", async () => {
    const { identify } = await cloud({ scope: "read" })
    expect(await identify(presented)).toEqual({ id: `client:${apiKeyId}`, tenant: accountId, role: "viewer" })
  })

  test.each([
    ["another secret", `${apiKeyId}.${"x".repeat(30)}`],
    ["no secret", apiKeyId],
    ["another id", `${"x".repeat(25)}.${secret}`],
    ["nothing", ""],
  ])("with %s names nobody", async (_, key) => {
    const { identify } = await cloud()
    expect(await identify({ "x-api-key": key })).toBeUndefined()
  })

  test("that was revoked names nobody", async () => {
    const { identify, revoke } = await cloud()
    await revoke()
    expect(await identify(presented)).toBeUndefined()
  })

  test("is noted as used, but not at every use", async () => {
    const { identify, published } = await cloud()
    await identify(presented)
    await identify(presented)
    expect(published.map(({ event }) => event.type)).toEqual(["apiKeys.NoteApiKeyUse"])
    const later = await cloud({ now: "2026-11-01T10:04:59.000Z" })
    await later.identify(presented)
    expect(later.published).toHaveLength(1)
  })
})

describe("a request", () => {
  test("that asks for a command is answered when its views show it", async () => {
    const { call } = await cloud()
    const created = await call(post, { body: "{}" })
    expect(created).toMatchObject({ status: 200, body: { acknowledged: true, index: "books" } })
    const { body } = await call(list)
    expect(body).toMatchObject({ results: [{ indexName: "books", indexStatus: "CREATING" }] })
  })

  test("sent again with its key gets the first answer, and another request with that key a refusal", async () => {
    const { call } = await cloud()
    const once = { body: "{}", idempotencyKey: "k" }
    expect((await call(post, once)).status).toBe(200)
    expect((await call(post, once)).status).toBe(200)
    expect((await call(post, { ...once, body: '{"numberOfShards":2}' })).status).toBe(422)
    expect((await call(post, { body: "{}" })).status).toBe(409)
  })

  test("that is not decided in time is told to come back with the same key, and then gets its answer", async () => {
    const { call, decide } = await cloud({ deliver: false })
    const late = await call(post, { body: "{}", idempotencyKey: "k" })
    expect(late).toMatchObject({ status: 503, headers: { "retry-after": "2", "idempotency-key": "k" } })
    await decide()
    expect((await call(post, { body: "{}", idempotencyKey: "k" })).status).toBe(200)
    expect((await call(list)).body).toMatchObject({ results: [{ indexName: "books" }] })
  })

  test("without a client is refused, whatever it asks", async () => {
    const { call, published } = await cloud()
    expect((await call(post, { client: undefined, body: "{}" })).status).toBe(401)
    expect((await call(list, { client: undefined })).status).toBe(401)
    expect(published).toEqual([])
  })

  test("of a client without the role is refused before any command", async () => {
    const { call, published } = await cloud({ scope: "read" })
    expect(await call(post, { body: "{}" })).toMatchObject({ status: 403, body: { code: "forbidden" } })
    expect(published.filter(({ event }) => event.type !== "apiKeys.NoteApiKeyUse")).toEqual([])
    expect((await call(list)).status).toBe(200)
  })

  test("whose key is revoked on the way is refused by the decision", async () => {
    const { call, identify, revoke } = await cloud()
    const client = (await identify(presented)) as Client
    await revoke()
    expect(await call(post, { client, body: "{}" })).toMatchObject({ status: 403, body: { code: "forbidden" } })
  })

  test("hands on its trace context, and has a trace of its own", async () => {
    const { call, published } = await cloud()
    const traceparent = "00-1-2-01"
    const { headers } = await call(post, { body: "{}", traceparent })
    const asked = published
      .map(({ event }) => cloudEventToCommand(event))
      .find(({ type }) => type.endsWith("CreateIndex"))
    expect(asked?.info).toMatchObject({ traceparent, traceId: headers["x-trace-id"], hops: 0, tenant: accountId })
    expect(asked?.info.actor).toEqual({ id: `client:${apiKeyId}`, kind: "client", groups: [] })
    await call(post, { body: " \n", path: { indexName: "films" } })
    expect(cloudEventToCommand(published.at(-1)?.event as CloudEvent)).toMatchObject({ data: { settings: {} } })
    expect(cloudEventToCommand(published.at(-1)?.event as CloudEvent).info).not.toHaveProperty("traceparent")
  })

  test("that fails by itself, or is refused by the domain, says so in words that clients read", async () => {
    const { call } = await cloud()
    const said = async (more: Partial<RestCall>) => (await call(post, more)).body as { message: string; code: string }
    expect((await said({ body: '{"numberOfShards":-1}' })).message).toMatch(/^settings\.numberOfShards: /)
    expect((await said({ body: '{"numberOfShards":99}' })).message).not.toMatch(/^settings/)
    const failing = await cloud({ fails: true })
    expect(await failing.call(post, { body: "{}" })).toMatchObject({ status: 500, body: { code: "internal" } })
  })

  test("for rows that its client may not read is refused", async () => {
    const { call } = await cloud()
    const client = { id: "client:x", tenant: accountId, role: "nobody" }
    expect(await call(list, { client })).toMatchObject({
      status: 403,
      body: { code: "forbidden", message: "This key may not read this." },
    })
  })

  test("that is no JSON, wrong, or for nothing is refused in words that clients read", async () => {
    const { call } = await cloud()
    const codes = async (...answers: ReturnType<typeof call>[]) =>
      (await Promise.all(answers)).map(({ status, body }) => [status, (body as { code: string }).code])
    expect(
      await codes(
        call(post, { body: "{" }),
        call(post, { body: '{"type":"x"}' }),
        call(post, { path: { indexName: "a b" } }),
        call("GET /api/v2/indexes/{indexName}/status"),
        call("GET /nowhere"),
      ),
    ).toEqual([
      [400, "invalid_argument"],
      [400, "invalid_argument"],
      [400, "invalid_index_name"],
      [404, "index_not_found"],
      [404, "not_found"],
    ])
  })
})
