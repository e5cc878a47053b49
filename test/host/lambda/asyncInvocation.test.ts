import { afterEach, describe, expect, test } from "vitest"
import { eventually, type LambdaHost, startLambdaHost } from "./lambdaHost.ts"

const queueArn = "arn:aws:sqs:eu-west-1:123456789012:dead"
const failing = { "index.js": "exports.handler = async () => { console.log('tried'); throw new Error('no') }" }
const echo = {
  "index.js": "exports.handler = async event => { console.log('got ' + JSON.stringify(event)); return { ok: event } }",
}

let lambda: LambdaHost
afterEach(() => lambda.stop())

const begin = async (parts: Parameters<typeof startLambdaHost>[0] = {}) => {
  lambda = await startLambdaHost(parts)
  await lambda.service.start?.()
}
const tries = () => lambda.lines.filter(({ line }) => line === "tried").length
const reports = () => lambda.lines.filter(({ line }) => line.startsWith("REPORT")).length

describe("an event of an asynchronous invocation", () => {
  test("is retried after one minute and after two, then goes to the dead-letter queue", async () => {
    await begin()
    const arn = await lambda.deploy("failing", failing, { DeadLetterConfig: { TargetArn: queueArn } })
    const { requestId } = await lambda.service.invokeAsync(arn, { a: 1 }, {})
    await eventually(() => reports() === 1)
    lambda.clock.advance(59_000)
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(tries()).toBe(1)
    await eventually(() => {
      lambda.clock.advance(1_000)
      return reports() === 2
    })
    await eventually(() => {
      lambda.clock.advance(1_000)
      return lambda.sent.length === 1
    })
    expect(tries()).toBe(3)
    expect(lambda.sent[0]).toEqual({
      queueArn,
      body: { a: 1 },
      attributes: { RequestID: requestId, ErrorCode: { type: "Number", value: "200" }, ErrorMessage: "no" },
    })
  })

  test("that fails for good is told to the on-failure destination", async () => {
    await begin()
    const arn = await lambda.deploy("failing", failing)
    await lambda.create("AWS::Lambda::EventInvokeConfig", {
      FunctionName: arn,
      Qualifier: "$LATEST",
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    })
    const { requestId } = await lambda.service.invokeAsync(arn, { a: 1 }, {})
    await eventually(() => lambda.sent.length === 1)
    expect(lambda.sent[0]?.body).toEqual({
      version: "1.0",
      timestamp: expect.any(String),
      requestContext: {
        requestId,
        functionArn: `${arn}:$LATEST`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 1,
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: { errorType: "Error", errorMessage: "no", trace: expect.any(Array) },
    })
  })

  test("that succeeds is told to the on-success destination", async () => {
    await begin()
    const bus = "arn:aws:events:eu-west-1:123456789012:event-bus/results"
    const arn = await lambda.deploy("echo", echo)
    await lambda.create("AWS::Lambda::EventInvokeConfig", {
      FunctionName: arn,
      DestinationConfig: { OnSuccess: { Destination: bus } },
    })
    await lambda.service.invokeAsync(arn, { a: 1 }, {})
    await eventually(() => lambda.put.length === 1)
    expect(lambda.put[0]).toMatchObject({
      bus,
      source: "lambda",
      detailType: "Lambda Function Invocation Result - Success",
    })
    expect(JSON.parse(lambda.put[0]?.detail ?? "")).toMatchObject({ responsePayload: { ok: { a: 1 } } })
  })

  test("that grows too old is given up without another try", async () => {
    await begin()
    const arn = await lambda.deploy("failing", failing)
    await lambda.create("AWS::Lambda::EventInvokeConfig", {
      FunctionName: arn,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    })
    await lambda.service.invokeAsync(arn, {}, {})
    await eventually(() => reports() === 1)
    lambda.clock.advance(61_000)
    await eventually(() => lambda.sent.length === 1)
    expect(lambda.sent[0]?.body).toMatchObject({
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 },
    })
    expect(tries()).toBe(1)
  })

  test("survives a host that ends before it is delivered", async () => {
    lambda = await startLambdaHost()
    await lambda.service.invokeAsync(await lambda.deploy("echo", echo), { kept: true }, {})
    lambda = await lambda.restart()
    await lambda.deploy("echo", echo)
    await lambda.service.start?.()
    await eventually(() => lambda.lines.some(({ line }) => line === 'got {"kept":true}'))
  })

  test("that is throttled waits without losing a retry", async () => {
    await begin()
    const arn = await lambda.deploy("none", failing, {
      ReservedConcurrentExecutions: 0,
      DeadLetterConfig: { TargetArn: queueArn },
    })
    await lambda.service.invokeAsync(arn, {}, {})
    for (let round = 0; round < 5; round++) {
      lambda.clock.advance(300_000)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    expect(lambda.sent).toEqual([])
    expect(tries()).toBe(0)
  })

  test("that its role may not send onwards is named as lost", async () => {
    await begin({ statements: [] })
    const arn = await lambda.deploy("failing", failing, { DeadLetterConfig: { TargetArn: queueArn } })
    await lambda.create("AWS::Lambda::EventInvokeConfig", { FunctionName: arn, MaximumRetryAttempts: 0 })
    await lambda.service.invokeAsync(arn, {}, {})
    await eventually(() =>
      lambda.warnings.some(line => line.includes("an event is lost") && line.includes("sqs:SendMessage")),
    )
    expect(lambda.sent).toEqual([])
  })

  test("can be duplicated, or lost and retried, by the fault plan", async () => {
    await begin({
      faults: {
        at: (hop, messageId, attempt) => {
          if (hop !== "asyncLambda" || attempt > 1) return undefined
          return messageId.endsWith("|twice") ? { kind: "duplicate", times: 1, spreadMs: 5 } : { kind: "drop" }
        },
      },
    })
    const arn = await lambda.deploy("echo", echo)
    await lambda.service.invokeAsync(arn, 2, { messageId: "twice" })
    await eventually(() => lambda.lines.filter(({ line }) => line === "got 2").length === 2)
    await lambda.service.invokeAsync(arn, 3, { messageId: "dropped" })
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(lambda.lines.some(({ line }) => line === "got 3")).toBe(false)
    await eventually(() => {
      lambda.clock.advance(60_000)
      return lambda.lines.some(({ line }) => line === "got 3")
    })
  })
})
