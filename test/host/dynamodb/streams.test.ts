import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb"
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDynamoDbService, type DynamoDbService } from "../../../src/host/dynamodb/service.ts"
import { startTestHost, type TestHost } from "./testHost.ts"

let running: TestHost
let service: DynamoDbService

beforeAll(async () => {
  running = await startTestHost()
  service = createDynamoDbService(running.host)
  running.serve(service)
  service.start?.()
})
afterAll(() => running.close())

async function streamedTable(name: string): Promise<string> {
  await service.call("CreateTable", {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  })
  return service.streamArn(name) ?? ""
}

const put = (TableName: string, pk: string, more = {}) =>
  service.call("PutItem", { TableName, Item: { pk: { S: pk }, ...more } })
const read = (arn: string, limit = 100) => service.readStream(arn, "TRIM_HORIZON", limit)

describe("a stream", () => {
  test("carries records as a Lambda event does", async () => {
    const arn = await streamedTable("Records")
    await put("Records", "a")
    expect(arn).toMatch(/^arn:aws:dynamodb:eu-west-1:123456789012:table\/Records\/stream\/\d{4}-\d\d-\d\dT[\d:.]{12}$/)
    expect(await read(arn)).toEqual([
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
        eventName: "INSERT",
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "eu-west-1",
        eventSourceARN: arn,
        dynamodb: {
          ApproximateCreationDateTime: expect.any(Number),
          Keys: { pk: { S: "a" } },
          NewImage: { pk: { S: "a" } },
          SequenceNumber: "000000000000000000001",
          SizeBytes: expect.any(Number),
          StreamViewType: "NEW_AND_OLD_IMAGES",
        },
      },
    ])
  })

  test("is read on after any of its records", async () => {
    const arn = await streamedTable("Pages")
    for (let n = 1; n <= 12; n++) await put("Pages", `item${n}`)
    const names: unknown[] = []
    let records = await service.readStream(arn, "TRIM_HORIZON", 5)
    while (records.length > 0) {
      names.push(...records.map(({ dynamodb }) => dynamodb.Keys.pk))
      records = await service.readStream(arn, { after: records.at(-1)?.dynamodb.SequenceNumber ?? "" }, 5)
    }
    expect(names).toEqual(Array.from({ length: 12 }, (_, n) => ({ S: `item${n + 1}` })))
  })

  test("leaves out writes that change nothing, however their sets are ordered", async () => {
    const arn = await streamedTable("Unchanged")
    await put("Unchanged", "a", { tags: { SS: ["x", "y"] } })
    for (let n = 0; n < 5; n++) await put("Unchanged", "a", { tags: { SS: ["y", "x"] } })
    await put("Unchanged", "a", { tags: { SS: ["z"] } })
    expect((await read(arn, 2)).map(({ eventName }) => eventName)).toEqual(["INSERT"])
    expect((await read(arn)).map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY"])
    const [modified] = await service.readStream(arn, { after: "000000000000000000001" }, 2)
    expect(modified?.dynamodb.NewImage?.tags).toEqual({ SS: ["z"] })
  })

  test("read from LATEST begins at the first such read", async () => {
    const arn = await streamedTable("Latest")
    await put("Latest", "before")
    expect(await service.readStream(arn, "LATEST", 10)).toEqual([])
    await put("Latest", "after")
    expect((await service.readStream(arn, "LATEST", 10)).map(({ dynamodb }) => dynamodb.Keys)).toEqual([
      { pk: { S: "after" } },
    ])
  })

  test("wakes its readers after each write, by whichever call", async () => {
    const arn = await streamedTable("Wakes")
    let woken = 0
    service.onWrite(arn, () => woken++)
    await new DynamoDBClient(running.client()).send(
      new PutItemCommand({ TableName: "Wakes", Item: { pk: { S: "a" } } }),
    )
    await service.call("TransactWriteItems", {
      TransactItems: [{ Delete: { TableName: "Wakes", Key: { pk: { S: "a" } } } }],
    })
    await service.call("BatchWriteItem", { RequestItems: { Wakes: [{ PutRequest: { Item: { pk: { S: "b" } } } }] } })
    await service.call("ExecuteStatement", { Statement: `INSERT INTO "Wakes" VALUE {'pk': 'c'}` })
    await service.call("GetItem", { TableName: "Wakes", Key: { pk: { S: "a" } } })
    expect(woken).toBe(4)
    expect(await read(arn)).toHaveLength(4)
  })

  test("tells the host's time of a write, not the system's", async () => {
    const arn = await streamedTable("Later")
    running.host.clock.advance(7 * 24 * 3600_000)
    await put("Later", "a")
    const [record] = await read(arn)
    expect(
      Math.abs((record?.dynamodb.ApproximateCreationDateTime ?? 0) - running.host.clock.now() / 1000),
    ).toBeLessThan(60)
  })

  test("made anew for a table shows nothing of the one before", async () => {
    await streamedTable("Renewed")
    await put("Renewed", "old")
    await new Promise(resolve => setTimeout(resolve, 1000 - (Date.now() % 1000)))
    await service.call("UpdateTable", { TableName: "Renewed", StreamSpecification: { StreamEnabled: false } })
    const StreamSpecification = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" }
    await service.call("UpdateTable", { TableName: "Renewed", StreamSpecification })
    await put("Renewed", "new")
    expect((await read(service.streamArn("Renewed") ?? "")).map(({ dynamodb }) => dynamodb.Keys)).toEqual([
      { pk: { S: "new" } },
    ])
  })

  test("that is not there is refused", async () => {
    await expect(service.readStream(service.tableArn("None"), "TRIM_HORIZON", 1)).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    })
  })

  test("is read by the Streams API of the SDK", async () => {
    const arn = await streamedTable("Sdk")
    await put("Sdk", "a")
    const client = new DynamoDBStreamsClient(running.client())
    const { Streams } = await client.send(new ListStreamsCommand({ TableName: "Sdk" }))
    expect(Streams?.map(({ StreamArn }) => StreamArn)).toEqual([arn])
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: arn }))
    const [shard] = StreamDescription?.Shards ?? []
    expect(shard?.SequenceNumberRange).toEqual({ StartingSequenceNumber: "000000000000000000001" })
    const iterator = await client.send(
      new GetShardIteratorCommand({ StreamArn: arn, ShardId: shard?.ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    )
    const { Records, NextShardIterator } = await client.send(
      new GetRecordsCommand({ ShardIterator: iterator.ShardIterator }),
    )
    expect(Records).toMatchObject([
      { eventName: "INSERT", awsRegion: "eu-west-1", dynamodb: { SequenceNumber: "000000000000000000001" } },
    ])
    const rest = await client.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }))
    expect(rest.Records).toEqual([])
  })

  test("needs its own permission", async () => {
    const arn = await streamedTable("Guarded")
    running.role("tableOnly", [{ Effect: "Allow", Action: "dynamodb:*", Resource: service.tableArn("Guarded") }])
    const client = new DynamoDBStreamsClient(running.client("tableOnly"))
    await expect(client.send(new DescribeStreamCommand({ StreamArn: arn }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    })
  })
})

