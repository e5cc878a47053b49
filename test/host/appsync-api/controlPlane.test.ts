import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import {
  AppSyncClient,
  CreateApiKeyCommand,
  DeleteApiKeyCommand,
  EvaluateCodeCommand,
  EvaluateMappingTemplateCommand,
  GetGraphqlApiCommand,
  GetIntrospectionSchemaCommand,
  ListApiKeysCommand,
  ListGraphqlApisCommand,
} from "@aws-sdk/client-appsync"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createAwsEndpoint } from "../../../src/host/endpoint/awsEndpoint.ts"
import { type ApiHost, startApi } from "./apiHost.ts"

let api: ApiHost
let client: AppSyncClient
const server = createServer()

beforeAll(async () => {
  api = await startApi({ schema: "type Query { a: Int }" })
  const endpoint = createAwsEndpoint(api.host, name => (name === "appsync" ? api.service : undefined))
  server.on("request", (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    void endpoint(request, response, new URL(request.url ?? "/", "http://127.0.0.1"), headers)
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  client = new AppSyncClient({
    region: "eu-west-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  })
})
afterAll(async () => {
  client.destroy()
  server.close()
  await api.stop()
})

describe("the SDK", () => {
  test("finds the APIs", async () => {
    const { graphqlApis } = await client.send(new ListGraphqlApisCommand({}))
    expect(graphqlApis).toMatchObject([{ apiId: api.apiId, name: "test", uris: { GRAPHQL: `${api.url}/graphql` } }])
    const { graphqlApi } = await client.send(new GetGraphqlApiCommand({ apiId: api.apiId }))
    expect(graphqlApi?.authenticationType).toBe("API_KEY")
    await expect(client.send(new GetGraphqlApiCommand({ apiId: "nope" }))).rejects.toMatchObject({
      name: "NotFoundException",
    })
  })

  test("makes a key that works until it is deleted", async () => {
    const { apiKey } = await client.send(new CreateApiKeyCommand({ apiId: api.apiId }))
    const { apiKeys } = await client.send(new ListApiKeysCommand({ apiId: api.apiId }))
    expect(apiKeys?.map(key => key.id)).toEqual([api.apiKey, apiKey?.id])
    const ask = async () => (await api.post({ query: "{ a }" }, { "x-api-key": apiKey?.id ?? "" })).status
    expect(await ask()).toBe(200)
    await client.send(new DeleteApiKeyCommand({ apiId: api.apiId, id: apiKey?.id ?? "" }))
    expect(await ask()).toBe(401)
  })

  test("reads the schema", async () => {
    const { schema } = await client.send(new GetIntrospectionSchemaCommand({ apiId: api.apiId, format: "SDL" }))
    expect(new TextDecoder().decode(schema)).toBe("type Query { a: Int }")
  })

  test("evaluates a mapping template", async () => {
    const evaluated = await client.send(
      new EvaluateMappingTemplateCommand({
        template: '{ "id": $utils.toJson($ctx.args.id) }',
        context: '{ "arguments": { "id": "7" } }',
      }),
    )
    expect(evaluated.evaluationResult).toBe('{ "id": "7" }')
  })

  test("evaluates code", async () => {
    const { evaluationResult, error } = await client.send(
      new EvaluateCodeCommand({
        runtime: { name: "APPSYNC_JS", runtimeVersion: "1.0.0" },
        code: "export function request(ctx) { return { payload: ctx.args.x } }\nexport function response(ctx) { return ctx.result }",
        context: JSON.stringify({ arguments: { x: 5 } }),
        function: "request",
      }),
    )
    expect(error).toBeUndefined()
    expect(JSON.parse(evaluationResult ?? "")).toEqual({ payload: 5 })
  })
})
