import { describe, expect, test } from "vitest"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import { api, put, resultOf, scope, servePostsTable, sources, table } from "./postsTable.ts"
import { account, fieldCall, region, resolversOf } from "./testApi.ts"

const lambdaArn = `arn:aws:lambda:${region}:${account}:function:conflict`

servePostsTable()

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
