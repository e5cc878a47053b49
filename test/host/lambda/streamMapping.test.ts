import { afterEach, describe, expect, test } from "vitest"
import type { Faults, JsonObject } from "../../../src/host/host.ts"
import { eventually, type LambdaHost, startLambdaHost } from "./lambdaHost.ts"
import { memoryStream, streamArn } from "./memorySources.ts"

const dead = "arn:aws:sqs:eu-west-1:123456789012:dead"

/** Logs the ids of each batch; an item whose image says so fails the batch, or is reported. */
const consumer = {
  "index.js": `exports.handler = async ({ Records }) => {
    const idOf = record => record.dynamodb.Keys.id.S
    console.log('batch ' + Records.map(idOf).join(','))
    const bad = Records.filter(record => record.dynamodb.NewImage.bad)
    if (process.env.REPORT) return { batchItemFailures: bad.map(r => ({ itemIdentifier: r.dynamodb.SequenceNumber })) }
    if (bad.length > 0) throw new Error('poison ' + bad.map(idOf))
  }`,
}
const bad: JsonObject = { bad: { BOOL: true } }

let lambda: LambdaHost
let stream: ReturnType<typeof memoryStream>
afterEach(() => lambda.stop())

const map = async (properties: JsonObject = {}, functionProperties: JsonObject = {}) => {
  const arn = await lambda.deploy("consumer", consumer, functionProperties)
  const mapping = { FunctionName: arn, EventSourceArn: streamArn, StartingPosition: "TRIM_HORIZON", ...properties }
  return (await lambda.create("AWS::Lambda::EventSourceMapping", mapping, "Mapping")).ref
}
const begin = async (properties: JsonObject = {}, parts: { faults?: Faults; report?: boolean } = {}) => {
  stream = memoryStream()
  lambda = await startLambdaHost({ dynamodb: stream.dynamodb, ...(parts.faults && { faults: parts.faults }) })
  await map(properties, parts.report === true ? { Environment: { Variables: { REPORT: "1" } } } : {})
}
const batches = () => lambda.lines.filter(({ line }) => line.startsWith("batch ")).map(({ line }) => line.slice(6))
const pass = async (ms: number) => {
  lambda.clock.advance(ms)
  await new Promise(resolve => setTimeout(resolve, 15))
}

describe("a stream mapping", () => {
  test("hands over what was there, and what is written at once", async () => {
    await begin()
    stream.write("a")
    stream.write("b")
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    expect(batches()).toEqual(["a,b"])
    stream.write("c")
    await eventually(() => batches().length === 2)
    expect(batches()).toEqual(["a,b", "c"])
  })

  test("from LATEST skips what was there before", async () => {
    await begin({ StartingPosition: "LATEST" })
    stream.write("old")
    await lambda.service.start?.()
    await new Promise(resolve => setTimeout(resolve, 200))
    stream.write("new")
    await eventually(() => batches().length === 1)
    expect(batches()).toEqual(["new"])
  })

  test("keeps to the batch size, and waits for its window", async () => {
    await begin({ BatchSize: 2, MaximumBatchingWindowInSeconds: 60 })
    for (const id of ["a", "b", "c"]) stream.write(id)
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    await pass(59_000)
    expect(batches()).toEqual(["a,b"])
    await eventually(() => {
      lambda.clock.advance(1_500)
      return batches().length === 2
    })
    expect(batches()).toEqual(["a,b", "c"])
  })

  test("passes on only what a filter wants", async () => {
    await begin({
      FilterCriteria: {
        Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["x"]}}}}' }],
      },
    })
    stream.write("a", { kind: { S: "y" } })
    stream.write("b", { kind: { S: "x" } })
    stream.write("c", { kind: { S: "x" } }, "MODIFY")
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    expect(batches()).toEqual(["b"])
  })

  test("goes on at its checkpoint after a kill", async () => {
    await begin()
    stream.write("a")
    await lambda.service.start?.()
    await eventually(() => lambda.lines.some(({ line }) => line.startsWith("REPORT")))
    await new Promise(resolve => setTimeout(resolve, 200))
    lambda = await lambda.restart()
    await map()
    stream.write("b")
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    expect(batches()).toEqual(["b"])
  })

  test("can be switched off and on by an SDK call", async () => {
    await begin()
    await lambda.service.start?.()
    const id = await map()
    const enable = (Enabled: boolean) =>
      lambda.service.handle?.({
        service: "lambda",
        operation: undefined,
        method: "PUT",
        path: `/2015-03-31/event-source-mappings/${id}`,
        query: new URLSearchParams(),
        headers: {},
        body: Buffer.from(JSON.stringify({ Enabled })),
        principal: { kind: "root", arn: "" },
        requestId: "1",
      })
    expect(await enable(false)).toMatchObject({ status: 202, body: { State: "Disabled" } })
    stream.write("a")
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(batches()).toEqual([])
    await enable(true)
    await eventually(() => batches().length === 1)
  })

  test("whose role may not read the stream stops the start, naming what it lacks", async () => {
    stream = memoryStream()
    lambda = await startLambdaHost({ dynamodb: stream.dynamodb, statements: [] })
    await map()
    await expect(async () => lambda.service.start?.()).rejects.toThrow("dynamodb:GetRecords, dynamodb:GetShardIterator")
  })

  test("with a tumbling window is not supported", async () => {
    await expect(begin({ TumblingWindowInSeconds: 30 })).rejects.toThrow("this host has no tumbling windows")
  })
})

