import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn"
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, roleWith } from "../shell/localHost.ts"
import { arnOf, ended, express, machine, machineHost, run, runSync, sfnOf, single, start } from "./machineHost.ts"

const greet = {
  Comment: "greets",
  StartAt: "Greet",
  States: { Greet: { Type: "Pass", Result: "hello", ResultPath: "$.said", End: true } },
}
const waiting = (Seconds: number) => ({
  StartAt: "Wait",
  States: { Wait: { Type: "Wait", Seconds, Next: "Done" }, Done: { Type: "Pass", Result: "done", End: true } },
})
const account = "arn:aws:states:eu-west-1:123456789012"

describe("an execution", () => {
  let running: RunningHost
  beforeAll(async () => {
    running = await machineHost({
      Nobody: roleWith(),
      Starter: roleWith({ Effect: "Allow", Action: "states:StartExecution", Resource: arnOf("Greeter") }),
      Greeter: machine(greet, { StateMachineName: "greeter" }),
      Slow: machine(waiting(3_600), { StateMachineName: "slow" }),
      Limited: machine({ ...waiting(3_600), TimeoutSeconds: 60 }),
      At: machine(single({ Type: "Wait", TimestampPath: "$.at" })),
      Quick: express(greet),
      QuickForever: express({ StartAt: "A", States: { A: { Type: "Pass", Next: "A" } } }),
      Version: { Type: "AWS::StepFunctions::StateMachineVersion", Properties: { StateMachineArn: arnOf("Greeter") } },
      Alias: {
        Type: "AWS::StepFunctions::StateMachineAlias",
        Properties: {
          Name: "live",
          RoutingConfiguration: [{ StateMachineVersionArn: { Ref: "Version" }, Weight: 100 }],
        },
      },
      Told: { Type: "AWS::SQS::Queue" },
      MayTell: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          Queues: [{ Ref: "Told" }],
          PolicyDocument: { Statement: { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" } },
        },
      },
      OnEnd: {
        Type: "AWS::Events::Rule",
        Properties: {
          EventPattern: { source: ["aws.states"], detail: { status: ["SUCCEEDED"], name: ["told"] } },
          Targets: [{ Id: "q", Arn: arnOf("Told") }],
        },
      },
    })
  })
  afterAll(() => running.stop())
  const sdk = () => sfnOf(running)
  const greeter = `${account}:stateMachine:greeter`

  test("is described with its input, its output and its times", async () => {
    const executionArn = await start(running, "Greeter", { to: "Ada" }, "first")
    expect(executionArn).toBe(`${account}:execution:greeter:first`)
    await ended(running, executionArn)
    const described = await sdk().send(new DescribeExecutionCommand({ executionArn }))
    expect(described).toMatchObject({
      name: "first",
      stateMachineArn: greeter,
      status: "SUCCEEDED",
      input: '{"to":"Ada"}',
      output: '{"to":"Ada","said":"hello"}',
      outputDetails: { included: true },
    })
    expect(described.stopDate?.getTime()).toBeGreaterThanOrEqual(described.startDate?.getTime() ?? Number.NaN)
  })

  test("has a history with the events of AWS", async () => {
    const executionArn = await start(running, "Greeter", {}, "told-all")
    await ended(running, executionArn)
    const history = (input: object) => sdk().send(new GetExecutionHistoryCommand({ executionArn, ...input }))
    const { events = [] } = await history({})
    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, "ExecutionStarted"],
      [2, 1, "PassStateEntered"],
      [3, 2, "PassStateExited"],
      [4, 3, "ExecutionSucceeded"],
    ])
    expect(events[0]?.executionStartedEventDetails).toMatchObject({
      input: "{}",
      roleArn: expect.stringContaining(":role/"),
    })
    expect(events[1]?.stateEnteredEventDetails).toEqual({
      name: "Greet",
      input: "{}",
      inputDetails: { truncated: false },
    })
    expect(events[2]?.stateExitedEventDetails).toMatchObject({ name: "Greet", output: '{"said":"hello"}' })
    const reversed = await history({ reverseOrder: true, maxResults: 3, includeExecutionData: false })
    expect(reversed.events?.map(({ id }) => id)).toEqual([4, 3, 2])
    expect(reversed.events?.[1]?.stateExitedEventDetails).not.toHaveProperty("output")
    expect((await history({ maxResults: 3, nextToken: reversed.nextToken })).events?.map(({ id }) => id)).toEqual([4])
  })

  test("that is started twice by the same name and input is the same while it runs, and refused with another input or later", async () => {
    const first = await start(running, "Slow", { a: 1 }, "once")
    expect(await start(running, "Slow", { a: 1 }, "once")).toBe(first)
    await expect(start(running, "Slow", { a: 2 }, "once")).rejects.toMatchObject({ name: "ExecutionAlreadyExists" })
    await sdk().send(new StopExecutionCommand({ executionArn: first, error: "Enough", cause: "it is late" }))
    expect(await ended(running, first)).toEqual({ status: "ABORTED", error: "Enough", cause: "it is late" })
    await expect(start(running, "Slow", { a: 1 }, "once")).rejects.toMatchObject({ name: "ExecutionAlreadyExists" })
  })

  test("waits by the host's clock, to a time as well, and times out by it", async () => {
    const at = new Date(running.host.clock.now() + 1_800_000).toISOString()
    const all = [await start(running, "Slow"), await start(running, "At", { at }), await start(running, "Limited")]
    await new Promise(resolve => setTimeout(resolve, 300))
    running.host.clock.advance(3_600_000)
    const [slow = "", until = "", limited = ""] = all
    expect(await ended(running, slow)).toEqual({ status: "SUCCEEDED", output: "done" })
    expect(await ended(running, until)).toMatchObject({ status: "SUCCEEDED" })
    expect(await ended(running, limited)).toEqual({ status: "TIMED_OUT" })
  })

  test("is listed by its state machine and status, the newest first", async () => {
    const stateMachineArn = running.local.resources["app.At"]
    const one = await start(running, "At", { at: "2020-01-01T00:00:00Z" }, "one")
    const two = await start(running, "At", { at: "no time" }, "two")
    await Promise.all([ended(running, one), ended(running, two)])
    const list = async (input: object) =>
      (await sdk().send(new ListExecutionsCommand({ stateMachineArn, ...input }))).executions?.map(({ name }) => name)
    expect((await list({}))?.slice(0, 2)).toEqual(["two", "one"])
    expect(await list({ statusFilter: "FAILED" })).toEqual(["two"])
  })

  test("of an Express state machine is waited for, and not described", async () => {
    expect(await runSync(running, "Quick", { n: 1 })).toEqual({ status: "SUCCEEDED", output: { n: 1, said: "hello" } })
    const executionArn = await start(running, "Quick", {}, "again")
    expect(executionArn).toMatch(/:express:app-Quick-[^:]+:again:[\w-]+$/)
    expect(await start(running, "Quick", {}, "again")).not.toBe(executionArn)
    const described = sdk().send(new DescribeExecutionCommand({ executionArn }))
    await expect(described).rejects.toMatchObject({ name: "StateMachineTypeNotSupported" })
    const sync = sdk().send(new StartSyncExecutionCommand({ stateMachineArn: greeter }))
    await expect(sync).rejects.toMatchObject({ name: "StateMachineTypeNotSupported" })
  })

  test("that only computes leaves the host to others, and an Express one ends after five minutes", async () => {
    const forever = runSync(running, "QuickForever")
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(await runSync(running, "Quick")).toMatchObject({ status: "SUCCEEDED" })
    running.host.clock.advance(300_000)
    expect(await forever).toEqual({ status: "TIMED_OUT" })
  })

  test.each([
    ["StateMachineDoesNotExist", { stateMachineArn: `${account}:stateMachine:none` }],
    ["InvalidArn", { stateMachineArn: "arn:aws:lambda:eu-west-1:123456789012:function:f" }],
    ["InvalidExecutionInput", { stateMachineArn: greeter, input: "{" }],
    ["InvalidName", { stateMachineArn: greeter, name: "a b" }],
  ])("is refused with %s", async (name, input) => {
    await expect(sdk().send(new StartExecutionCommand(input))).rejects.toMatchObject({ name })
  })

  test("that is not there is refused with ExecutionDoesNotExist", async () => {
    const command = new DescribeExecutionCommand({ executionArn: `${account}:execution:greeter:none` })
    await expect(sdk().send(command)).rejects.toMatchObject({ name: "ExecutionDoesNotExist" })
  })

  test("may be started by whom a role allows", async () => {
    const command = new StartExecutionCommand({ stateMachineArn: greeter })
    await expect(sfnOf(running, "Starter").send(command)).resolves.toMatchObject({ startDate: expect.any(Date) })
    const refused = sfnOf(running, "Nobody").send(command)
    await expect(refused).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`is not authorized to perform: states:StartExecution on resource: ${greeter}`),
    })
  })

  test("is told to the default bus when its status changes", async () => {
    const executionArn = await start(running, "Greeter", {}, "told")
    const queue = { QueueUrl: running.local.resources["app.Told"], WaitTimeSeconds: 5 }
    const { Messages = [] } = await new SQSClient(clientOf(running)).send(new ReceiveMessageCommand(queue))
    expect(JSON.parse(Messages[0]?.Body ?? "{}")).toMatchObject({
      "detail-type": "Step Functions Execution Status Change",
      resources: [executionArn],
      detail: { executionArn, stateMachineArn: greeter, name: "told", status: "SUCCEEDED", output: '{"said":"hello"}' },
    })
  })

  test("can be started by a version or an alias of its state machine", async () => {
    expect(running.local.resources).toMatchObject({ "app.Version": `${greeter}:1`, "app.Alias": `${greeter}:live` })
    expect(await run(running, "Alias")).toMatchObject({ status: "SUCCEEDED" })
    expect(await run(running, "Version")).toMatchObject({ status: "SUCCEEDED" })
  })

  test("belongs to a state machine that can be described and listed", async () => {
    const described = await sdk().send(new DescribeStateMachineCommand({ stateMachineArn: greeter }))
    expect(described).toMatchObject({ name: "greeter", status: "ACTIVE", type: "STANDARD" })
    expect(JSON.parse(described.definition ?? "")).toEqual(greet)
    const executionArn = await start(running, "Greeter")
    const its = await sdk().send(new DescribeStateMachineForExecutionCommand({ executionArn }))
    expect(its).toMatchObject({ stateMachineArn: greeter, name: "greeter" })
    const { stateMachines = [] } = await sdk().send(new ListStateMachinesCommand({ maxResults: 2 }))
    expect(stateMachines).toHaveLength(2)
  })
})

