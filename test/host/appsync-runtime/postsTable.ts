import { afterAll, beforeAll, beforeEach, expect } from "vitest"
import type { FieldResult } from "../../../src/host/appsync/contract.ts"
import { createDynamoDbService } from "../../../src/host/dynamodb/service.ts"
import type { JsonObject } from "../../../src/host/host.ts"
import { account, createTestHost, fieldCall, region, resolversOf, roleArn } from "./testApi.ts"

export let api: ReturnType<typeof createTestHost>
/** The table of the data source `posts`: key pk and sk, index byAuthor. */
export const table = "Posts"
export const tableArn = `arn:aws:dynamodb:${region}:${account}:table/${table}`

/** Part of the partition key that `pk` stands for; each test has its own. */
export let scope = 0

/** The table for the tests of a file. */
export function servePostsTable(): void {
  beforeAll(async () => {
    api = createTestHost()
    const service = createDynamoDbService(api.host)
    api.serve("dynamodb", service)
    await service.ready()
    await service.call("CreateTable", {
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
        { AttributeName: "author", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byAuthor",
          KeySchema: [{ AttributeName: "author", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    })
    api.role("writer", [{ Effect: "Allow", Action: "dynamodb:*", Resource: tableArn }])
    api.role("indexReader", [{ Effect: "Allow", Action: "dynamodb:Query", Resource: `${tableArn}/index/*` }])
  })
  afterAll(() => api.close())
  beforeEach(() => {
    scope += 1
  })
}

/** Runs one request expression against the table and gives `{ result, error }` as the response handler saw them. */
export async function send(request: string, args: JsonObject = {}, role = "writer"): Promise<FieldResult> {
  const code = `import { util } from "@aws-appsync/utils"
import * as ddb from "@aws-appsync/utils/dynamodb"
export function request(ctx) { const { pk } = ctx.args; return ${request} }
export function response(ctx) { return { result: ctx.result, error: ctx.error } }`
  const resolvers = resolversOf(api, { it: { code, source: "posts" } }, sources(role))
  return resolvers.run(fieldCall("it", { pk: `post-${scope}`, ...args }))
}

/** The data source `posts`, reached as this role. */
export const sources = (role: string) => ({
  dataSources: [
    {
      name: "posts",
      properties: {
        Type: "AMAZON_DYNAMODB",
        ServiceRoleArn: roleArn(role),
        DynamoDBConfig: { TableName: table, AwsRegion: region },
      },
    },
  ],
})

/** What the response handler saw, when the field did not fail. */
export const resultOf = async (request: string, args?: JsonObject) => {
  const { value, errors } = await send(request, args)
  expect(errors).toEqual([])
  return value as { result: JsonObject; error?: { type: string; message: string } }
}

/** Puts an item with n = 1 and more members given as code. */
export const put = (sk: string, rest = "") => resultOf(`ddb.put({ key: { pk, sk: "${sk}" }, item: { n: 1 ${rest} } })`)
