import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge"
import { ListExecutionsCommand } from "@aws-sdk/client-sfn"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { startHost } from "../../../src/host/start.ts"
import { clientOf } from "../shell/localHost.ts"
import { ended, run, runSync, sfnOf } from "./machineHost.ts"

const template = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Notes:
    Type: AWS::Serverless::SimpleTable
    Properties: { PrimaryKey: { Name: id, Type: String } }
  Keep:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: keep
      DefinitionUri: machines/keep.asl.yaml
      DefinitionSubstitutions: { Table: !Ref Notes }
      Policies: [DynamoDBWritePolicy: { TableName: !Ref Notes }]
      Events:
        Said: { Type: EventBridgeRule, Properties: { Pattern: { source: [desk] }, InputPath: $.detail } }
        Hourly: { Type: Schedule, Properties: { Schedule: rate(1 hour), Input: '{"id":"hourly"}' } }
        Later: { Type: ScheduleV2, Properties: { ScheduleExpression: "at(2020-01-01T00:00:00)", Input: '{"id":"later"}' } }
        Asked: { Type: Api, Properties: { Path: /keep, Method: post } }
  Powerless:
    Type: AWS::Serverless::StateMachine
    Properties: { DefinitionUri: machines/keep.asl.yaml, DefinitionSubstitutions: { Table: !Ref Notes } }
  Greet:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      AutoPublishAlias: live
      Definition:
        StartAt: Say
        States: { Say: { Type: Pass, Parameters: { "said.$": "States.Format('Hello, {}!', $.name)" }, End: true } }
`

const files = {
  "template.yaml": template,
  "machines/keep.asl.yaml": `
Comment: keeps what it is given
StartAt: Put
States:
  Put:
    Type: Task
    Resource: arn:aws:states:::dynamodb:putItem
    Parameters: { TableName: "\${Table}", Item: { id: { "S.$": $.id } } }
    OutputPath: $.SdkHttpMetadata.HttpStatusCode
    End: true
`,
}

describe("a state machine of the Serverless Application Model", () => {
  let running: RunningHost
  const lines: string[] = []
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "sam-machines-"))
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    running = await startHost({ template: join(folder, "template.yaml"), port: 0, print: line => lines.push(line) })
    // The stack is called after its file; helpers look for `app`.
    for (const [name, ref] of Object.entries(running.local.resources))
      Object.assign(running.local.resources, { [name.replace(/^template\./, "app.")]: ref })
  })
  afterAll(() => running.stop())

  test("has its definition from a file beside the template, and a role of its policies", async () => {
    expect(running.local.resources["app.Keep"]).toBe("arn:aws:states:eu-west-1:123456789012:stateMachine:keep")
    expect(await run(running, "Keep", { id: "n-1" })).toEqual({ status: "SUCCEEDED", output: 200 })
    expect(await run(running, "Powerless", { id: "n-1" })).toMatchObject({ error: "DynamoDB.AmazonDynamoDBException" })
  })

  test("may be written in the template, with an alias", async () => {
    expect(await runSync(running, "Greet", { name: "Ada" })).toEqual({
      status: "SUCCEEDED",
      output: { said: "Hello, Ada!" },
    })
    expect(await runSync(running, "GreetAliaslive", { name: "Bob" })).toMatchObject({ status: "SUCCEEDED" })
  })

  test("is started by its events; of another kind they are named", async () => {
    const stateMachineArn = running.local.resources["app.Keep"]
    const Entries = [{ Source: "desk", DetailType: "Said", Detail: '{"id":"said"}' }]
    await new EventBridgeClient(clientOf(running)).send(new PutEventsCommand({ Entries }))
    running.host.clock.advance(3_600_000)
    const inputs = async () => {
      const { executions = [] } = await sfnOf(running).send(new ListExecutionsCommand({ stateMachineArn }))
      await Promise.all(executions.map(({ executionArn = "" }) => ended(running, executionArn)))
      return executions.map(({ status }) => status)
    }
    await expect.poll(inputs, { timeout: 10_000 }).toEqual(Array(4).fill("SUCCEEDED"))
    expect(lines.join("\n")).toContain("AWS::Serverless::StateMachine.Events.Api is not supported")
  })
})
