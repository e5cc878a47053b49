import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import {
  AppSyncClient,
  CreateApiKeyCommand,
  DeleteApiKeyCommand,
  EvaluateCodeCommand,
  EvaluateMappingTemplateCommand,
  GetDataSourceCommand,
  GetGraphqlApiCommand,
  GetIntrospectionSchemaCommand,
  GetResolverCommand,
  GetTypeCommand,
  ListApiKeysCommand,
  ListFunctionsCommand,
  ListGraphqlApisCommand,
  UpdateApiKeyCommand,
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

  test("lets a key live longer, within a year", async () => {
    const { apiKey } = await client.send(new CreateApiKeyCommand({ apiId: api.apiId }))
    const update = (days: number) => {
      const expires = Math.floor(api.host.clock.now() / 1000) + days * 86_400
      return client.send(new UpdateApiKeyCommand({ apiId: api.apiId, id: apiKey?.id, expires }))
    }
    await update(300)
    api.host.clock.advance(30 * 86_400_000)
    expect((await api.post({ query: "{ a }" }, { "x-api-key": apiKey?.id ?? "" })).status).toBe(200)
    await expect(update(400)).rejects.toMatchObject({ name: "ApiKeyValidityOutOfBoundsException" })
  })

  test("reads data sources, functions, resolvers and types", async () => {
    const { apiId } = api
    const DynamoDBConfig = { TableName: "posts", AwsRegion: "eu-west-1" }
    api.create("AWS::AppSync::DataSource", { ApiId: apiId, Name: "posts", Type: "AMAZON_DYNAMODB", DynamoDBConfig })
    const code = "export const request = ctx => ({})"
    const step = {
      ApiId: apiId,
      DataSourceName: "posts",
      Code: code,
      Runtime: { Name: "APPSYNC_JS", RuntimeVersion: "1.0.0" },
    }
    api.create("AWS::AppSync::FunctionConfiguration", { ...step, Name: "load" })
    api.create("AWS::AppSync::Resolver", { ...step, TypeName: "Query", FieldName: "a" })
    const { dataSource } = await client.send(new GetDataSourceCommand({ apiId, name: "posts" }))
    expect(dataSource).toMatchObject({
      type: "AMAZON_DYNAMODB",
      dynamodbConfig: { tableName: "posts", awsRegion: "eu-west-1" },
    })
    const { functions } = await client.send(new ListFunctionsCommand({ apiId }))
    expect(functions).toMatchObject([{ name: "load", dataSourceName: "posts", code }])
    const { resolver } = await client.send(new GetResolverCommand({ apiId, typeName: "Query", fieldName: "a" }))
    expect(resolver).toMatchObject({ kind: "UNIT", code, runtime: { name: "APPSYNC_JS", runtimeVersion: "1.0.0" } })
    const { type } = await client.send(new GetTypeCommand({ apiId, typeName: "Query", format: "SDL" }))
    expect(type).toMatchObject({ name: "Query", definition: "type Query {\n  a: Int\n}" })
    await expect(
      client.send(new GetResolverCommand({ apiId, typeName: "Query", fieldName: "b" })),
    ).rejects.toMatchObject({ name: "NotFoundException", message: "No resolver found." })
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
