import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDynamoDbService, type DynamoDbService } from "../../../src/host/dynamodb/service.ts"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import { startTestHost, type TestHost } from "./testHost.ts"

let running: TestHost
let service: DynamoDbService

beforeAll(async () => {
  running = await startTestHost()
  service = createDynamoDbService(running.host)
  running.serve(service)
})
afterAll(() => running.close())

const create = async (type: string, properties: JsonObject) =>
  service.resources?.[type]?.create({
    logicalId: "T",
    stackName: "app",
    type,
    properties,
    metadata: {},
    physicalName: "app-T-123",
  })

const string = (AttributeName: string) => ({ AttributeName, AttributeType: "S" })
const index = (IndexName: string, hash: string) => ({
  IndexName,
  KeySchema: [{ AttributeName: hash, KeyType: "HASH" }],
  Projection: { ProjectionType: "ALL" },
})
const properties = (name: string, indexes: Json[] = []): JsonObject => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: ["pk", "sk", "colour", "size"].slice(0, 2 + indexes.length).map(string),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
})

describe("a table of a template", () => {
  test("is made with its stream and its time to live", async () => {
    const made = await create("AWS::DynamoDB::Table", {
      ...properties("Made"),
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
      TimeToLiveSpecification: { AttributeName: "until", Enabled: "true" },
    })
    expect(made).toEqual({
      ref: "Made",
      attributes: {
        Arn: "arn:aws:dynamodb:eu-west-1:123456789012:table/Made",
        TableId: expect.any(String),
        StreamArn: service.streamArn("Made"),
      },
    })
    expect(await service.call("DescribeTimeToLive", { TableName: "Made" })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "until" },
    })
  })

  test("may be a global one, of which this region's replica counts", async () => {
    const { TableName: _, ...unnamed } = properties("")
    const made = await create("AWS::DynamoDB::GlobalTable", {
      ...unnamed,
      Replicas: [
        { Region: "us-east-1", DeletionProtectionEnabled: false },
        { Region: "eu-west-1", DeletionProtectionEnabled: true },
      ],
    })
    expect(made?.ref).toBe("app-T-123")
    await expect(service.call("DeleteTable", { TableName: "app-T-123" })).rejects.toMatchObject({
      code: "ValidationException",
    })
  })

  test("keeps its data while indexes, stream and time to live change", async () => {
    await create("AWS::DynamoDB::Table", {
      ...properties("Kept", [index("byColour", "colour")]),
      TimeToLiveSpecification: { AttributeName: "until", Enabled: true },
    })
    await service.call("PutItem", {
      TableName: "Kept",
      Item: { pk: { S: "a" }, sk: { S: "1" }, colour: { S: "red" }, size: { S: "L" } },
    })
    await create("AWS::DynamoDB::Table", {
      ...properties("Kept", [index("byColour", "size"), index("bySize", "size")]),
      AttributeDefinitions: ["pk", "sk", "size"].map(string),
      StreamSpecification: { StreamViewType: "KEYS_ONLY" },
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    })
    for (const IndexName of ["byColour", "bySize"]) {
      const found = await service
        .call("Query", {
          TableName: "Kept",
          IndexName,
          KeyConditionExpression: "size = :l",
          ExpressionAttributeValues: { ":l": { S: "L" } },
        })
        .catch(() =>
          service.call("Query", {
            TableName: "Kept",
            IndexName,
            KeyConditionExpression: "#size = :l",
            ExpressionAttributeNames: { "#size": "size" },
            ExpressionAttributeValues: { ":l": { S: "L" } },
          }),
        )
      expect(found.Count).toBe(1)
    }
    expect(service.streamArn("Kept")).toBeDefined()
    await create("AWS::DynamoDB::Table", properties("Kept"))
    const { Table } = await service.call("DescribeTable", { TableName: "Kept" })
    expect(Table).not.toHaveProperty("GlobalSecondaryIndexes")
    expect(service.streamArn("Kept")).toBeUndefined()
    expect(await service.call("DescribeTimeToLive", { TableName: "Kept" })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" },
    })
  })

  test("with another key than the one on disk says what to do", async () => {
    await create("AWS::DynamoDB::Table", properties("Rekeyed"))
    const other = {
      ...properties("Rekeyed"),
      AttributeDefinitions: [string("id")],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }
    await expect(create("AWS::DynamoDB::Table", other)).rejects.toThrow(
      "table Rekeyed on disk has the key (pk S, sk S), the template wants (id S): start with --fresh or delete .foldline",
    )
  })

  test("may let a role in by its own policy", async () => {
    running.role("guest", [])
    const call = {
      service: "dynamodb",
      operation: "GetItem",
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: {},
      requestId: "1",
    }
    const principal = {
      kind: "role",
      arn: "arn:aws:sts::123456789012:assumed-role/guest/s",
      roleName: "guest",
      sessionName: "s",
    } as const
    const get = () =>
      service.handle?.({
        ...call,
        principal,
        body: Buffer.from(JSON.stringify({ TableName: "Shared", Key: { pk: { S: "a" }, sk: { S: "b" } } })),
      })
    await create("AWS::DynamoDB::Table", properties("Shared"))
    await expect(get()).rejects.toMatchObject({ code: "AccessDeniedException" })
    const PolicyDocument = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:role/guest" },
          Action: "dynamodb:GetItem",
          Resource: "*",
        },
      ],
    }
    await create("AWS::DynamoDB::Table", { ...properties("Shared"), ResourcePolicy: { PolicyDocument } })
    await expect(get()).resolves.toMatchObject({ status: 200 })
  })
})
