import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn"
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, functionOf, roleWith } from "../shell/localHost.ts"
import { arnOf, ended, machine, machineHost, sfnOf, single, start } from "./machineHost.ts"

const asks = (more: JsonObject = {}): JsonObject =>
  single({
    Type: "Task",
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Parameters: { QueueUrl: { Ref: "Queue" }, MessageBody: { "token.$": "$$.Task.Token", "input.$": "$" } },
    ...more,
  })
const answers = `const { SFNClient, SendTaskSuccessCommand } = require("@aws-sdk/client-sfn")
exports.handler = async ({ token, n }) => {
  await new SFNClient({}).send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify({ n: n + 1 }) }))
}`
const resources: JsonObject = {
  Queue: { Type: "AWS::SQS::Queue" },
  Nobody: roleWith(),
  Asks: machine(asks()),
  AsksAgain: machine(asks({ Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 60 }] })),
  AsksWithHeartbeat: machine(asks({ HeartbeatSeconds: 60, TimeoutSeconds: 600 })),
  Answers: functionOf(answers),
  AsksFunction: machine(
    single({
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters: { FunctionName: arnOf("Answers"), Payload: { "token.$": "$$.Task.Token", "n.$": "$.n" } },
    }),
  ),
}

async function tokenFrom(running: RunningHost): Promise<string> {
  const sqs = new SQSClient(clientOf(running))
  const QueueUrl = running.local.resources["app.Queue"]
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))
  const [{ Body = "{}", ReceiptHandle } = {}] = Messages
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
  return JSON.parse(Body).token
}

describe("a task with a token", () => {
  let running: RunningHost
  beforeAll(async () => {
    running = await machineHost(resources)
  })
  afterAll(() => running.stop())
  const succeed = (taskToken: string, role?: string) =>
    sfnOf(running, role).send(new SendTaskSuccessCommand({ taskToken, output: '{"done":true}' }))

  test("ends with the output that is sent for it, once", async () => {
    const executionArn = await start(running, "Asks")
    const token = await tokenFrom(running)
    await succeed(token)
    expect(await ended(running, executionArn)).toEqual({ status: "SUCCEEDED", output: { done: true } })
    await expect(succeed(token)).rejects.toMatchObject({ name: "TaskTimedOut" })
  })

  test("fails with the error that is sent for it", async () => {
    const executionArn = await start(running, "Asks")
    const taskToken = await tokenFrom(running)
    await sfnOf(running).send(new SendTaskFailureCommand({ taskToken, error: "Refused", cause: "no money" }))
    expect(await ended(running, executionArn)).toEqual({ status: "FAILED", error: "Refused", cause: "no money" })
  })

  test("is asked anew, with another token, when it is tried again", async () => {
    const executionArn = await start(running, "AsksAgain")
    const first = await tokenFrom(running)
    await sfnOf(running).send(new SendTaskFailureCommand({ taskToken: first, error: "Busy" }))
    await new Promise(resolve => setTimeout(resolve, 200))
    running.host.clock.advance(60_000)
    const second = await tokenFrom(running)
    expect(second).not.toBe(first)
    await succeed(second)
    expect(await ended(running, executionArn)).toEqual({ status: "SUCCEEDED", output: { done: true } })
  })

  test("is answered by the function that it asked", async () => {
    const executionArn = await start(running, "AsksFunction", { n: 1 })
    expect(await ended(running, executionArn)).toEqual({ status: "SUCCEEDED", output: { n: 2 } })
  })

  test("lives as long as its heart beats", async () => {
    const executionArn = await start(running, "AsksWithHeartbeat")
    const taskToken = await tokenFrom(running)
    running.host.clock.advance(40_000)
    await sfnOf(running).send(new SendTaskHeartbeatCommand({ taskToken }))
    running.host.clock.advance(40_000)
    await sfnOf(running).send(new SendTaskHeartbeatCommand({ taskToken }))
    running.host.clock.advance(61_000)
    expect(await ended(running, executionArn)).toEqual({ status: "FAILED", error: "States.HeartbeatTimeout" })
    const late = sfnOf(running).send(new SendTaskHeartbeatCommand({ taskToken }))
    await expect(late).rejects.toMatchObject({ name: "TaskTimedOut" })
  })

  test("is not answered by what is no token, by one of nobody, or by whom no role allows", async () => {
    await expect(succeed("nonsense")).rejects.toMatchObject({ name: "InvalidToken" })
    const foreign = Buffer.from("1|arn:aws:states:eu-west-1:123456789012:execution:none:none").toString("base64url")
    await expect(succeed(foreign)).rejects.toMatchObject({ name: "TaskDoesNotExist" })
    await start(running, "Asks")
    await expect(succeed(await tokenFrom(running), "Nobody")).rejects.toMatchObject({ name: "AccessDeniedException" })
  })
})

test("A task that waited when the host ended is not asked again, and its token is good after the next start", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "tokens-"))
  const first = await machineHost(resources, { dataFolder })
  const executionArn = await start(first, "Asks")
  const taskToken = await tokenFrom(first)
  await first.stop()

  const second = await machineHost(resources, { dataFolder })
  second.host.clock.advance(60_000)
  await sfnOf(second).send(new SendTaskSuccessCommand({ taskToken, output: '"after all"' }))
  expect(await ended(second, executionArn)).toEqual({ status: "SUCCEEDED", output: "after all" })
  await second.stop()
})
