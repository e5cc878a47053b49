import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { AwsError, type BusEntry, type Fault, type Service } from "../../../src/host/host.ts"
import { createSchedulerService } from "../../../src/host/scheduler/service.ts"
import { eventually, openTestHost, settle, type TestHost } from "../events/testHost.ts"

const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:timer"
const queueArn = "arn:aws:sqs:eu-west-1:123456789012:inbox"
const deadLetters = "arn:aws:sqs:eu-west-1:123456789012:dead"
const hour = 3_600_000

let local: TestHost
let scheduler: Service
let sdk: SchedulerClient
let roleArn: string
let planned: Fault | undefined
let published: BusEntry[]

async function open(folder?: string): Promise<void> {
  planned = undefined
  published = []
  const faults = { at: (_hop: string, _id: string, attempt: number) => (attempt === 1 ? planned : undefined) }
  local = await openTestHost({ faults, ...(folder !== undefined && { folder }) })
  const put = async (entries: readonly BusEntry[]) => {
    published.push(...entries)
    return entries.map(() => ({ EventId: "1" }))
  }
  Object.defineProperty(local.host, "buses", { value: { put } })
  scheduler = createSchedulerService(local.host)
  local.serve([scheduler])
  roleArn = await local.addRole("timer", [
    { Effect: "Allow", Action: ["sqs:SendMessage", "events:PutEvents"], Resource: "*" },
  ])
  sdk = client({ accessKeyId: "local", secretAccessKey: "local" })
}

async function close(): Promise<void> {
  sdk.destroy()
  await scheduler.stop?.()
  await local.close()
}

const client = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
  new SchedulerClient({ endpoint: local.url, region: "eu-west-1", credentials, maxAttempts: 1 })

const inHours = (hours: number) => `at(${new Date(local.host.clock.now() + hours * hour).toISOString().slice(0, 19)})`

const schedule = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: "reminder",
  ScheduleExpression: inHours(1),
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: functionArn, RoleArn: roleArn, Input: '{"remind":"ada"}' },
  ...more,
})
const create = (more: Partial<CreateScheduleCommandInput> = {}) => sdk.send(new CreateScheduleCommand(schedule(more)))
const names = async (input = {}) =>
  (await sdk.send(new ListSchedulesCommand(input))).Schedules?.map(({ Name }) => Name) ?? []

beforeEach(async () => {
  await open()
  await scheduler.start?.()
})
afterEach(close)

describe("a one-time schedule", () => {
  test("invokes its function once, with its input, when the clock comes there", async () => {
    const { ScheduleArn } = await create()
    expect(ScheduleArn).toBe("arn:aws:scheduler:eu-west-1:123456789012:schedule/default/reminder")
    local.host.clock.advance(hour - 10_000)
    await settle()
    expect(local.invocations).toHaveLength(0)
    local.host.clock.advance(10_000)
    await eventually(() => local.invocations.length === 1)
    expect(local.invocations[0]).toMatchObject({
      functionArn,
      payload: { remind: "ada" },
      by: { principal: { arn: roleArn } },
    })
    local.host.clock.advance(24 * hour)
    await settle()
    expect(local.invocations).toHaveLength(1)
    expect(await names()).toEqual(["reminder"])
  })

  test("is deleted after it has fired, when it says so", async () => {
    await create({ ActionAfterCompletion: "DELETE" })
    local.host.clock.advance(hour)
    await eventually(() => local.invocations.length === 1)
    expect(await names()).toEqual([])
  })

  test("does not fire when it was deleted, disabled or moved before", async () => {
    for (const Name of ["deleted", "disabled", "moved"]) await create({ Name })
    await sdk.send(new DeleteScheduleCommand({ Name: "deleted" }))
    await sdk.send(new UpdateScheduleCommand({ ...schedule(), Name: "disabled", State: "DISABLED" }))
    await sdk.send(new UpdateScheduleCommand({ ...schedule({ ScheduleExpression: inHours(5) }), Name: "moved" }))
    local.host.clock.advance(2 * hour)
    await settle()
    expect(local.invocations).toHaveLength(0)
    local.host.clock.advance(4 * hour)
    await eventually(() => local.invocations.length === 1)
  })

  test("that came due while the host was off fires at the next start, and only then", async () => {
    await close()
    const folder = mkdtempSync(`${tmpdir()}/scheduler-`)
    await open(folder)
    await create({ ScheduleExpression: "at(2020-01-01T00:00:00)" })
    await close()
    for (const expected of [1, 0]) {
      await open(folder)
      await scheduler.start?.()
      await settle()
      expect(local.invocations).toHaveLength(expected)
      await close()
    }
    await open()
    rmSync(folder, { recursive: true })
  })
})