describe("a failing batch", () => {
  test("is tried again until its retries are used up, and then told to the destination", async () => {
    await begin({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: dead } } })
    const first = stream.write("a", bad)
    const last = stream.write("b")
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    await pass(1_000)
    await eventually(() => lambda.sent.length === 1)
    expect(batches()).toEqual(["a,b", "a,b"])
    expect(lambda.sent[0]?.body).toMatchObject({
      version: "1.0",
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      DDBStreamBatchInfo: { startSequenceNumber: first, endSequenceNumber: last, batchSize: 2, streamArn },
    })
    stream.write("c")
    await eventually(() => batches().at(-1) === "c")
  })

  test("is halved until the poison stands alone", async () => {
    await begin({
      MaximumRetryAttempts: 0,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: dead } },
    })
    for (const id of ["a", "b", "c", "d"]) stream.write(id, id === "c" ? bad : {})
    await lambda.service.start?.()
    await eventually(() => batches().at(-1) === "d")
    expect(batches()).toEqual(["a,b,c,d", "a,b", "c,d", "c", "d"])
    expect(lambda.sent.map(({ body }) => body)).toMatchObject([{ DDBStreamBatchInfo: { batchSize: 1 } }])
  })

  test("that reports a position goes on from there", async () => {
    const settings = {
      MaximumRetryAttempts: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      DestinationConfig: { OnFailure: { Destination: dead } },
    }
    await begin(settings, { report: true })
    for (const id of ["a", "b", "c"]) stream.write(id, id === "b" ? bad : {})
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    await pass(1_000)
    await eventually(() => lambda.sent.length === 1)
    expect(batches()).toEqual(["a,b,c", "b,c"])
    expect(lambda.sent[0]?.body).toMatchObject({
      responseContext: { functionError: null },
      DDBStreamBatchInfo: { batchSize: 2 },
    })
  })

  test("that retries for ever is named as blocked", async () => {
    await begin()
    stream.write("a", bad)
    await lambda.service.start?.()
    for (let round = 0; round < 100 && !lambda.warnings.join().includes("blocked"); round++) await pass(60_000)
    expect(lambda.warnings.join()).toMatch(/mapping Outbox → consumer is blocked at record 0+1 .* without a limit/)
  })

  test("does not hold up other items in other lanes", async () => {
    await begin({ ParallelizationFactor: 10, BatchSize: 1 })
    stream.write("a", bad)
    for (const id of ["b", "c", "d", "e"]) stream.write(id)
    await lambda.service.start?.()
    await eventually(() => new Set(batches()).size >= 4)
  })

  test("older than the record age is given up", async () => {
    await begin({ MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: dead } } })
    stream.write("a", {}, "INSERT", Date.now() - 120_000)
    stream.write("b")
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    expect(batches()).toEqual(["b"])
    expect(lambda.sent[0]?.body).toMatchObject({ requestContext: { condition: "RecordAgeExceeded" } })
  })
})

describe("the fault plan of a stream", () => {
  const faultOn = (id: string, fault: ReturnType<Faults["at"]>): Faults => ({
    at: (hop, messageId, attempt) =>
      hop === "stream" && attempt === 1 && messageId.includes(`"${id}"`) ? fault : undefined,
  })

  test("can deliver records twice, in order", async () => {
    await begin({}, { faults: faultOn("b", { kind: "duplicate", times: 1, spreadMs: 1 }) })
    for (const id of ["a", "b", "c"]) stream.write(id)
    await lambda.service.start?.()
    await eventually(() => batches().length === 2)
    expect(batches()).toEqual(["a,b,c", "b,c"])
  })

  test("can let other items overtake one, and never its own later changes", async () => {
    await begin({}, { faults: faultOn("a", { kind: "delay", ms: 1_000 }) })
    for (const id of ["a", "b", "a", "c"]) stream.write(id)
    await lambda.service.start?.()
    await eventually(() => batches().length === 1)
    await pass(1_000)
    await eventually(() => batches().length === 2)
    expect(batches()).toEqual(["b,c", "a,a"])
  })

  test("can lose a delivery, which is repeated", async () => {
    await begin({}, { faults: faultOn("a", { kind: "drop" }) })
    stream.write("a")
    await lambda.service.start?.()
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(batches()).toEqual([])
    await pass(1_000)
    await eventually(() => batches().length === 1)
  })
})