test("A Standard execution goes on with its state after the host ended, and its history with it", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "executions-"))
  const Flow = machine({
    StartAt: "Keep",
    States: {
      Keep: { Type: "Pass", Assign: { "who.$": "$.who" }, Result: {}, Next: "Wait" },
      Wait: { Type: "Wait", Seconds: 600, Next: "Say" },
      Say: { Type: "Pass", Parameters: { "who.$": "$who" }, End: true },
    },
  })
  const first = await machineHost({ Flow }, { dataFolder })
  const executionArn = await start(first, "Flow", { who: "Ada" })
  await new Promise(resolve => setTimeout(resolve, 300))
  await first.stop()

  const second = await machineHost({ Flow }, { dataFolder })
  expect(await sfnOf(second).send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: "RUNNING" })
  second.host.clock.advance(601_000)
  expect(await ended(second, executionArn)).toEqual({ status: "SUCCEEDED", output: { who: "Ada" } })
  const { events = [] } = await sfnOf(second).send(new GetExecutionHistoryCommand({ executionArn }))
  expect(events.map(({ type }) => type)).toEqual([
    "ExecutionStarted",
    "PassStateEntered",
    "PassStateExited",
    "WaitStateEntered",
    "WaitStateExited",
    "PassStateEntered",
    "PassStateExited",
    "ExecutionSucceeded",
  ])
  await second.stop()

  const third = await machineHost({ Flow }, { dataFolder })
  expect(await ended(third, executionArn)).toMatchObject({ status: "SUCCEEDED" })
  await third.stop()
})
