import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb"
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, functionOf, hostWith, roleWith } from "../shell/localHost.ts"

const arn = (name: string, attribute = "Arn") => ({ "Fn::GetAtt": [name, attribute] })
const pipe = (properties: JsonObject) => ({
  Type: "AWS::Pipes::Pipe",
  Properties: { RoleArn: arn("Role"), ...properties },
})
const allowed = [
  { Effect: "Allow", Action: ["sqs:*", "dynamodb:*", "events:PutEvents"], Resource: "*" },
  { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" },
]
const shout =
  "exports.handler = async records => records.map(r => ({ said: JSON.parse(r.body).say.toUpperCase(), id: r.messageId }))"
const refuse = "exports.handler = async () => { throw new Error('not today') }"

const resources: JsonObject = {
  Role: roleWith(...allowed),
  Reader: roleWith({ Effect: "Allow", Action: "sqs:*", Resource: "*" }),
  Orders: { Type: "AWS::SQS::Queue" },
  Shouted: { Type: "AWS::SQS::Queue" },
  Lost: { Type: "AWS::SQS::Queue" },
  Bad: {
    Type: "AWS::SQS::Queue",
    Properties: { VisibilityTimeout: 0, RedrivePolicy: { deadLetterTargetArn: arn("Lost"), maxReceiveCount: 2 } },
  },
  Table: {
    Type: "AWS::DynamoDB::Table",
    Properties: {
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
    },
  },
  Shout: functionOf(shout),
  Refuse: functionOf(refuse),
  FromQueue: pipe({
    Source: arn("Orders"),
    SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{"body":{"say":[{"exists":true}]}}' }] } },
    Enrichment: arn("Shout"),
    Target: arn("Shouted"),
    TargetParameters: { InputTemplate: '{"text": "<$.said>!", "by": "<aws.pipes.pipe-name>"}' },
    Name: "shouting",
  }),
  FromStream: pipe({
    Name: "changes",
    Source: arn("Table", "StreamArn"),
    SourceParameters: { DynamoDBStreamParameters: { StartingPosition: "TRIM_HORIZON", BatchSize: 5 } },
    Target: { "Fn::Sub": `arn:aws:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/default` },
    TargetParameters: {
      InputTemplate: '{"id": <$.dynamodb.NewImage.id.S>}',
      EventBridgeEventBusParameters: { DetailType: "Changed" },
    },
  }),
  OnChange: {
    Type: "AWS::Events::Rule",
    Properties: {
      EventPattern: { source: ["Pipe changes"], "detail-type": ["Changed"] },
      Targets: [{ Id: "q", Arn: arn("Shouted") }],
    },
  },
  MayPost: {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [{ Ref: "Shouted" }],
      PolicyDocument: {
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: arn("Shouted"),
          },
        ],
      },
    },
  },
  Failing: pipe({ Source: arn("Bad"), Target: arn("Refuse") }),
}

describe("a pipe", () => {
  let running: RunningHost
  let sqs: SQSClient
  beforeAll(async () => {
    running = await hostWith(resources)
    sqs = new SQSClient(clientOf(running))
  })
  afterAll(() => running.stop())

  const send = (queue: string, MessageBody: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: running.local.resources[`app.${queue}`], MessageBody }))
  const received = async (queue: string) => {
    const QueueUrl = running.local.resources[`app.${queue}`]
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))
    return Messages.map(({ Body = "" }) => JSON.parse(Body))
  }

  test("takes what its filter lets through from a queue, enriched and shaped, to its target", async () => {
    await send("Orders", '{"other": 1}')
    await send("Orders", '{"say": "hello"}')
    expect(await received("Shouted")).toEqual([{ text: "HELLO!", by: "shouting" }])
  })

  test("brings a table's changes to a bus as events", async () => {
    const Item = { id: { S: "n-1" } }
    await new DynamoDBClient(clientOf(running)).send(
      new PutItemCommand({ TableName: running.local.resources["app.Table"], Item }),
    )
    expect(await received("Shouted")).toMatchObject([
      { source: "Pipe changes", "detail-type": "Changed", detail: { id: "n-1" } },
    ])
  })

  test("leaves what its target refuses in the queue, which gives it to its dead letters", async () => {
    await send("Bad", '{"say": "no"}')
    expect(await received("Lost")).toEqual([{ say: "no" }])
  })

  const start = (properties: JsonObject, print: (line: string) => void = () => {}) => {
    const Broken = pipe({ Source: arn("Orders"), Target: arn("Shouted"), ...properties })
    const { Role = {}, Reader = {}, Orders = {}, Shouted = {}, Table = {} } = resources
    return hostWith({ Role, Reader, Orders, Shouted, Table, Broken }, { print })
  }

  test("whose role may not read its source ends the start with the reason", async () => {
    const stream = { SourceParameters: { DynamoDBStreamParameters: { StartingPosition: "LATEST" } } }
    const started = start({ ...stream, Source: arn("Table", "StreamArn"), RoleArn: arn("Reader") })
    await expect(started).rejects.toThrow(/not authorized to perform: dynamodb:GetRecords/)
  })

  test.each([
    ["Target", "this host has no pipes to arn:aws:kinesis"],
    ["Source", "this host has no pipes from arn:aws:kinesis"],
    ["Enrichment", "this host enriches by Lambda functions and Express state machines, not by arn:aws:kinesis"],
  ])("with a %s that the host does not have is left out, and named", async (end, reason) => {
    const lines: string[] = []
    const other = await start({ [end]: "arn:aws:kinesis:eu-west-1:1:stream/s" }, line => lines.push(line))
    await other.stop()
    expect(lines.join("\n")).toContain(`Broken is left out: ${reason}`)
  })
})
