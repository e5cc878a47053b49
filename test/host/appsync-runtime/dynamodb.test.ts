import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { FieldResult } from "../../../src/host/appsync/contract.ts"
import { createDynamoDbService } from "../../../src/host/dynamodb/service.ts"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import { account, createTestHost, fieldCall, region, resolversOf, roleArn } from "./testApi.ts"

const api = createTestHost()
const table = "Posts"
const lambdaArn = `arn:aws:lambda:${region}:${account}:function:conflict`
const tableArn = `arn:aws:dynamodb:${region}:${account}:table/${table}`

beforeAll(async () => {
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
  api.role("writer", [
    { Effect: "Allow", Action: "dynamodb:*", Resource: tableArn },
    { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: lambdaArn },
  ])
  api.role("indexReader", [{ Effect: "Allow", Action: "dynamodb:Query", Resource: `${tableArn}/index/*` }])
})
afterAll(() => api.close())

let scope = 0
beforeEach(() => {
  scope += 1
})

/** Runs one request expression against the table and gives `{ result, error }` as the response handler saw them. */
async function send(request: string, args: JsonObject = {}, role = "writer"): Promise<FieldResult> {
  const code = `import { util } from "@aws-appsync/utils"
import * as ddb from "@aws-appsync/utils/dynamodb"
export function request(ctx) { const { pk } = ctx.args; return ${request} }
export function response(ctx) { return { result: ctx.result, error: ctx.error } }`
  const resolvers = resolversOf(api, { it: { code, source: "posts" } }, sources(role))
  return resolvers.run(fieldCall("it", { pk: `post-${scope}`, ...args }))
}

