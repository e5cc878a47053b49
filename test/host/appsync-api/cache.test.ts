import { afterEach, expect, test } from "vitest"
import type { FieldCall } from "../../../src/host/appsync/contract.ts"
import type { JsonObject } from "../../../src/host/host.ts"
import { type ApiHost, failed, resolversOf, result, startApi } from "./apiHost.ts"

const schema = `
type Query { post(id: ID!, view: String): Post  plain(id: ID!): Post  broken: String }
type Mutation { rename(id: ID!): Post }
type Post { id: ID  run: Int }`

const running: ApiHost[] = []
afterEach(async () => {
  for (const api of running.splice(0)) await api.stop()
})

/** An API whose every answer tells how often a resolver ran. */
async function start(cache: JsonObject, caching?: JsonObject): Promise<ApiHost> {
  let runs = 0
  const post = (call: FieldCall) => ({ id: call.arguments.id ?? null, run: ++runs })
  const keys = (call: FieldCall) => ({ "context.arguments.id": call.arguments.id ?? null })
  const resolvers = resolversOf({
    "Query.post": post,
    "Query.plain": post,
    "Query.broken": () => failed(`broken ${++runs}`),
    "Mutation.rename": call =>
      result({ value: post(call), evictions: [{ typeName: "Query", fieldName: "post", keys: keys(call) }] }),
  })
  const api = await startApi({ schema, resolvers })
  running.push(api)
  const inApi = { ApiId: api.apiId }
  api.create("AWS::AppSync::ApiCache", { ...inApi, Type: "SMALL", Ttl: 60, ...cache })
  if (caching !== undefined) {
    const field = { TypeName: "Query", FieldName: "post", Kind: "UNIT" }
    api.create("AWS::AppSync::Resolver", { ...inApi, ...field, CachingConfig: caching })
  }
  return api
}

const runOf = async (api: ApiHost, field: string): Promise<unknown> =>
  Object.values((await api.query(`{ it: ${field} { id run } }`)).data?.it ?? {})[1]

test("answers a cached resolver from its keys until its time is over, and no other resolver", async () => {
  const api = await start(
    { ApiCachingBehavior: "PER_RESOLVER_CACHING" },
    { Ttl: 30, CachingKeys: ["$context.arguments.id"] },
  )
  expect(await runOf(api, 'post(id: "1", view: "a")')).toBe(1)
  expect(await runOf(api, 'post(id: "1", view: "b")')).toBe(1)
  expect(await runOf(api, 'post(id: "2")')).toBe(2)
  expect(await runOf(api, 'plain(id: "1")')).toBe(3)
  expect(await runOf(api, 'plain(id: "1")')).toBe(4)
  api.host.clock.advance(30_000)
  expect(await runOf(api, 'post(id: "1")')).toBe(5)
})

test("tells entries without keys apart by all arguments", async () => {
  const api = await start({ ApiCachingBehavior: "PER_RESOLVER_CACHING" }, { Ttl: 30 })
  expect(await runOf(api, 'post(id: "1", view: "a")')).toBe(1)
  expect(await runOf(api, 'post(view: "a", id: "1")')).toBe(1)
  expect(await runOf(api, 'post(id: "1", view: "b")')).toBe(2)
})

test("caches every query of an API that caches all, for the API's time, but no error and no mutation", async () => {
  const api = await start({ ApiCachingBehavior: "FULL_REQUEST_CACHING" })
  expect(await runOf(api, 'plain(id: "1")')).toBe(1)
  expect(await runOf(api, 'plain(id: "1")')).toBe(1)
  expect((await api.query("{ broken }")).errors).toMatchObject([{ message: "broken 2" }])
  expect((await api.query("{ broken }")).errors).toMatchObject([{ message: "broken 3" }])
  const rename = 'mutation { rename(id: "9") { run } }'
  expect((await api.query(rename)).data).toEqual({ rename: { run: 4 } })
  expect((await api.query(rename)).data).toEqual({ rename: { run: 5 } })
  api.host.clock.advance(60_000)
  expect(await runOf(api, 'plain(id: "1")')).toBe(6)
})

test("a mutation evicts one entry and says how many there were; flushing empties all", async () => {
  const api = await start(
    { ApiCachingBehavior: "PER_RESOLVER_CACHING" },
    { Ttl: 30, CachingKeys: ["$context.arguments.id"] },
  )
  await runOf(api, 'post(id: "1")')
  await runOf(api, 'post(id: "2")')
  const rename = await api.query('mutation { rename(id: "1") { id } }')
  expect(rename).toMatchObject({ extensions: { apiCacheEntriesDeleted: 1 } })
  expect(await api.query('mutation { rename(id: "1") { id } }')).not.toHaveProperty("extensions")
  expect(await runOf(api, 'post(id: "1")')).toBe(5)
  expect(await runOf(api, 'post(id: "2")')).toBe(2)

  const principal = { kind: "root", arn: "arn:aws:iam::123456789012:root" } as const
  const call = { service: "appsync", operation: undefined, query: new URLSearchParams(), headers: {}, requestId: "1" }
  const path = `/v1/apis/${api.apiId}/FlushCache`
  await api.service.handle?.({ ...call, method: "DELETE", path, body: Buffer.alloc(0), principal })
  expect(await runOf(api, 'post(id: "2")')).toBe(6)
})

test("refuses a caching key that is none", async () => {
  const caching = { Ttl: 30, CachingKeys: ["$context.stash.id"] }
  await expect(start({}, caching)).rejects.toThrow("the resolver Query.post: the caching key $context.stash.id")
})
