import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, hostWith } from "./localHost.ts"

const topicArn = "arn:aws:sns:eu-west-1:123456789012:news"

let running: RunningHost

function queueWithSubscription(name: string, subscription: object) {
  return {
    [name]: { Type: "AWS::SQS::Queue", Properties: { QueueName: name } },
    [`${name}Policy`]: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: {
        Queues: [{ Ref: name }],
        PolicyDocument: {
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sns.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: { "Fn::GetAtt": [name, "Arn"] },
            Condition: { ArnEquals: { "aws:SourceArn": { Ref: "Topic" } } },
          },
        },
      },
    },
    [`${name}Subscription`]: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        TopicArn: { Ref: "Topic" },
        Protocol: "sqs",
        Endpoint: { "Fn::GetAtt": [name, "Arn"] },
        ...subscription,
      },
    },
  }
}

beforeAll(async () => {
  running = await hostWith({
    Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: "news" } },
    ...queueWithSubscription("all", {}),
    ...queueWithSubscription("raw", {
      RawMessageDelivery: true,
      FilterPolicy: { kind: ["urgent", { prefix: "very-" }] },
    }),
  })
})

afterAll(() => running.stop())

async function publish(message: string, kind: string) {
  const body = new URLSearchParams({
    Action: "Publish",
    TopicArn: topicArn,
    Message: message,
    "MessageAttributes.entry.1.Name": "kind",
    "MessageAttributes.entry.1.Value.DataType": "String",
    "MessageAttributes.entry.1.Value.StringValue": kind,
  })
  const authorization =
    "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=00"
  const headers = { authorization, "x-amz-date": "20260101T000000Z" }
  return (await fetch(running.url, { method: "POST", headers, body })).text()
}

async function received(queue: string) {
  const { Messages = [] } = await new SQSClient(clientOf(running)).send(
    new ReceiveMessageCommand({ QueueUrl: running.local.resources[`app.${queue}`], MaxNumberOfMessages: 10 }),
  )
  return Messages.map(({ Body }) => Body ?? "")
}

describe("a topic", () => {
  test("hands a message to every queue whose filter lets it through", async () => {
    const answer = await publish("hello", "slow")
    await publish("fire", "very-urgent")
    const all = (await received("all")).map(body => JSON.parse(body))
    expect(all.map(({ Message }) => Message).sort()).toEqual(["fire", "hello"])
    expect(all.find(({ Message }) => Message === "hello")).toMatchObject({
      Type: "Notification",
      TopicArn: topicArn,
      MessageId: /<MessageId>(.*?)</.exec(answer)?.[1],
      MessageAttributes: { kind: { Type: "String", Value: "slow" } },
    })
    expect(await received("raw")).toEqual(["fire"])
  })
})