describe("time to live", () => {
  test("removes what is expired by the host's clock, in DynamoDB's name", async () => {
    const arn = await streamedTable("Expiring")
    await service.call("UpdateTimeToLive", {
      TableName: "Expiring",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "until" },
    })
    const inOneDay = String(Math.floor(running.host.clock.now() / 1000) + 24 * 3600)
    await put("Expiring", "short", { until: { N: inOneDay } })
    await put("Expiring", "deleted", { until: { N: inOneDay } })
    await put("Expiring", "long", { until: { N: String(Number(inOneDay) + 7 * 24 * 3600) } })
    await put("Expiring", "forever")
    await service.call("DeleteItem", { TableName: "Expiring", Key: { pk: { S: "deleted" } } })
    const removed = new Promise<void>(resolve => service.onWrite(arn, resolve))
    running.host.clock.advance(25 * 3600_000)
    await removed
    const { Items } = await service.call("Scan", { TableName: "Expiring", ProjectionExpression: "pk" })
    expect(Items).toEqual(expect.arrayContaining([{ pk: { S: "long" } }, { pk: { S: "forever" } }]))
    expect(Items).toHaveLength(2)
    const removals = (await read(arn)).filter(({ eventName }) => eventName === "REMOVE")
    expect(removals.map(({ dynamodb, userIdentity }) => [dynamodb.Keys.pk, userIdentity])).toEqual([
      [{ S: "deleted" }, undefined],
      [{ S: "short" }, { type: "Service", principalId: "dynamodb.amazonaws.com" }],
    ])
  })
})
