import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb"
import { GetExecutionHistoryCommand } from "@aws-sdk/client-sfn"
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf } from "../shell/localHost.ts"
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

const once = { ConditionExpression: "attribute_not_exists(id)" }
const TableName = { Ref: "Table" }
const item = { id: { "S.$": "$.id" }, n: { N: "1" } }
const resources: JsonObject = {
  Table: table,
  Queue: { Type: "AWS::SQS::Queue" },
  Topic: { Type: "AWS::SNS::Topic" },
  Bucket: { Type: "AWS::S3::Bucket" },
  OnTopic: {
    Type: "AWS::SNS::Subscription",
    Properties: { TopicArn: { Ref: "Topic" }, Protocol: "sqs", Endpoint: arnOf("Queue"), RawMessageDelivery: true },
  },
  OnEvent: {
    Type: "AWS::Events::Rule",
    Properties: { EventPattern: { source: ["flow"] }, Targets: [{ Id: "q", Arn: arnOf("Queue") }] },
  },
  MayPost: {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [{ Ref: "Queue" }],
      PolicyDocument: { Statement: { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" } },
    },
  },

  Put: express(task(states("dynamodb:putItem"), { Parameters: { TableName, Item: item, ...once }, ResultPath: null })),
  Update: express(
    task(states("dynamodb:updateItem"), {
      Parameters: {
        TableName,
        Key: { id: { "S.$": "$.id" } },
        UpdateExpression: "ADD n :n",
        ExpressionAttributeValues: { ":n": { N: "2" } },
        ReturnValues: "ALL_NEW",
      },
    }),
  ),
  Query: express(
    task(states("aws-sdk:dynamodb:query"), {
      Parameters: {
        TableName,
        KeyConditionExpression: "id = :i",
        ExpressionAttributeValues: { ":i": { "S.$": "$.id" } },
      },
    }),
  ),
  PutBySdk: express(task(states("aws-sdk:dynamodb:putItem"), { Parameters: { TableName, Item: item, ...once } })),
  Send: express(task(states("sqs:sendMessage"), { Parameters: { QueueUrl: { Ref: "Queue" }, "MessageBody.$": "$" } })),
  Publish: express(
    task(states("sns:publish"), { Parameters: { TopicArn: { Ref: "Topic" }, Message: { "said.$": "$.say" } } }),
  ),
  PutEvents: machine(
    task(states("events:putEvents"), {
      Parameters: { Entries: [{ Source: "flow", DetailType: "Said", Detail: { "say.$": "$.say" } }] },
    }),
  ),
  PutBadEvents: express(
    task(states("events:putEvents"), {
      Parameters: { Entries: [{ Source: "aws.s3", DetailType: "Said", Detail: {} }] },
    }),
  ),
  Files: express({
    StartAt: "Put",
    States: {
      Put: {
        Type: "Task",
        Resource: states("aws-sdk:s3:putObject"),
        Parameters: { Bucket: { Ref: "Bucket" }, Key: "a.json", Body: '{"a":1}' },
        Next: "Get",
      },
      Get: {
        Type: "Task",
        Resource: states("aws-sdk:s3:getObject"),
        Parameters: { Bucket: { Ref: "Bucket" }, Key: "a.json" },
        ResultSelector: { "body.$": "States.StringToJson($.Body)" },
        End: true,
      },
    },
  }),

  Described: machine(
    task(states("aws-sdk:sfn:describeStateMachine"), {
      Parameters: { StateMachineArn: { Ref: "Inner" } },
      OutputPath: "$.StateMachineArn",
    }),
  ),
  Inner: machine(single({ Type: "Pass" })),
}

describe("a task for another service", () => {
  let running: RunningHost
  let sqs: SQSClient
  beforeAll(async () => {
    running = await machineHost(resources)
    sqs = new SQSClient(clientOf(running))
  })
  afterAll(() => running.stop())

  const received = async () => {
    const QueueUrl = running.local.resources["app.Queue"]
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))
    return Messages.map(({ Body = "" }) => JSON.parse(Body))
  }
  const _historyOf = async (executionArn: string) =>
    (await sfnOf(running).send(new GetExecutionHistoryCommand({ executionArn }))).events ?? []

  test("writes, changes and reads items", async () => {
    expect(await runSync(running, "Put", { id: "one" })).toEqual({ status: "SUCCEEDED", output: { id: "one" } })
    expect(await runSync(running, "Update", { id: "one" })).toMatchObject({
      output: { Attributes: { n: { N: "3" } }, SdkHttpMetadata: { HttpStatusCode: 200 } },
    })
    expect(await runSync(running, "Query", { id: "one" })).toEqual({
      status: "SUCCEEDED",
      output: { Count: 1, ScannedCount: 1, Items: [{ id: { S: "one" }, n: { N: "3" } }] },
    })
    const Key = { id: { S: "one" } }
    const TableName = running.local.resources["app.Table"]
    expect((await new DynamoDBClient(clientOf(running)).send(new GetItemCommand({ TableName, Key }))).Item).toEqual({
      ...Key,
      n: { N: "3" },
    })
  })

  test("names errors as the integration does, and as the SDK for Java does", async () => {
    await runSync(running, "Put", { id: "two" })
    expect(await runSync(running, "Put", { id: "two" })).toMatchObject({
      error: "DynamoDB.ConditionalCheckFailedException",
      cause: expect.stringMatching(
        /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; /,
      ),
    })
    expect(await runSync(running, "PutBySdk", { id: "two" })).toMatchObject({
      error: "DynamoDb.ConditionalCheckFailedException",
      cause: expect.stringMatching(
        /^The conditional request failed \(Service: DynamoDb, Status Code: 400, Request ID: /,
      ),
    })
  })

  test("sends to queues, topics and buses, JSON as text", async () => {
    expect(await runSync(running, "Send", { say: "queue" })).toMatchObject({
      output: { MessageId: expect.any(String) },
    })
    expect(await received()).toEqual([{ say: "queue" }])
    expect(await runSync(running, "Publish", { say: "topic" })).toMatchObject({
      output: { MessageId: expect.any(String) },
    })
    expect(await received()).toEqual([{ said: "topic" }])
    const executionArn = await start(running, "PutEvents", { say: "bus" })
    expect(await ended(running, executionArn)).toMatchObject({
      output: { FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] },
    })
    const stateMachineArn = running.local.resources["app.PutEvents"]
    expect(await received()).toMatchObject([
      { source: "flow", detail: { say: "bus" }, resources: [executionArn, stateMachineArn] },
    ])
  })

  test("whose events are not taken fails with EventBridge.FailedEntry", async () => {
    expect(await runSync(running, "PutBadEvents")).toMatchObject({
      error: "EventBridge.FailedEntry",
      cause: expect.stringContaining("NotAuthorizedForSourceException"),
    })
  })

  test("calls what else the host serves by aws-sdk", async () => {
    expect(await runSync(running, "Files")).toEqual({ status: "SUCCEEDED", output: { body: { a: 1 } } })
    expect(await run(running, "Described")).toEqual({
      status: "SUCCEEDED",
      output: running.local.resources["app.Inner"],
    })
  })
})
