import { describe, expect, test } from "vitest"
import { evaluated } from "./evaluated.ts"

describe("the request that AWS was recorded to make of", () => {
  const id = { id: { S: "1" } }
  const eq = (name: string, value: object) => ({
    expression: `(#${name} = :${name}_eq)`,
    expressionNames: { [`#${name}`]: name },
    expressionValues: { [`:${name}_eq`]: value },
  })
  test.each([
    [
      'ddb.get({ key: { id: "1" }, consistentRead: true, projection: ["a.b", "a.c"] })',
      {
        operation: "GetItem",
        key: id,
        consistentRead: true,
        projection: {
          expression: "#expName_1.#expName_2, #expName_1.#expName_3",
          expressionNames: { "#expName_1": "a", "#expName_2": "b", "#expName_3": "c" },
        },
      },
    ],
    [
      'ddb.put({ key: { id: "1" }, item: { v: 1 }, condition: { v: { attributeExists: true } } })',
      {
        operation: "PutItem",
        key: id,
        attributeValues: { v: { N: 1 } },
        condition: { expression: "(attribute_exists(#v))", expressionNames: { "#v": "v" } },
      },
    ],
    [
      'ddb.put({ key: { id: "1" }, item: { v: 1 }, _version: 3, customPartitionKey: "p", populateIndexFields: true })',
      {
        operation: "PutItem",
        key: id,
        attributeValues: { v: { N: 1 } },
        _version: 3,
        customPartitionKey: "p",
        populateIndexFields: true,
      },
    ],
    [
      'ddb.remove({ key: { id: "1" }, _version: 2, condition: { a: { eq: 1 } } })',
      { operation: "DeleteItem", key: id, _version: 2, condition: eq("a", { N: 1 }) },
    ],
    ["ddb.scan({})", { operation: "Scan" }],
    [
      'ddb.scan({ totalSegments: 4, segment: 1, index: "gsi", consistentRead: true })',
      { operation: "Scan", totalSegments: 4, segment: 1, index: "gsi", consistentRead: true },
    ],
    [
      'ddb.query({ query: { pk: { eq: "a" } }, index: "gsi1", limit: 5, nextToken: "t", scanIndexForward: false, select: "ALL_ATTRIBUTES", filter: { done: { eq: true } }, projection: ["id"] })',
      {
        operation: "Query",
        query: eq("pk", { S: "a" }),
        index: "gsi1",
        limit: 5,
        nextToken: "t",
        scanIndexForward: false,
        select: "ALL_ATTRIBUTES",
        filter: eq("done", { BOOL: true }),
        projection: { expression: "#expName_1", expressionNames: { "#expName_1": "id" } },
      },
    ],
    [
      'ddb.batchGet({ tables: { post: { keys: [{ id: "1" }], consistentRead: false, projection: ["id", "name"] } } })',
      {
        operation: "BatchGetItem",
        tables: {
          post: {
            keys: [id],
            consistentRead: false,
            projection: {
              expression: "#expName_1, #expName_2",
              expressionNames: { "#expName_1": "id", "#expName_2": "name" },
            },
          },
        },
      },
    ],
    [
      'ddb.batchPut({ tables: { post: [{ id: "1", value: "x" }] } })',
      { operation: "BatchPutItem", tables: { post: [{ id: { S: "1" }, value: { S: "x" } }] } },
    ],
    ['ddb.batchDelete({ tables: { post: [{ id: "1" }] } })', { operation: "BatchDeleteItem", tables: { post: [id] } }],
    [
      'ddb.transactGet({ items: [{ table: "post", key: { id: "1" }, projection: ["name"] }] })',
      {
        operation: "TransactGetItems",
        transactItems: [
          {
            table: "post",
            key: id,
            projection: { expression: "#expName_1", expressionNames: { "#expName_1": "name" } },
          },
        ],
      },
    ],
    [
      `ddb.transactWrite({ items: [
        { putItem: { table: "t", key: { id: "1" }, item: { a: 1 } } },
        { updateItem: { table: "t", key: { id: "1" }, update: { a: ddb.operations.increment(1) } } },
        { deleteItem: { table: "t", key: { id: "1" }, condition: { v: { eq: 1 } } } },
        { conditionCheck: { table: "t", key: { id: "1" }, condition: { v: { eq: 1 } } } }] })`,
      {
        operation: "TransactWriteItems",
        transactItems: [
          { table: "t", operation: "PutItem", key: id, attributeValues: { a: { N: 1 } } },
          {
            table: "t",
            operation: "UpdateItem",
            key: id,
            update: {
              expression: "SET #expName_1 = #expName_1 + :expValue_1",
              expressionNames: { "#expName_1": "a" },
              expressionValues: { ":expValue_1": { N: 1 } },
            },
          },
          { table: "t", operation: "DeleteItem", key: id, condition: eq("v", { N: 1 }) },
          { table: "t", operation: "ConditionCheck", key: id, condition: eq("v", { N: 1 }) },
        ],
      },
    ],
    ["ddb.toNumberSet([1, 2, 3])", { NS: [1, 2, 3] }],
    [
      `util.dynamodb.fromS3ObjectJson('{"s3":{"key":"k","bucket":"b","region":"r","version":"v"}}')`,
      { key: "k", bucket: "b", region: "r", version: "v" },
    ],
  ])("%s", (expression, request) => expect(evaluated(expression)).toEqual(request))

  test.each([
    ["{ a: ddb.operations.increment() }", "SET #expName_1 = #expName_1 + :expValue_1", { a: 1 }, [{ N: 1 }]],
    ["{ addr: ddb.operations.remove() }", "REMOVE #expName_1", { addr: 1 }, []],
    ["{ a: ddb.operations.remove(), b: ddb.operations.remove() }", "REMOVE #expName_1, #expName_2", { a: 1, b: 2 }, []],
    [
      "{ b: ddb.operations.remove(), a: ddb.operations.replace('x') }",
      "SET #expName_1 = :expValue_1 REMOVE #expName_2",
      { a: 1, b: 2 },
      [{ S: "x" }],
    ],
    [
      '{ f: [ddb.operations.updateListItem("x", 1), ddb.operations.updateListItem("y", 2)] }',
      "SET #expName_1[1] = :expValue_1, #expName_1[2] = :expValue_2",
      { f: 1 },
      [{ S: "x" }, { S: "y" }],
    ],
  ])("an update of %s", (update, expression, names, values) => {
    expect(evaluated(`ddb.update({ key: { id: "1" }, update: ${update} }).update`)).toEqual({
      expression,
      expressionNames: Object.fromEntries(Object.entries(names).map(([name, place]) => [`#expName_${place}`, name])),
      expressionValues: Object.fromEntries(values.map((value, index) => [`:expValue_${index + 1}`, value])),
    })
  })
})

describe("util.authType in EvaluateCode reads the identity: it is", () => {
  const iam = { accountId: "1", sourceIp: ["1.2.3.4"], username: "AKIA", userArn: "arn:aws:iam::1:user/ada" }
  const oidc = { sub: "1", issuer: "https://issuer", claims: {} }
  const pool = { ...oidc, sourceIp: ["1.2.3.4"], username: "ada", defaultAuthStrategy: "ALLOW" }
  test.each([
    [undefined, "API Key"],
    [null, "API Key"],
    [{}, "Lambda"],
    [{ resolverContext: { role: "admin" } }, "Lambda"],
    [{ ...iam, cognitoIdentityId: null }, "IAM"],
    [{ ...iam, sourceIp: null }, "API Key"],
    [{ ...pool, groups: ["admins"] }, "User Pool"],
    [{ ...pool, defaultAuthStrategy: undefined }, "API Key"],
    [oidc, "Open ID Connect"],
    [{ ...oidc, username: "ada" }, "API Key"],
    [{ claims: {} }, "API Key"],
  ])("%j → %s", (identity, mode) => {
    expect(evaluated("util.authType()", { identity })).toBe(`${mode} Authorization`)
  })
})
