import { afterAll, beforeAll, expect, test } from "vitest"
import { createAppSyncService } from "../../../src/host/appsync/service.ts"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import { type ApiHost, startApi } from "./apiHost.ts"

const schema =
  "type Query { hello(name: String): String  twice(name: String): String } type Mutation { set(a: String): String }"
const unit = `
export function request(ctx) { return { payload: 'Hello ' + ctx.args.name + ' in ' + ctx.env.STAGE } }
export function response(ctx) { return ctx.result }`
const step = `
export function request(ctx) { return { payload: ctx.args.name + ctx.args.name } }
export function response(ctx) { return ctx.result }`
const around = `
export function request(ctx) { return {} }
export function response(ctx) { return ctx.prev.result }`
const Runtime = { Name: "APPSYNC_JS", RuntimeVersion: "1.0.0" }

let api: ApiHost
beforeAll(async () => {
  api = await startApi({ schema })
})
afterAll(() => api.stop())

test("the resources of a template make an API that runs APPSYNC_JS", async () => {
  const service = createAppSyncService(api.host)
  const create = (type: string, name: string, properties: JsonObject): Record<string, Json> => {
    const request = { logicalId: name, stackName: "s", type, properties, metadata: {}, physicalName: name }
    const created = service.resources?.[type]?.create(request)
    if (created === undefined || created instanceof Promise) throw new Error(`no provider for ${type}`)
    return { ref: created.ref, ...created.attributes }
  }
  const {
    ApiId = null,
    GraphQLUrl,
    RealtimeUrl,
  } = create("AWS::AppSync::GraphQLApi", "Api", {
    Name: "notes",
    AuthenticationType: "API_KEY",
    EnvironmentVariables: { STAGE: "test" },
  })
  expect([GraphQLUrl, RealtimeUrl]).toEqual([`${api.url}/graphql`, `${api.url.replace("http", "ws")}/graphql/realtime`])
  create("AWS::AppSync::GraphQLSchema", "Schema", { ApiId, Definition: schema })
  const { ApiKey } = create("AWS::AppSync::ApiKey", "Key", { ApiId })
  const { Name: DataSourceName = null } = create("AWS::AppSync::DataSource", "Source", {
    ApiId,
    Name: "none",
    Type: "NONE",
  })
  const { FunctionId = null } = create("AWS::AppSync::FunctionConfiguration", "Function", {
    ApiId,
    Name: "double",
    DataSourceName,
    Runtime,
    Code: step,
  })
  const query = { ApiId, TypeName: "Query", Runtime }
  create("AWS::AppSync::Resolver", "Hello", { ...query, FieldName: "hello", DataSourceName, Code: unit })
  create("AWS::AppSync::Resolver", "Twice", {
    ...query,
    FieldName: "twice",
    Kind: "PIPELINE",
    PipelineConfig: { Functions: [FunctionId] },
    Code: around,
  })
  await service.start?.()

  const { createServer } = await import("node:http")
  const server = createServer((request, response) => {
    void service.http?.(request, response, new URL(request.url ?? "/", "http://127.0.0.1"))
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const answer = await fetch(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/graphql`, {
    method: "POST",
    headers: { "x-api-key": String(ApiKey) },
    body: JSON.stringify({ query: '{ hello(name: "ada") twice(name: "bob") }' }),
  })
  expect(await answer.json()).toEqual({ data: { hello: "Hello ada in test", twice: "bobbob" } })
  server.closeAllConnections()
  server.close()
  await service.stop?.()
})

test("an API, its key and its functions keep their ids over a restart", async () => {
  const again = await startApi({ schema })
  expect([again.apiId, again.apiKey]).toEqual([api.apiId, api.apiKey])
  expect(again.apiId).toMatch(/^[a-z0-9]{26}$/)
  expect(again.apiKey).toMatch(/^da2-[a-z0-9]{26}$/)
  await again.stop()
})

test.each<[string, JsonObject, string]>([
  ["a mode that AppSync does not have", { AuthenticationType: "PASSWORD" }, "'PASSWORD' is not one that AppSync knows"],
  ["a bad environment variable", { EnvironmentVariables: { "1a": "x" } }, "Environment variable '1a'"],
  ["a merged API", { ApiType: "MERGED" }, "this host has no merged APIs"],
])("%s is refused", async (_, properties, message) => {
  await expect(startApi({ api: properties })).rejects.toThrow(message)
})
