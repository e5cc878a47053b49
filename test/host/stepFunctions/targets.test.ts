import { EventBridgeClient, PutEventsCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge"
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler"
import { ListExecutionsCommand } from "@aws-sdk/client-sfn"
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, roleWith } from "../shell/localHost.ts"
import { arnOf, ended, express, machine, machineHost, sfnOf, single } from "./machineHost.ts"

const queue = (VisibilityTimeout = 30) => ({ Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout } })
const pipe = (properties: JsonObject) => ({
  Type: "AWS::Pipes::Pipe",
  Properties: { RoleArn: arnOf("Role"), ...properties },
})

const resources: JsonObject = {
  Nobody: roleWith(),
  ByRule: machine(single({ Type: "Pass" })),
  BySchedule: machine(single({ Type: "Pass" })),
  ByPipe: machine(single({ Type: "Pass" })),
  Shout: express(
    single({
      Type: "Map",
      ItemProcessor: {
        StartAt: "P",
        States: { P: { Type: "Pass", Parameters: { "said.$": "States.Format('{}!', $.body)" }, End: true } },
      },
    }),
  ),
  Rule: {
    Type: "AWS::Events::Rule",
    Properties: {
      EventPattern: { source: ["desk"] },
      Targets: [{ Id: "flow", Arn: { Ref: "ByRule" }, RoleArn: arnOf("Role"), InputPath: "$.detail" }],
    },
  },
  Dead: queue(),
  DeniedRule: {
    Type: "AWS::Events::Rule",
    Properties: {
      EventPattern: { source: ["denied"] },
      Targets: [
        { Id: "flow", Arn: { Ref: "ByRule" }, RoleArn: arnOf("Nobody"), DeadLetterConfig: { Arn: arnOf("Dead") } },
      ],
    },
  },
  MayPost: {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [{ Ref: "Dead" }],
      PolicyDocument: { Statement: { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" } },
    },
  },
  Orders: queue(),
  FromOrders: pipe({
    Source: arnOf("Orders"),
    Target: { Ref: "ByPipe" },
    TargetParameters: {
      StepFunctionStateMachineParameters: { InvocationType: "FIRE_AND_FORGET" },
      InputTemplate: '{"order": <$.body>}',
    },
  }),
  Words: queue(),
  Shouted: queue(),
  FromWords: pipe({ Source: arnOf("Words"), Enrichment: { Ref: "Shout" }, Target: arnOf("Shouted") }),
}

describe("a state machine is started", () => {
  let running: RunningHost
  beforeAll(async () => {
    running = await machineHost(resources)
  })
  afterAll(() => running.stop())

  const inputsOf = async (name: string) => {
    const stateMachineArn = running.local.resources[`app.${name}`]
    for (let attempt = 0; attempt < 200; attempt++) {
      const { executions = [] } = await sfnOf(running).send(new ListExecutionsCommand({ stateMachineArn }))
      if (executions.length > 0)
        return Promise.all(
          executions.map(({ executionArn = "" }) => ended(running, executionArn).then(({ output }) => output)),
        )
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    throw new Error(`nothing starts ${name}`)
  }
  const put = (Source: string, Detail: string) =>
    new EventBridgeClient(clientOf(running)).send(
      new PutEventsCommand({ Entries: [{ Source, DetailType: "x", Detail }] }),
    )
  const send = (name: string, MessageBody: string) =>
    new SQSClient(clientOf(running)).send(
      new SendMessageCommand({ QueueUrl: running.local.resources[`app.${name}`], MessageBody }),
    )
  const received = async (name: string) => {
    const command = new ReceiveMessageCommand({
      QueueUrl: running.local.resources[`app.${name}`],
      WaitTimeSeconds: 5,
      MessageAttributeNames: ["All"],
    })
    return (await new SQSClient(clientOf(running)).send(command)).Messages ?? []
  }

  test("by a rule, with its input, as the target's role", async () => {
    await put("desk", '{"n":1}')
    expect(await inputsOf("ByRule")).toEqual([{ n: 1 }])
    await put("denied", "{}")
    const [dead] = await received("Dead")
    expect(dead?.MessageAttributes).toMatchObject({ ERROR_CODE: { StringValue: "NO_PERMISSIONS" } })
  })

  test("by a rule whose target has a role only", async () => {
    const Arn = running.local.resources["app.ByRule"]
    const command = new PutTargetsCommand({ Rule: running.local.resources["app.Rule"], Targets: [{ Id: "x", Arn }] })
    await expect(new EventBridgeClient(clientOf(running)).send(command)).rejects.toThrow(
      "RoleArn is required for target",
    )
  })

  test("by a schedule", async () => {
    const RoleArn = `arn:aws:iam::123456789012:role/${running.local.resources["app.Role"]}`
    const scheduler = new SchedulerClient(clientOf(running))
    const create = (Name: string, Arn: string | undefined, Input: object) =>
      scheduler.send(
        new CreateScheduleCommand({
          Name,
          ScheduleExpression: "at(2020-01-01T00:00:00)",
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: { Arn, RoleArn, Input: JSON.stringify(Input) },
        }),
      )
    const StateMachineArn = running.local.resources["app.BySchedule"]
    await create("templated", StateMachineArn, { by: "schedule" })
    expect(await inputsOf("BySchedule")).toEqual([{ by: "schedule" }])
    await create("universal", "arn:aws:scheduler:::aws-sdk:sfn:startExecution", {
      StateMachineArn,
      Input: '{"by":"call"}',
    })
    await expect.poll(() => inputsOf("BySchedule")).toEqual([{ by: "call" }, { by: "schedule" }])
  })

  test("by a pipe, with the batch as its input", async () => {
    await send("Orders", '{"id":7}')
    expect(await inputsOf("ByPipe")).toEqual([[{ order: { id: 7 } }]])
  })

  test("by a pipe that it enriches", async () => {
    await send("Words", "hello")
    expect((await received("Shouted")).map(({ Body = "" }) => JSON.parse(Body))).toEqual([{ said: "hello!" }])
  })
})