describe("a recurring schedule", () => {
  test("fires at every due time that the clock passes, until its end", async () => {
    const now = local.host.clock.now()
    await create({
      ScheduleExpression: "rate(1 hour)",
      StartDate: new Date(now + hour / 2),
      EndDate: new Date(now + 4 * hour),
      Target: { Arn: functionArn, RoleArn: roleArn, Input: '{"at":"<aws.scheduler.scheduled-time>"}' },
    })
    local.host.clock.advance(24 * hour)
    await eventually(() => local.invocations.length === 4)
    const due = local.invocations.map(({ payload }) => payload)
    const expected = [0.5, 1.5, 2.5, 3.5].map(hours => ({
      at: `${new Date(Math.floor((now + hours * hour) / 1_000) * 1_000).toISOString().slice(0, 19)}Z`,
    }))
    expect(due).toEqual(expected)
  })

  test("of a rate without start fires at once", async () => {
    await create({ ScheduleExpression: "rate(1 hour)" })
    await eventually(() => local.invocations.length === 1)
  })

  test("of the template fires too, and one that left the template is gone at the next start", async () => {
    await close()
    const folder = mkdtempSync(`${tmpdir()}/scheduler-`)
    await open(folder)
    await local.create(scheduler, "AWS::Scheduler::ScheduleGroup", "Group", { Name: "sweeps" })
    await local.create(scheduler, "AWS::Scheduler::Schedule", "Sweep", {
      GroupName: "sweeps",
      ScheduleExpression: "cron(0 3 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Amsterdam",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: "15" },
      Target: { Arn: functionArn, RoleArn: roleArn },
    })
    await scheduler.start?.()
    local.host.clock.advance(24 * hour)
    await eventually(() => local.invocations.length === 1)
    expect(local.invocations[0]?.payload).toMatchObject({ source: "aws.scheduler", "detail-type": "Scheduled Event" })
    await close()
    await open(folder)
    await scheduler.start?.()
    expect(await names()).toEqual([])
    rmSync(folder, { recursive: true })
  })
})

describe("a target", () => {
  const fire = async (Target: CreateScheduleCommandInput["Target"]) => {
    await create({ Target })
    local.host.clock.advance(hour)
    await settle()
  }

  test("that is a queue or a bus gets the input in its way", async () => {
    await create({ Name: "queue", Target: { Arn: queueArn, RoleArn: roleArn, Input: "hello" } })
    await fire({
      Arn: "arn:aws:events:eu-west-1:123456789012:event-bus/shop",
      RoleArn: roleArn,
      Input: '{"id":1}',
      EventBridgeParameters: { Source: "timer", DetailType: "Due" },
    })
    expect(local.messages).toMatchObject([{ queueArn, body: "hello" }])
    expect(published).toMatchObject([{ source: "timer", detailType: "Due", detail: '{"id":1}' }])
  })

  test("can be any of three SDK calls", async () => {
    const universal = (call: string, input: object) => ({
      Arn: `arn:aws:scheduler:::aws-sdk:${call}`,
      RoleArn: roleArn,
      Input: JSON.stringify(input),
    })
    const QueueUrl = `${local.url}/123456789012/inbox`
    await create({ Name: "sqs", Target: universal("sqs:sendMessage", { QueueUrl, MessageBody: "hi" }) })
    const Entries = [{ Source: "timer", DetailType: "Due", Detail: "{}", EventBusName: "shop" }]
    await create({ Name: "events", Target: universal("eventbridge:putEvents", { Entries }) })
    await fire(universal("lambda:invoke", { FunctionName: "timer", InvocationType: "Event", Payload: '{"a":1}' }))
    expect(local.messages).toMatchObject([{ queueArn, body: "hi" }])
    expect(published).toMatchObject([{ source: "timer", bus: "shop" }])
    expect(local.invocations).toMatchObject([{ functionArn, payload: { a: 1 } }])
  })

  test("that fails is tried again, and the exhausted invocation is a dead letter", async () => {
    local.refusals.set(functionArn, new AwsError("ServiceException", "broken"))
    await fire({
      Arn: functionArn,
      RoleArn: roleArn,
      Input: "{}",
      RetryPolicy: { MaximumRetryAttempts: 1 },
      DeadLetterConfig: { Arn: deadLetters },
    })
    expect(local.messages).toHaveLength(0)
    local.host.clock.advance(1_000)
    const [letter] = await eventually(() => local.messages.length > 0 && local.messages)
    expect(letter).toMatchObject({
      queueArn: deadLetters,
      body: "{}",
      attributes: {
        SCHEDULE_ARN: "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/reminder",
        TARGET_ARN: functionArn,
        ERROR_CODE: "ERROR_FROM_TARGET",
        EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
        RETRY_ATTEMPTS: "1",
      },
    })
  })

  test("that the role may not reach is a dead letter at once", async () => {
    const weak = await local.addRole("weak", [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: deadLetters }])
    await fire({ Arn: queueArn, RoleArn: weak, Input: "x", DeadLetterConfig: { Arn: deadLetters } })
    expect(local.messages).toMatchObject([{ queueArn: deadLetters, attributes: { ERROR_CODE: "NO_PERMISSIONS" } }])
  })

  test("is reached again after a planned drop", async () => {
    planned = { kind: "drop" }
    await fire({ Arn: functionArn, RoleArn: roleArn, Input: "{}" })
    expect(local.invocations).toHaveLength(0)
    local.host.clock.advance(1_000)
    await eventually(() => local.invocations.length === 1)
  })
})

