import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDynamoDbService } from "../../../src/host/dynamodb/service.ts"
import { eventually, type LambdaHost, startLambdaHost } from "./lambdaHost.ts"

const consumer = {
  "index.js": `exports.handler = async ({ Records }) => {
    for (const { eventName, dynamodb } of Records) console.log(eventName + ' ' + dynamodb.Keys.id.S + ' ' + JSON.stringify(dynamodb.NewImage.n))
  }`,
}

describe("a table's stream", () => {
  let lambda: LambdaHost
  let table: ReturnType<typeof createDynamoDbService>
  beforeAll(async () => {
    lambda = await startLambdaHost({
      dynamodb: host => {
        table = createDynamoDbService(host)
        return table
      },
    })
    await table.ready()
  })
  afterAll(async () => {
    await lambda.stop()
    await table.stop?.()
  })

  const written = () => lambda.lines.map(({ line }) => line).filter(line => !line.startsWith("REPORT"))
  const put = (id: string, n: number) =>
    table.call("PutItem", { TableName: "Outbox", Item: { id: { S: id }, n: { N: String(n) } } })

  test("feeds a function, each item's changes in order, within milliseconds of the write", async () => {
    const created = await table.resources?.["AWS::DynamoDB::Table"]?.create({
      logicalId: "Outbox",
      stackName: "stack",
      type: "AWS::DynamoDB::Table",
      physicalName: "Outbox",
      metadata: {},
      properties: {
        TableName: "Outbox",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
      },
    })
    const EventSourceArn = String(created?.attributes?.StreamArn)
    const FunctionName = await lambda.deploy("consumer", consumer)
    const mapping = { FunctionName, EventSourceArn, StartingPosition: "TRIM_HORIZON" }
    await lambda.create("AWS::Lambda::EventSourceMapping", mapping)
    await lambda.service.start?.()

    await put("a", 0)
    await eventually(() => written().length === 1)
    const latencies: number[] = []
    for (let n = 1; n <= 20; n++) {
      const writtenAt = performance.now()
      await put("a", n)
      await eventually(() => written().length === n + 1)
      latencies.push(performance.now() - writtenAt)
    }
    expect(written().slice(0, 3)).toEqual(['INSERT a {"N":"0"}', 'MODIFY a {"N":"1"}', 'MODIFY a {"N":"2"}'])
    if (process.env.SHOW_LATENCY) console.log(latencies)
    // The fastest: each write follows the delivery before it, so a poll would hold up every one; a busy machine holds up some.
    expect(Math.min(...latencies)).toBeLessThan(200)
  })
})
