import { describe, expect, test } from "vitest"
import { put, resultOf, scope, send, servePostsTable, table, tableArn } from "./postsTable.ts"

servePostsTable()

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
    expect(found.result).toEqual({ data: { Posts: [{ n: 2 }, null, { n: 1 }] }, unprocessedKeys: { Posts: [] } })
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
