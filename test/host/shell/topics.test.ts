import { createServer } from "node:http"
import { text } from "node:stream/consumers"
import { Sha256 } from "@aws-crypto/sha256-js"
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { SignatureV4 } from "@smithy/signature-v4"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, functionOf, hostWith, roleWith } from "./localHost.ts"

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
    Nobody: roleWith(),
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

describe("a subscription by calls", () => {
  const sns = async (fields: Record<string, string>) => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/sns/aws4_request, SignedHeaders=host, Signature=00"
    const form = { "content-type": "application/x-www-form-urlencoded", "x-amz-date": "20260101T000000Z" }
    const init = { method: "POST", headers: { authorization, ...form }, body: String(new URLSearchParams(fields)) }
    return (await fetch(running.url, init)).text()
  }

  test("of an HTTP endpoint delivers once it is confirmed, and tries again after a refusal", async () => {
    const received: { type: string | undefined; body: Record<string, string> }[] = []
    let refusals = 1
    const server = createServer(async (request, response) => {
      const body = JSON.parse(await text(request))
      const type = request.headers["x-amz-sns-message-type"]
      if (type === "Notification" && refusals-- > 0) return void response.writeHead(500).end()
      received.push({ type: String(type), body })
      response.end()
    })
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const Endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hook`

    const TopicArn = /<TopicArn>(.+?)</.exec(await sns({ Action: "CreateTopic", Name: "made" }))?.[1] ?? ""
    const subscribed = await sns({ Action: "Subscribe", TopicArn, Protocol: "http", Endpoint })
    expect(subscribed).toContain("<SubscriptionArn>pending confirmation</SubscriptionArn>")
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1)
    expect(received[0]).toMatchObject({ type: "SubscriptionConfirmation", body: { TopicArn } })
    await sns({ Action: "Publish", TopicArn, Message: "too early" })
    const confirmed = await (await fetch(String(received[0]?.body.SubscribeURL))).text()
    const arn = /<SubscriptionArn>(.+?)</.exec(confirmed)?.[1] ?? ""

    await sns({ Action: "Publish", TopicArn, Message: "hello", Subject: "news" })
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(2)
    expect(received[1]).toMatchObject({ type: "Notification", body: { Message: "hello", Subject: "news", TopicArn } })
    expect(await sns({ Action: "ListSubscriptionsByTopic", TopicArn })).toContain(`<SubscriptionArn>${arn}<`)
    await sns({ Action: "Unsubscribe", SubscriptionArn: arn })
    expect(await sns({ Action: "ListSubscriptionsByTopic", TopicArn })).not.toContain(arn)
    server.close()
  })

  test("shows and changes its attributes", async () => {
    const SubscriptionArn =
      /<SubscriptionArn>([^<]+?raw[^<]+?)</i.exec(await sns({ Action: "ListSubscriptions" }))?.[1] ?? ""
    const attributes = async () => sns({ Action: "GetSubscriptionAttributes", SubscriptionArn })
    expect(await attributes()).toContain("<entry><key>RawMessageDelivery</key><value>true</value></entry>")
    const change = { Action: "SetSubscriptionAttributes", SubscriptionArn }
    await sns({ ...change, AttributeName: "FilterPolicy", AttributeValue: '{"kind":["calm"]}' })
    expect(await attributes()).toContain("<key>FilterPolicy</key><value>{&#34;kind&#34;:[&#34;calm&#34;]}</value>")
    expect(await sns({ ...change, AttributeName: "Protocol", AttributeValue: "x" })).toContain(
      "<Code>InvalidParameter<",
    )
    const topic = await sns({ Action: "GetTopicAttributes", TopicArn: topicArn })
    expect(topic).toContain("<key>SubscriptionsConfirmed</key><value>2</value>")
  })

  test("to a topic that a role may not use is refused as SNS does", async () => {
    const { credentials } = clientOf(running, "Nobody")
    const signer = new SignatureV4({ service: "sns", region: "eu-west-1", credentials, sha256: Sha256 })
    const { host } = new URL(running.url)
    const body = String(new URLSearchParams({ Action: "Publish", TopicArn: topicArn, Message: "m" }))
    const headers = { host, "content-type": "application/x-www-form-urlencoded" }
    const request = { method: "POST", protocol: "http:", hostname: "127.0.0.1", path: "/", headers, body }
    const answer = await fetch(running.url, { ...(await signer.sign(request)), body })
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringMatching(
        /<Code>AuthorizationError<.*perform: SNS:Publish on resource: arn:aws:sns:.*the SNS:Publish action/,
      ),
    ])
  })
})

test("A function's failure reaches the topic that is its destination, by the right of its role", async () => {
  const attribute = (logicalId: string, name: string) => ({ "Fn::GetAtt": [logicalId, name] })
  const running = await hostWith({
    Role: roleWith({ Effect: "Allow", Action: "sns:Publish", Resource: { Ref: "Failures" } }),
    Failures: { Type: "AWS::SNS::Topic", Properties: {} },
    Seen: { Type: "AWS::SQS::Queue", Properties: {} },
    SeenOpen: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: {
        Queues: [{ Ref: "Seen" }],
        PolicyDocument: {
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "sns.amazonaws.com" },
              Action: "sqs:SendMessage",
              Resource: attribute("Seen", "Arn"),
            },
          ],
        },
      },
    },
    Subscription: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        TopicArn: { Ref: "Failures" },
        Protocol: "sqs",
        Endpoint: attribute("Seen", "Arn"),
        RawMessageDelivery: true,
      },
    },
    Failing: functionOf("exports.handler = async () => { throw new Error('no luck') }", { FunctionName: "failing" }),
    Settings: {
      Type: "AWS::Lambda::EventInvokeConfig",
      Properties: {
        FunctionName: { Ref: "Failing" },
        Qualifier: "$LATEST",
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: { Ref: "Failures" } } },
      },
    },
  })
  const { host, local } = running
  await host.lambda.invokeAsync("failing", { a: 1 }, {})
  const queueArn = `arn:aws:sqs:eu-west-1:123456789012:${String(local.resources["app.Seen"]).split("/").at(-1)}`
  const message = await vi.waitFor(async () => {
    const [received] = await host.queues.receive(queueArn, 1)
    if (received === undefined) throw new Error("nothing yet")
    return received
  }, 5_000)
  expect(JSON.parse(message.body)).toMatchObject({
    requestPayload: { a: 1 },
    responsePayload: { errorMessage: "no luck" },
    requestContext: { condition: "RetriesExhausted" },
  })
  await running.stop()
})
