import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb"
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDynamoDbService, type DynamoDbService } from "../../../src/host/dynamodb/service.ts"
import type { Fault } from "../../../src/host/host.ts"
import { startTestHost, type TestHost } from "./testHost.ts"

let test1: TestHost
let service: DynamoDbService
let planned: Fault[] = []
const asked: string[] = []

const table = (name: string) => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
})

beforeAll(async () => {
  const faults = {
    at: (_: string, id: string, attempt: number) => {
      asked.push(`${id} ${attempt}`)
      return planned.shift()
    },
  }
  test1 = await startTestHost({ faults })
  service = createDynamoDbService(test1.host)
  test1.serve(service)
  await service.call("CreateTable", table("Orders"))
  await service.call("CreateTable", table("Audit"))
  const arn = service.tableArn("Orders")
  test1.role("orders", [
    {
      Effect: "Allow",
      Action: ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:ConditionCheckItem", "dynamodb:BatchWriteItem"],
      Resource: arn,
    },
  ])
  test1.role("tenant", [
    {
      Effect: "Allow",
      Action: ["dynamodb:Query", "dynamodb:GetItem"],
      Resource: arn,
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["mine"] } },
    },
  ])
})
afterAll(() => test1.close())

const clientOf = (role?: string) => new DynamoDBClient({ ...test1.client(role), maxAttempts: 1 })
const put = (pk: string, TableName = "Orders") => ({ Put: { TableName, Item: { pk: { S: pk } } } })

describe("a DynamoDB call", () => {
  test("is answered as DynamoDB answers it", async () => {
    const documents = DynamoDBDocumentClient.from(clientOf())
    await documents.send(new PutCommand({ TableName: "Orders", Item: { pk: "a", total: 3 } }))
    const { Item } = await documents.send(new GetCommand({ TableName: "Orders", Key: { pk: "a" } }))
    expect(Item).toEqual({ pk: "a", total: 3 })
  })

  test("names tables by ARN too", async () => {
    const client = clientOf("orders")
    const TableName = service.tableArn("Orders")
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put("by-arn", TableName)] }))
    const { Item, ConsumedCapacity } = await client.send(
      new GetItemCommand({ TableName, Key: { pk: { S: "by-arn" } }, ReturnConsumedCapacity: "TOTAL" }),
    )
    expect(Item).toEqual({ pk: { S: "by-arn" } })
    expect(ConsumedCapacity?.CapacityUnits).toBe(0.5)
  })

  test("of a role needs the action of each item in a transaction", async () => {
    const refused = clientOf("orders").send(
      new TransactWriteItemsCommand({ TransactItems: [put("x"), put("x", "Audit")] }),
    )
    await expect(refused).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`dynamodb:PutItem on resource: ${service.tableArn("Audit")}`),
    })
    expect(await service.call("GetItem", { TableName: "Orders", Key: { pk: { S: "x" } } })).toEqual({})
  })

  test("of a role may be limited to its partition keys", async () => {
    const query = (pk: string) =>
      new QueryCommand({
        TableName: "Orders",
        KeyConditionExpression: "#pk = :pk",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: { ":pk": { S: pk } },
      })
    await expect(clientOf("tenant").send(query("mine"))).resolves.toMatchObject({ Count: 0 })
    await expect(clientOf("tenant").send(query("theirs"))).rejects.toMatchObject({ name: "AccessDeniedException" })
  })

  test("in process throws DynamoDB's error with its details", async () => {
    await service.call("PutItem", { TableName: "Orders", Item: { pk: { S: "taken" } } })
    const again = service.call("TransactWriteItems", {
      TransactItems: [
        { Put: { TableName: "Orders", Item: { pk: { S: "taken" } }, ConditionExpression: "attribute_not_exists(pk)" } },
      ],
    })
    await expect(again).rejects.toMatchObject({
      code: "TransactionCanceledException",
      detail: { CancellationReasons: [{ Code: "ConditionalCheckFailed" }] },
    })
  })
})

describe("a transaction with a client token", () => {
  test("is performed once and answered again", async () => {
    const send = () =>
      clientOf().send(
        new TransactWriteItemsCommand({
          ClientRequestToken: "t1",
          TransactItems: [
            {
              Update: {
                TableName: "Orders",
                Key: { pk: { S: "counted" } },
                UpdateExpression: "ADD n :one",
                ExpressionAttributeValues: { ":one": { N: "1" } },
              },
            },
          ],
        }),
      )
    await send()
    await send()
    expect(await service.call("GetItem", { TableName: "Orders", Key: { pk: { S: "counted" } } })).toMatchObject({
      Item: { n: { N: "1" } },
    })
  })

  test("refuses another body under the token until ten minutes are over", async () => {
    const send = (pk: string) =>
      clientOf().send(new TransactWriteItemsCommand({ ClientRequestToken: "t2", TransactItems: [put(pk)] }))
    await send("one")
    await expect(send("two")).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" })
    test1.host.clock.advance(601_000)
    await expect(send("two")).resolves.toBeDefined()
  })
})

describe("a fault on a role's call", () => {
  const item = { TableName: "Orders", Item: { pk: { S: "faulty" } } }
  const plan = (...faults: Fault[]) => {
    planned = faults
    asked.length = 0
  }

  test("throttles, and a retry is the next attempt of the same message", async () => {
    plan({ kind: "throttle" })
    await expect(clientOf("orders").send(new PutItemCommand(item))).rejects.toMatchObject({
      name: "ProvisionedThroughputExceededException",
    })
    await clientOf("orders").send(new PutItemCommand(item))
    expect(asked).toEqual([
      'PutItem|[["Orders",null,{"S":"faulty"},null]] 1',
      'PutItem|[["Orders",null,{"S":"faulty"},null]] 2',
    ])
  })

  test("makes a transaction conflict on its first item", async () => {
    plan({ kind: "conflict" })
    const refused = clientOf("orders").send(new TransactWriteItemsCommand({ TransactItems: [put("c1"), put("c2")] }))
    await expect(refused).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }],
    })
    expect(await service.call("GetItem", { TableName: "Orders", Key: { pk: { S: "c1" } } })).toEqual({})
  })

  test("may lose the answer of a write that happened", async () => {
    plan({ kind: "loseAck" })
    const lost = clientOf("orders").send(new PutItemCommand({ TableName: "Orders", Item: { pk: { S: "unheard" } } }))
    await expect(lost).rejects.toMatchObject({ name: "InternalServerError" })
    expect(await service.call("GetItem", { TableName: "Orders", Key: { pk: { S: "unheard" } } })).toEqual({
      Item: { pk: { S: "unheard" } },
    })
  })

  test("may leave half of a batch unprocessed", async () => {
    plan({ kind: "partialFailure" })
    const requests = ["b1", "b2", "b3"].map(pk => ({ PutRequest: { Item: { pk: { S: pk } } } }))
    const { UnprocessedItems } = await clientOf("orders").send(
      new BatchWriteItemCommand({ RequestItems: { Orders: requests } }),
    )
    expect(UnprocessedItems).toEqual({ Orders: [{ PutRequest: { Item: { pk: { S: "b3" } } } }] })
  })

  test("never meets the host's own calls", async () => {
    plan({ kind: "throttle" })
    await clientOf().send(new PutItemCommand(item))
    expect(asked).toEqual([])
  })
})