const sources = (role: string) => ({
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

const resultOf = async (request: string, args?: JsonObject) => {
  const { value, errors } = await send(request, args)
  expect(errors).toEqual([])
  return value as { result: JsonObject; error?: { type: string; message: string } }
}

const put = (sk: string, rest = "") => resultOf(`ddb.put({ key: { pk, sk: "${sk}" }, item: { n: 1 ${rest} } })`)

describe("items", () => {
  test("come back from a put as written, with numbers, sets, nulls and nested values", async () => {
    await put("a", `, tags: ddb.toStringSet(["x", "y"]), none: null, map: { deep: [1, true, "t"] }`)
    const { result } = await resultOf(`ddb.get({ key: { pk, sk: "a" } })`)
    expect(result).toEqual({
      pk: `post-${scope}`,
      sk: "a",
      n: 1,
      tags: ["x", "y"],
      none: null,
      map: { deep: [1, true, "t"] },
    })
  })

  test("that are not there are null", async () => {
    expect((await resultOf(`ddb.get({ key: { pk, sk: "none" } })`)).result).toBeNull()
  })

  test("are given after an update and before a delete", async () => {
    await put("a")
    const updated = await resultOf(
      `ddb.update({ key: { pk, sk: "a" }, update: { n: ddb.operations.increment(4), title: "T" }, condition: { n: { eq: 1 } } })`,
    )
    expect(updated.result).toMatchObject({ n: 5, title: "T" })
    expect((await resultOf(`ddb.remove({ key: { pk, sk: "a" } })`)).result).toMatchObject({ n: 5 })
    expect((await resultOf(`ddb.get({ key: { pk, sk: "a" } })`)).result).toBeNull()
  })

  test("are projected", async () => {
    await put("a", `, map: { x: 1, y: 2 }`)
    const { result } = await resultOf(`ddb.get({ key: { pk, sk: "a" }, projection: ["n", "map.x"] })`)
    expect(result).toEqual({ n: 1, map: { x: 1 } })
  })
})

describe("a failed condition", () => {
  const create = (n: number) =>
    `ddb.put({ key: { pk, sk: "a" }, item: { n: ${n} }, condition: { pk: { attributeExists: false } } })`

  test("leaves ctx.error beside the current item", async () => {
    await resultOf(create(1))
    const { result, error } = await resultOf(create(2))
    expect(result).toMatchObject({ n: 1 })
    expect(error?.type).toBe("DynamoDB:ConditionalCheckFailedException")
    expect(error?.message).toMatch(
      /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: /,
    )
  })

  test("of a put is a success when the stored item equals what was to be written", async () => {
    await resultOf(create(1))
    expect(await resultOf(create(1))).toEqual({ result: { pk: `post-${scope}`, sk: "a", n: 1 } })
  })

  test("of a delete is a success when there is nothing", async () => {
    const removal = `ddb.remove({ key: { pk, sk: "none" }, condition: { n: { eq: 1 } } })`
    expect(await resultOf(removal)).toEqual({ result: null })
  })

  test("without a response handler fails the field", async () => {
    await put("a")
    const code = `import * as ddb from "@aws-appsync/utils/dynamodb"
export function request(ctx) { return ddb.update({ key: { pk: ctx.args.pk, sk: "a" }, update: { n: 2 }, condition: { n: { eq: 9 } } }) }`
    const resolvers = resolversOf(api, { it: { code, source: "posts" } }, sources("writer"))
    const { value, errors } = await resolvers.run(fieldCall("it", { pk: `post-${scope}` }))
    expect(value).toBeNull()
    expect(errors).toMatchObject([{ errorType: "DynamoDB:ConditionalCheckFailedException" }])
  })
})

describe("pages", () => {
  const query = `ddb.query({ query: { pk: { eq: pk }, sk: { ge: "a" } }, limit: 2, nextToken: ctx.args.token })`

  test("go on with a token, until there is none", async () => {
    for (const sk of ["a", "b", "c"]) await put(sk)
    const first = (await resultOf(query)).result
    expect(first).toMatchObject({ items: [{ sk: "a" }, { sk: "b" }], scannedCount: 2 })
    const second = (await resultOf(query, { token: first.nextToken ?? null })).result
    expect(second).toMatchObject({ items: [{ sk: "c" }], nextToken: null })
  })

  test("have opaque tokens that no other index takes", async () => {
    for (const sk of ["a", "b", "c"]) await put(sk)
    const { nextToken } = (await resultOf(query)).result
    expect(Buffer.from(String(nextToken), "base64").toString()).not.toContain("post-")
    const { errors } = await send(
      `ddb.query({ query: { author: { eq: "x" } }, index: "byAuthor", nextToken: ctx.args.token })`,
      { token: nextToken ?? null },
    )
    expect(errors).toMatchObject([{ message: "Invalid pagination token given." }])
  })

  test("are filtered, reversed and scanned", async () => {
    await put("a")
    await put("b", ", keep: true")
    const filtered = `ddb.query({ query: { pk: { eq: pk } }, filter: { keep: { eq: true } }, scanIndexForward: false })`
    expect((await resultOf(filtered)).result).toMatchObject({ items: [{ sk: "b" }], scannedCount: 2 })
    const scan = `ddb.scan({ filter: { pk: { eq: pk }, sk: { beginsWith: "a" } } })`
    expect((await resultOf(scan)).result).toMatchObject({ items: [{ sk: "a" }] })
  })
})

describe("batches", () => {
  test("put, get in the order of the keys with null for a gap, and delete", async () => {
    const tables = (list: string) => `{ tables: { ${table}: ${list} } }`
    const stored = await resultOf(`ddb.batchPut(${tables(`[{ pk, sk: "a", n: 1 }, { pk, sk: "b", n: 2 }]`)})`)
    expect(stored.result).toMatchObject({
      data: { Posts: [{ sk: "a" }, { sk: "b" }] },
      unprocessedItems: { Posts: [] },
    })
    const keys = `[{ pk, sk: "b" }, { pk, sk: "none" }, { pk, sk: "a" }]`
    const found = await resultOf(`ddb.batchGet(${tables(`{ keys: ${keys}, projection: ["n"] }`)})`)
    expect(found.result).toMatchObject({ data: { Posts: [{ n: 2 }, null, { n: 1 }] }, unprocessedKeys: { Posts: [] } })
    const gone = await resultOf(`ddb.batchDelete(${tables(`[{ pk, sk: "a" }]`)})`)
    expect(gone.result).toMatchObject({ data: { Posts: [{ sk: "a" }] } })
    expect((await resultOf(`ddb.get({ key: { pk, sk: "a" } })`)).result).toBeNull()
  })

  test("must not be empty", async () => {
    const { errors } = await send(`ddb.batchGet({ tables: { ${table}: { keys: [] } } })`)
    expect(errors).toMatchObject([
      { message: "RequestItem keys '$[tables][Posts]' can't be empty", errorType: "MappingTemplate" },
    ])
  })
})

describe("transactions", () => {
  const write = (condition: string) => `ddb.transactWrite({ items: [
    { putItem: { table: "${table}", key: { pk, sk: "a" }, item: { n: 7 }, condition: ${condition} } },
    { updateItem: { table: "${table}", key: { pk, sk: "b" }, update: { n: 8 } } }] })`

  test("give the keys and can be read together", async () => {
    const { result } = await resultOf(write("{ pk: { attributeExists: false } }"))
    expect(result).toEqual({
      keys: [
        { pk: `post-${scope}`, sk: "a" },
        { pk: `post-${scope}`, sk: "b" },
      ],
      cancellationReasons: null,
    })
    const get = `ddb.transactGet({ items: [{ table: "${table}", key: { pk, sk: "b" } }, { table: "${table}", key: { pk, sk: "x" } }] })`
    expect((await resultOf(get)).result).toMatchObject({ items: [{ n: 8 }, null], cancellationReasons: null })
  })

  test("say why they were cancelled and show the item in the way", async () => {
    await put("a")
    const { result, error } = await resultOf(write("{ pk: { attributeExists: false } }"))
    expect(error?.type).toBe("DynamoDB:TransactionCanceledException")
    expect(result).toMatchObject({
      keys: null,
      cancellationReasons: [{ type: "ConditionCheckFailed", item: { n: 1 } }, { type: "None" }],
    })
  })
})

describe("requests", () => {
  test("without an operation fail as a mapping error", async () => {
    const { errors } = await send("({ payload: 1 })")
    expect(errors).toMatchObject([
      { message: "Value for field '$[operation]' not found.", errorType: "MappingTemplate" },
    ])
  })

  test("may carry typed numbers as numbers and an expression of their own", async () => {
    await put("a")
    const { result } = await resultOf(
      `({ operation: "UpdateItem", key: util.dynamodb.toMapValues({ pk, sk: "a" }), update: { expression: "ADD #n :one", expressionNames: { "#n": "n" }, expressionValues: { ":one": { N: 1 } } } })`,
    )
    expect(result).toMatchObject({ n: 2 })
  })

  test("are made as the service role, which may lack the permission", async () => {
    const { value } = await send(`ddb.get({ key: { pk, sk: "a" } })`, {}, "indexReader")
    expect(value).toMatchObject({
      result: null,
      error: {
        type: "DynamoDB:AmazonDynamoDBException",
        message: expect.stringContaining(
          `assumed-role/indexReader/APPSYNC_ASSUME_ROLE is not authorized to perform: dynamodb:GetItem on resource: ${tableArn}`,
        ),
      },
    })
  })

  test("on an index need the permission on the index only", async () => {
    const query = `ddb.query({ query: { author: { eq: "nobody" } }, index: "byAuthor" })`
    const { value } = await send(query, {}, "indexReader")
    expect(value).toMatchObject({ result: { items: [] } })
  })

  test("that DynamoDB refuses leave its sentence in ctx.error", async () => {
    const { error } = await resultOf(`ddb.get({ key: { pk } })`)
    expect(error?.type).toBe("DynamoDB:AmazonDynamoDBException")
    expect(error?.message).toContain("Error Code: ValidationException")
  })
})

describe("the Custom strategy of a condition", () => {
  const conflict = (answer: JsonObject) => {
    const seen: Json[] = []
    api.serve("lambda", {
      invoke: async (_: string, payload: Json) => {
        seen.push(payload)
        return { payload: answer, requestId: "1" }
      },
    })
    return seen
  }
  const update = `({ operation: "UpdateItem", key: util.dynamodb.toMapValues({ pk, sk: "a" }),
    update: { expression: "SET n = :n", expressionValues: { ":n": { N: 2 } } },
    condition: { expression: "n = :old", expressionValues: { ":old": { N: 9 } },
      conditionalCheckFailedHandler: { strategy: "Custom", lambdaArn: "${lambdaArn}" } } })`

  test("is asked with the current item and may discard the write", async () => {
    await put("a")
    const seen = conflict({ action: "discard" })
    expect(await resultOf(update)).toMatchObject({ result: { n: 1 } })
    expect(seen).toMatchObject([{ currentValue: { n: 1 }, resolver: { tableName: table, field: "it" } }])
  })

  test("may reject it", async () => {
    await put("a")
    conflict({ action: "reject" })
    const { error } = await resultOf(update)
    expect(error?.type).toBe("DynamoDB:ConditionalCheckFailedException")
  })

  test("may retry with another request", async () => {
    await put("a")
    conflict({
      action: "retry",
      retryMapping: {
        operation: "UpdateItem",
        key: { pk: { S: `post-${scope}` }, sk: { S: "a" } },
        update: { expression: "SET n = :n", expressionValues: { ":n": { N: 3 } } },
      },
    })
    expect(await resultOf(update)).toMatchObject({ result: { n: 3 } })
  })
})
