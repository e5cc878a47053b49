import { DescribeExecutionCommand, GetExecutionHistoryCommand, StopExecutionCommand } from "@aws-sdk/client-sfn"
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, functionOf, roleWith } from "../shell/localHost.ts"
import {
  arnOf,
  ended,
  express,
  machine,
  machineHost,
  run,
  runSync,
  sfnOf,
  single,
  start,
  states,
  table,
  task,
} from "./machineHost.ts"

const hello = functionOf("exports.handler = async event => ({ hello: event.name })")
const failing = functionOf(
  "class Odd extends Error { name = 'Odd' }; exports.handler = async () => { throw new Odd('not today') }",
)
const flaky = functionOf("let n = 0; exports.handler = async () => { if (++n < 3) throw new Error('again'); return n }")
const TableName = { Ref: "Table" }
const catching = (state: JsonObject, ErrorEquals: string[]): JsonObject => ({
  StartAt: "S",
  States: {
    S: { End: true, ...state, Catch: [{ ErrorEquals, Next: "Caught", ResultPath: "$.failed" }] },
    Caught: { Type: "Pass", End: true },
  },
})

const resources: JsonObject = {
  Powerless: roleWith(),
  Table: table,
  Hello: hello,
  Failing: failing,
  Flaky: flaky,
  ByArn: machine(task(arnOf("Hello"))),
  ByInvoke: express(
    task(states("lambda:invoke"), {
      Parameters: { FunctionName: arnOf("Hello"), "Payload.$": "$" },
      ResultSelector: { "code.$": "$.StatusCode", "said.$": "$.Payload.hello" },
    }),
  ),
  Fails: machine(task(arnOf("Failing"))),
  CatchesOdd: machine(catching({ Type: "Task", Resource: arnOf("Failing") }, ["Odd"])),
  CatchesTaskFailed: machine(catching({ Type: "Task", Resource: arnOf("Failing") }, ["States.TaskFailed"])),
  Retries: machine(
    task(arnOf("Flaky"), {
      Retry: [
        { ErrorEquals: ["Odd"], MaxAttempts: 1 },
        {
          ErrorEquals: ["Error"],
          IntervalSeconds: 1,
          BackoffRate: 1,
          MaxDelaySeconds: 1,
          JitterStrategy: "FULL",
          MaxAttempts: 5,
        },
      ],
    }),
  ),
  NoFunction: machine(task("arn:aws:lambda:eu-west-1:123456789012:function:none")),
  Denied: machine(task(arnOf("Hello")), { RoleArn: arnOf("Powerless") }),
  DeniedTable: machine(task(states("dynamodb:getItem"), { Parameters: { TableName, Key: { id: { S: "x" } } } }), {
    RoleArn: arnOf("Powerless"),
  }),
  CatchesPermissions: machine(catching({ Type: "Task", Resource: arnOf("Hello") }, ["States.Permissions"]), {
    RoleArn: arnOf("Powerless"),
  }),

  Inner: machine({
    StartAt: "C",
    States: {
      C: { Type: "Choice", Choices: [{ Variable: "$.fail", IsPresent: true, Next: "F" }], Default: "P" },
      P: { Type: "Pass", Result: { n: 1 }, End: true },
      F: { Type: "Fail", Error: "Inner", Cause: "so" },
    },
  }),
  Starts: machine(
    task(states("states:startExecution"), { Parameters: { StateMachineArn: { Ref: "Inner" }, Input: {} } }),
  ),
  StartsAndWaits: machine(
    task(states("states:startExecution.sync:2"), { Parameters: { StateMachineArn: { Ref: "Inner" }, "Input.$": "$" } }),
  ),
  StartsAndWaitsForText: machine(
    task(states("states:startExecution.sync"), {
      Parameters: { StateMachineArn: { Ref: "Inner" }, "Input.$": "$" },
      OutputPath: "$.Output",
    }),
  ),
  InnerSlow: machine(single({ Type: "Wait", Seconds: 3600 })),
  StartsSlow: machine(
    task(states("states:startExecution.sync"), {
      Parameters: { StateMachineArn: { Ref: "InnerSlow" }, Name: "inner" },
    }),
  ),
  TooSlow: machine(
    task(states("lambda:invoke"), { Parameters: { FunctionName: arnOf("Never") }, TimeoutSecondsPath: "$.limit" }),
  ),
  Never: { ...functionOf("exports.handler = () => new Promise(done => setTimeout(done, 60000))") },
}

