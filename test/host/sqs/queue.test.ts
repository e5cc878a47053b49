import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createSqsService } from "../../../src/host/sqs/service.ts"
import { startTestHost, type TestHost } from "../dynamodb/testHost.ts"
import { clientOf, functionOf, hostWith, roleWith } from "../shell/localHost.ts"

let running: TestHost
let service: ReturnType<typeof createSqsService>
let client: SQSClient

beforeAll(async () => {
  running = await startTestHost()
  service = createSqsService(running.host)
  running.serve(service)
  client = new SQSClient(running.client())
})
afterAll(() => running.close())

const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`
const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
  (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? ""
const send = (QueueUrl: string, MessageBody: string, more = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }))
const receive = async (QueueUrl: string, more = {}) =>
  (
    await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
        ...more,
      }),
    )
  ).Messages ?? []
const bodies = async (url: string) => (await receive(url)).map(({ Body }) => Body)

describe("a queue", () => {
  test("has a URL of this host, and SQS's defaults", async () => {
    const url = await create("plain")
    expect(url).toBe(`${running.host.url}/123456789012/plain`)
    expect((await client.send(new GetQueueUrlCommand({ QueueName: "plain" }))).QueueUrl).toBe(url)
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: "pla" }))).QueueUrls).toEqual([url])
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn", "VisibilityTimeout"] }),
    )
    expect(Attributes).toEqual({ QueueArn: arnOf("plain"), VisibilityTimeout: "30" })
  })

  test("that is not there is refused by name", async () => {
    await expect(send(`${running.host.url}/123456789012/none`, "x")).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    })
  })

  test("answers digests that the SDK checks, and gives attributes back", async () => {
    const url = await create("digests")
    const MessageAttributes = {
      word: { DataType: "String", StringValue: "grüße" },
      count: { DataType: "Number", StringValue: "7" },
      bytes: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]) },
    }
    const sent = await send(url, "Hello, wörld", { MessageAttributes })
    const [message] = await receive(url)
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: "Hello, wörld",
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
    })
    expect(message?.MessageAttributes?.count).toEqual({ DataType: "Number", StringValue: "7" })
    expect([...(message?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([1, 2, 255])
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: "1",
      SenderId: "arn:aws:iam::123456789012:root",
    })
  })

  test("computes the attributes' digest as AWS does", async () => {
    const url = await create("known-digest")
    const sent = await send(url, "This is a test message", {
      MessageAttributes: { timestamp: { DataType: "Number", StringValue: "1493147359900" } },
    })
    expect(sent.MD5OfMessageBody).toBe("fafb00f5732ab283681e124bf8747ed1")
    expect(sent.MD5OfMessageAttributes).toBe("235c5c510d26fb653d073faed50ae77c")
  })

  test("hides a received message until its visibility timeout ends", async () => {
    const url = await create("hidden", { VisibilityTimeout: "60" })
    await send(url, "again")
    const [first] = await receive(url)
    expect(await receive(url)).toEqual([])
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    )
    const [second] = await receive(url)
    expect(second?.Attributes?.ApproximateReceiveCount).toBe("2")
    running.host.clock.advance(61_000)
    const [third] = await receive(url)
    expect(third?.Attributes?.ApproximateReceiveCount).toBe("3")
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: third?.ReceiptHandle }))
    running.host.clock.advance(61_000)
    expect(await receive(url)).toEqual([])
  })

  test("delays what asks for it and forgets what is too old", async () => {
    const url = await create("timed", { MessageRetentionPeriod: "3600" })
    await send(url, "later", { DelaySeconds: 10 })
    expect(await receive(url)).toEqual([])
    running.host.clock.advance(11_000)
    expect(await bodies(url)).toEqual(["later"])
    running.host.clock.advance(3_600_000)
    expect(await receive(url)).toEqual([])
  })

  test("answers a long poll as soon as a message comes, or when the wait is over", async () => {
    const url = await create("polled")
    const poll = receive(url, { WaitTimeSeconds: 20 })
    await new Promise(resolve => setTimeout(resolve, 30))
    await send(url, "there")
    expect((await poll).map(({ Body }) => Body)).toEqual(["there"])
    const empty = receive(await create("silent"), { WaitTimeSeconds: 20 })
    let isOver = false
    void empty.finally(() => {
      isOver = true
    })
    const later = async () => {
      running.host.clock.advance(21_000)
      return isOver
    }
    await expect.poll(later, { timeout: 20_000 }).toBe(true)
    expect(await empty).toEqual([])
  })

  test("answers a batch entry by entry", async () => {
    const url = await create("batches")
    const Entries = [
      { Id: "good", MessageBody: "fine" },
      { Id: "bad", MessageBody: "late", DelaySeconds: 901 },
    ]
    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    expect(sent).toMatchObject({
      Successful: [{ Id: "good" }],
      Failed: [{ Id: "bad", Code: "InvalidParameterValue", SenderFault: true }],
    })
    const [message] = await receive(url)
    const deleted = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: "one", ReceiptHandle: message?.ReceiptHandle }] }),
    )
    expect(deleted.Successful).toEqual([{ Id: "one" }])
    await expect(
      client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [...Entries, ...Entries] })),
    ).rejects.toMatchObject({ name: "BatchEntryIdsNotDistinct" })
  })

  test.each([
    ["text that XML cannot carry", "a\u0001b", {}, "InvalidMessageContents", "Invalid characters found."],
    [
      "an attribute of no type that it knows",
      "a",
      { DataType: "Text", StringValue: "x" },
      "InvalidParameterValue",
      "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [
      "an attribute without a value",
      "a",
      { DataType: "String" },
      "InvalidParameterValue",
      "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
  ])("refuses %s", async (_, body, attribute, name, message) => {
    const url = await create("strict")
    const MessageAttributes = "DataType" in attribute ? { a: attribute } : undefined
    const refusal = await send(url, body, { MessageAttributes }).catch((error: Error) => error)
    expect(refusal).toMatchObject({ name, message: expect.stringContaining(message) })
  })

  test("refuses a message above its size and can be purged", async () => {
    const url = await create("small", { MaximumMessageSize: "1024" })
    await expect(send(url, "x".repeat(1025))).rejects.toMatchObject({ name: "InvalidParameterValue" })
    await send(url, "x".repeat(1024))
    await client.send(new PurgeQueueCommand({ QueueUrl: url }))
    expect(await receive(url)).toEqual([])
  })
})

describe("a dead-letter queue", () => {
  test("knows the queues that it serves", async () => {
    const letters = await create("served-letters")
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("served-letters"), maxReceiveCount: 1 })
    const source = await create("served", { RedrivePolicy })
    const { queueUrls } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: letters }))
    expect(queueUrls).toEqual([source])
  })

  test("gets what was received too often, and gives it back when it is redriven", async () => {
    const dead = await create("dead")
    const url = await create("working", {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 2 }),
      VisibilityTimeout: "0",
    })
    const { MessageId } = await send(url, "poison", {
      MessageAttributes: { why: { DataType: "String", StringValue: "unknown" } },
    })
    await receive(url)
    await receive(url)
    expect(await receive(url)).toEqual([])
    const [letter] = await receive(dead, { VisibilityTimeout: 0 })
    expect(letter).toMatchObject({
      MessageId,
      Body: "poison",
      Attributes: { DeadLetterQueueSourceArn: arnOf("working") },
      MessageAttributes: { why: { StringValue: "unknown" } },
    })
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf("dead") }))
    expect(await receive(dead)).toEqual([])
    expect(await bodies(url)).toEqual(["poison"])
  })

  test("of a FIFO queue gives its messages back in order, once", async () => {
    const fifo = { FifoQueue: "true", ContentBasedDeduplication: "true", VisibilityTimeout: "0" }
    const dead = await create("dead.fifo", fifo)
    const url = await create("source.fifo", {
      ...fifo,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("dead.fifo"), maxReceiveCount: 1 }),
    })
    for (const body of ["one", "two"]) await send(url, body, { MessageGroupId: "g" })
    await receive(url)
    expect(await receive(url)).toEqual([])
    await client.send(
      new StartMessageMoveTaskCommand({ SourceArn: arnOf("dead.fifo"), DestinationArn: arnOf("source.fifo") }),
    )
    expect(await receive(dead)).toEqual([])
    expect(await bodies(url)).toEqual(["one", "two"])
  })

  test("may refuse other queues' messages", async () => {
    await create("picky", {
      RedriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arnOf("friend")] }),
    })
    const url = await create("stranger", {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("picky"), maxReceiveCount: 1 }),
      VisibilityTimeout: "0",
    })
    await send(url, "kept")
    await receive(url)
    expect(await bodies(url)).toEqual(["kept"])
  })
})

describe("a FIFO queue", () => {
  const fifo = (name: string) => create(name, { FifoQueue: "true", ContentBasedDeduplication: "true" })

  test("keeps the order of a group and lets others pass it", async () => {
    const url = await fifo("ordered.fifo")
    for (const [group, body] of [
      ["a", "a1"],
      ["a", "a2"],
      ["b", "b1"],
    ])
      await send(url, body ?? "", { MessageGroupId: group })
    const [first] = await receive(url, { MaxNumberOfMessages: 1 })
    expect(first?.Body).toBe("a1")
    expect(await bodies(url)).toEqual(["b1"])
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }))
    expect(await bodies(url)).toEqual(["a2"])
  })

  test("takes a repeat within five minutes for the same message", async () => {
    const url = await fifo("once.fifo")
    const first = await send(url, "hello", { MessageGroupId: "g" })
    const repeat = await send(url, "hello", { MessageGroupId: "g" })
    expect([repeat.MessageId, repeat.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber])
    expect(await bodies(url)).toEqual(["hello"])
    running.host.clock.advance(301_000)
    await send(url, "hello", { MessageGroupId: "g" })
    expect(await bodies(url)).toEqual(["hello", "hello"])
  })

  test("needs a group", async () => {
    await expect(send(await fifo("grouped.fifo"), "x")).rejects.toMatchObject({ name: "MissingParameter" })
  })
})

describe("a queue's policy", () => {
  const allow = (who: object) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", ...who, Action: "sqs:SendMessage", Resource: "*" }],
  })
  const setPolicy = (QueueUrl: string, policy: object) =>
    client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(policy) } }))
  const rule = { service: "events.amazonaws.com", sourceArn: "arn:aws:events:eu-west-1:123456789012:rule/r" }

  test("decides which AWS service may send", async () => {
    const url = await create("targets")
    await expect(service.send(arnOf("targets"), "no", {}, rule)).rejects.toMatchObject({ code: "AccessDenied" })
    await setPolicy(
      url,
      allow({
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": rule.sourceArn } },
      }),
    )
    await service.send(arnOf("targets"), "yes", { RULE_ARN: "r" }, rule)
    await expect(
      service.send(arnOf("targets"), "no", {}, { ...rule, sourceArn: `${rule.sourceArn}2` }),
    ).rejects.toMatchObject({ code: "AccessDenied" })
    const [message] = await receive(url)
    expect(message).toMatchObject({
      Body: "yes",
      MessageAttributes: { RULE_ARN: { DataType: "String", StringValue: "r" } },
    })
  })

  test("or a role's own policy lets the role send", async () => {
    const url = await create("shared")
    running.role("sender", [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: arnOf("shared") }])
    running.role("guest", [])
    const as = (role: string) =>
      new SQSClient(running.client(role)).send(new SendMessageCommand({ QueueUrl: url, MessageBody: role }))
    await as("sender")
    await expect(as("guest")).rejects.toMatchObject({ name: "AccessDeniedException" })
    await setPolicy(url, allow({ Principal: { AWS: "arn:aws:iam::123456789012:role/guest" } }))
    await as("guest")
    expect(await bodies(url)).toEqual(["sender", "guest"])
  })
})

describe("queues of a template", () => {
  const make = (type: string, properties: object) =>
    service.resources?.[type]?.create({
      logicalId: "Q",
      stackName: "app",
      type,
      metadata: {},
      physicalName: "app-Q-1",
      properties: { ...properties },
    })

  test("are made with their policy", async () => {
    const made = await make("AWS::SQS::Queue", { VisibilityTimeout: 90, FifoQueue: true })
    const url = `${running.host.url}/123456789012/app-Q-1.fifo`
    expect(made).toEqual({
      ref: url,
      attributes: { Arn: arnOf("app-Q-1.fifo"), QueueName: "app-Q-1.fifo", QueueUrl: url },
    })
    await make("AWS::SQS::QueuePolicy", { Queues: [url], PolicyDocument: { Statement: [] } })
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }))
    expect(Attributes).toMatchObject({ VisibilityTimeout: "90", FifoQueue: "true", Policy: '{"Statement":[]}' })
  })
})

describe("the host's own reader", () => {
  test("is woken, receives, releases and deletes", async () => {
    await create("read")
    let woken = 0
    service.onMessage(arnOf("read"), () => woken++)
    await service.send(arnOf("read"), "work")
    expect(woken).toBe(1)
    const [first] = await service.receive(arnOf("read"), 10)
    expect(first).toMatchObject({ body: "work", md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/) })
    await service.release(arnOf("read"), first?.receiptHandle ?? "", 5_000)
    expect(await service.receive(arnOf("read"), 10)).toEqual([])
    running.host.clock.advance(5_001)
    await expect.poll(() => woken, { timeout: 20_000 }).toBe(2)
    const [second] = await service.receive(arnOf("read"), 10)
    await service.delete(arnOf("read"), second?.receiptHandle ?? "")
    running.host.clock.advance(60_000)
    expect(await service.receive(arnOf("read"), 10)).toEqual([])
  })

  test("finds after a kill what was sent, hidden and counted before", async () => {
    const arn = arnOf("durable.fifo")
    const url = await create("durable.fifo", { FifoQueue: "true", ContentBasedDeduplication: "true" })
    for (const body of ["one", "two"]) await send(url, body, { MessageGroupId: body })
    const [taken] = await service.receive(arn, 1)
    const restarted = await startTestHost({ folder: running.folder })
    const later = createSqsService(restarted.host)
    restarted.serve(later)
    restarted.host.clock.advance(running.host.clock.now() - restarted.host.clock.now())
    expect((await later.receive(arn, 10)).map(({ body }) => body)).toEqual(["two"])
    await later.send(arn, "one", {}, undefined, "one")
    await later.release(arn, taken?.receiptHandle ?? "", 0)
    const [again, ...more] = await later.receive(arn, 10)
    expect([again?.body, again?.attributes.ApproximateReceiveCount, more]).toEqual(["one", "2", []])
    await restarted.close()
  })
})

test("a message stays hidden while its function works, however fast the clock runs", async () => {
  const slow = "exports.handler = () => new Promise(done => setTimeout(done, 1000))"
  const allowed = { Effect: "Allow", Action: "sqs:*", Resource: "*" }
  const fast = await hostWith(
    {
      Role: roleWith(allowed),
      Slow: functionOf(slow, { Timeout: 5 }),
      Letters: { Type: "AWS::SQS::Queue" },
      Work: {
        Type: "AWS::SQS::Queue",
        Properties: {
          VisibilityTimeout: 30,
          RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Letters", "Arn"] }, maxReceiveCount: 1 },
        },
      },
      Mapping: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: { FunctionName: { Ref: "Slow" }, EventSourceArn: { "Fn::GetAtt": ["Work", "Arn"] } },
      },
    },
    { speed: 100 },
  )
  try {
    const queues = new SQSClient(clientOf(fast))
    const count = async (logicalId: string) => {
      const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const
      const QueueUrl = fast.local.resources[`app.${logicalId}`]
      const { Attributes = {} } = await queues.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      )
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0)
    }
    await queues.send(new SendMessageCommand({ QueueUrl: fast.local.resources["app.Work"], MessageBody: "once" }))
    const startedAt = Date.now()
    while ((await count("Work")) > 0 && Date.now() - startedAt < 10_000) await new Promise(done => setTimeout(done, 50))
    expect([await count("Work"), await count("Letters")]).toEqual([0, 0])
    queues.destroy()
  } finally {
    await fast.stop()
  }
})