describe("the calls", () => {
  test("show a schedule as it was made, with AWS's defaults", async () => {
    await create({ Description: "later" })
    expect(await sdk.send(new GetScheduleCommand({ Name: "reminder" }))).toMatchObject({
      Name: "reminder",
      GroupName: "default",
      Description: "later",
      State: "ENABLED",
      ActionAfterCompletion: "NONE",
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: functionArn, RoleArn: roleArn, Input: '{"remind":"ada"}' },
    })
  })

  test("list by group and prefix, page by page", async () => {
    await sdk.send(new CreateScheduleGroupCommand({ Name: "other" }))
    for (const Name of ["a-1", "a-2", "b-1"]) await create({ Name })
    await create({ Name: "a-3", GroupName: "other" })
    expect(await names({ NamePrefix: "a-" })).toEqual(["a-1", "a-2", "a-3"])
    expect(await names({ GroupName: "other" })).toEqual(["a-3"])
    const first = await sdk.send(new ListSchedulesCommand({ MaxResults: 3 }))
    expect(first.Schedules).toHaveLength(3)
    expect(await names({ MaxResults: 3, NextToken: first.NextToken })).toEqual(["a-3"])
    await sdk.send(new DeleteScheduleGroupCommand({ Name: "other" }))
    expect(await names()).toEqual(["a-1", "a-2", "b-1"])
  })

  test("refuse a taken name, a missing schedule or group and bad values, in AWS's words", async () => {
    await create()
    await expect(create()).rejects.toMatchObject({
      name: "ConflictException",
      message: "Schedule reminder already exists.",
    })
    await expect(sdk.send(new GetScheduleCommand({ Name: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Schedule none does not exist.",
    })
    await expect(create({ Name: "x", GroupName: "none" })).rejects.toThrow("Schedule group none does not exist.")
    await expect(create({ Name: "x", ScheduleExpression: "rate(1 minutes)" })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Invalid Schedule Expression rate(1 minutes).",
    })
    await expect(create({ Name: "x", ScheduleExpressionTimezone: "Mars/Olympus" })).rejects.toThrow(
      "Invalid ScheduleExpressionTimezone Mars/Olympus.",
    )
    await expect(create({ Name: "not/allowed" })).rejects.toMatchObject({ name: "ValidationException" })
  })

  test("need the caller's permission, and one to pass the role", async () => {
    const callerArn = await local.addRole("caller", [
      { Effect: "Allow", Action: "scheduler:CreateSchedule", Resource: "*" },
    ])
    const caller = client(local.host.iam.credentialsFor(callerArn, "test"))
    const attempt = () => caller.send(new CreateScheduleCommand(schedule()))
    await expect(attempt()).rejects.toThrow(/not authorized to perform: iam:PassRole/)
    await local.addRole("caller", [
      { Effect: "Allow", Action: "scheduler:CreateSchedule", Resource: "*" },
      { Effect: "Allow", Action: "iam:PassRole", Resource: roleArn },
    ])
    expect((await attempt()).ScheduleArn).toBeDefined()
    caller.destroy()
  })
})