describe("a task", () => {
  let running: RunningHost
  let sqs: SQSClient
  beforeAll(async () => {
    running = await machineHost(resources)
    sqs = new SQSClient(clientOf(running))
  })
  afterAll(() => running.stop())

  const _received = async () => {
    const QueueUrl = running.local.resources["app.Queue"]
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))
    return Messages.map(({ Body = "" }) => JSON.parse(Body))
  }
  const historyOf = async (executionArn: string) =>
    (await sfnOf(running).send(new GetExecutionHistoryCommand({ executionArn }))).events ?? []

  test("by a function's ARN gives the function's result, with its own events in the history", async () => {
    const executionArn = await start(running, "ByArn", { name: "Ada" })
    expect(await ended(running, executionArn)).toEqual({ status: "SUCCEEDED", output: { hello: "Ada" } })
    expect((await historyOf(executionArn)).map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ])
  })

  test("by lambda:invoke gives the answer of Lambda's call", async () => {
    expect(await runSync(running, "ByInvoke", { name: "Ada" })).toEqual({
      status: "SUCCEEDED",
      output: { code: 200, said: "Ada" },
    })
  })

  test("whose function throws fails with the error's type", async () => {
    const { error, cause } = await run(running, "Fails")
    expect(error).toBe("Odd")
    expect(JSON.parse(cause ?? "")).toMatchObject({
      errorType: "Odd",
      errorMessage: "not today",
      trace: expect.any(Array),
    })
  })

  test.each([
    "CatchesOdd",
    "CatchesTaskFailed",
  ])("that fails is caught by name and by States.TaskFailed (%s)", async name => {
    expect(await run(running, name, { a: 1 })).toMatchObject({
      output: { a: 1, failed: { Error: "Odd", Cause: expect.stringContaining("not today") } },
    })
  })

  test("is tried again as its retrier says", async () => {
    const done = run(running, "Retries")
    for (let attempt = 0; attempt < 20; attempt++) {
      await new Promise(resolve => setTimeout(resolve, 50))
      running.host.clock.advance(1_000)
    }
    expect(await done).toEqual({ status: "SUCCEEDED", output: 3 })
  })

  test("fails with the error of the service itself", async () => {
    expect(await run(running, "NoFunction")).toMatchObject({ error: "Lambda.ResourceNotFoundException" })
  })

  test("is refused what the role of the state machine may not", async () => {
    const refused = await run(running, "Denied", {})
    expect(refused).toMatchObject({
      error: "Lambda.AWSLambdaException",
      cause: expect.stringContaining("is not authorized to perform: lambda:InvokeFunction on resource"),
    })
    const table = await run(running, "DeniedTable", {})
    expect(table).toMatchObject({
      error: "DynamoDB.AmazonDynamoDBException",
      cause: expect.stringContaining("is not authorized to perform: dynamodb:GetItem"),
    })
    expect(await run(running, "CatchesPermissions", {})).toMatchObject({ status: "SUCCEEDED" })
  })

  test("starts executions of other state machines, and waits for their ends with .sync", async () => {
    expect(await run(running, "Starts")).toMatchObject({
      output: { ExecutionArn: expect.stringContaining(":execution:"), StartDate: expect.any(String) },
    })
    const executionArn = await start(running, "StartsAndWaits", { a: 1 })
    expect(await ended(running, executionArn)).toMatchObject({
      output: { Status: "SUCCEEDED", Input: { a: 1 }, Output: { n: 1 } },
    })
    expect((await historyOf(executionArn)).map(({ type }) => type).slice(2, 6)).toEqual([
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitted",
      "TaskSucceeded",
    ])
    expect(await run(running, "StartsAndWaitsForText")).toEqual({ status: "SUCCEEDED", output: '{"n":1}' })
    const { error, cause } = await run(running, "StartsAndWaits", { fail: true })
    expect(error).toBe("States.TaskFailed")
    expect(JSON.parse(cause ?? "")).toMatchObject({ Status: "FAILED", Error: "Inner", Cause: "so" })
  })

  test("stops the execution that it waits for when its own is stopped", async () => {
    const executionArn = await start(running, "StartsSlow")
    const inner = `${running.local.resources["app.InnerSlow"]?.replace(":stateMachine:", ":execution:")}:inner`
    const isRunning = () => sfnOf(running).send(new DescribeExecutionCommand({ executionArn: inner }))
    await expect.poll(isRunning).toMatchObject({ status: "RUNNING" })
    await sfnOf(running).send(new StopExecutionCommand({ executionArn }))
    expect(await ended(running, executionArn)).toEqual({ status: "ABORTED" })
    expect(await ended(running, inner)).toEqual({ status: "ABORTED" })
  })

  test("that takes longer than it may fails with States.Timeout", async () => {
    const executionArn = await start(running, "TooSlow", { limit: 2 })
    await new Promise(resolve => setTimeout(resolve, 300))
    running.host.clock.advance(2_000)
    expect(await ended(running, executionArn)).toEqual({ status: "FAILED", error: "States.Timeout" })
    expect((await historyOf(executionArn)).map(({ type }) => type)).toContain("TaskTimedOut")
  })
})
