import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  StartReplayCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createEventsService } from "../../../src/host/events/service.ts"
import { AwsError, type EventBuses, type Fault, type JsonObject, type Service } from "../../../src/host/host.ts"
import { cpuMsOf } from "../../cpuTime.ts"
import { eventually, openTestHost, settle, type TestHost } from "./testHost.ts"

const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:listener"
const queueArn = "arn:aws:sqs:eu-west-1:123456789012:inbox"
const deadLetters = "arn:aws:sqs:eu-west-1:123456789012:dead"
const busArn = (name: string) => `arn:aws:events:eu-west-1:123456789012:event-bus/${name}`

let local: TestHost
let events: Service & EventBuses
let sdk: EventBridgeClient
let planned: Fault | undefined

async function open(folder?: string): Promise<void> {
  planned = undefined
  const faults = {
    at: (_hop: string, id: string, attempt: number) => (attempt === 1 && !id.startsWith("put|") ? planned : undefined),
  }
  local = await openTestHost({ faults, ...(folder !== undefined && { folder }) })
  events = createEventsService(local.host)
  local.serve([events])
  await local.create(events, "AWS::Events::EventBus", "Bus", { Name: "shop" })
  sdk = client({ accessKeyId: "local", secretAccessKey: "local" })
}

async function close(): Promise<void> {
  sdk.destroy()
  await events.stop?.()
  await local.close()
}

const client = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
  new EventBridgeClient({ endpoint: local.url, region: "eu-west-1", credentials, maxAttempts: 1 })

const addRule = (targets: JsonObject[], more: JsonObject = {}) =>
  local.create(events, "AWS::Events::Rule", String(more.Name ?? "Rule"), {
    EventBusName: "shop",
    EventPattern: { source: ["shop"] },
    Targets: targets,
    ...more,
  })

const entry = (detail: JsonObject = { id: "1" }): PutEventsRequestEntry => ({
  Source: "shop",
  DetailType: "Sold",
  Detail: JSON.stringify(detail),
  EventBusName: "shop",
})
const put = (...entries: PutEventsRequestEntry[]) => sdk.send(new PutEventsCommand({ Entries: entries }))

beforeEach(async () => {
  await open()
  await events.start?.()
})
afterEach(close)

describe("PutEvents", () => {
  test("brings an event in its envelope to a function, at once", async () => {
    await addRule([{ Id: "fn", Arn: functionArn }])
    const { FailedEntryCount, Entries } = await put({
      ...entry(),
      Resources: ["r"],
      Time: new Date("2026-01-02T03:04:05.678Z"),
    })
    expect(FailedEntryCount).toBe(0)
    expect(local.invocations).toHaveLength(1)
    expect(local.invocations[0]).toMatchObject({
      functionArn,
      payload: {
        version: "0",
        id: Entries?.[0]?.EventId,
        "detail-type": "Sold",
        source: "shop",
        account: "123456789012",
        time: "2026-01-02T03:04:05Z",
        region: "eu-west-1",
        resources: ["r"],
        detail: { id: "1" },
      },
      by: {
        service: "events.amazonaws.com",
        sourceArn: "arn:aws:events:eu-west-1:123456789012:rule/shop/test-Rule",
        messageId: "shop|1|test-Rule|fn",
      },
    })
  })

  test("answers bad entries one by one, in AWS's words, and takes the good ones", async () => {
    const { FailedEntryCount, Entries } = await put(
      entry(),
      { ...entry(), Source: undefined },
      { ...entry(), DetailType: undefined },
      { ...entry(), Detail: "[1]" },
      { ...entry(), Detail: "not json" },
      { ...entry(), Source: "aws.ec2" },
      { ...entry(), EventBusName: "nowhere" },
    )
    expect(FailedEntryCount).toBe(5)
    expect(
      Entries?.map(({ EventId, ErrorCode, ErrorMessage }) => EventId?.length ?? [ErrorCode, ErrorMessage]),
    ).toEqual([
      36,
      ["InvalidArgument", "Parameter Source is not valid. Reason: Source is a required argument."],
      ["InvalidArgument", "Parameter DetailType is not valid. Reason: DetailType is a required argument."],
      ["MalformedDetail", "Detail is malformed."],
      ["MalformedDetail", "Detail is malformed."],
      ["NotAuthorizedForSourceException", "Not authorized for the source."],
      36,
    ])
  })

  test("refuses more than ten entries and more than a megabyte of them", async () => {
    await expect(put(...Array.from({ length: 11 }, () => entry()))).rejects.toThrow(
      /^1 validation error detected: Value '\[PutEventsRequestEntry\(/,
    )
    const large = (length: number) => ({ ...entry(), Detail: JSON.stringify({ text: "x".repeat(length) }) })
    await expect(put(large(600_000), large(500_000))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Total size of the entries in the request is over the limit.",
    })
    expect((await put(large(1_000_000))).FailedEntryCount).toBe(0)
  })

  test("is allowed by the caller's policy or by the bus's", async () => {
    const roleArn = await local.addRole("publisher", [
      { Effect: "Allow", Action: "events:PutEvents", Resource: busArn("shop") },
    ])
    const publisher = client(local.host.iam.credentialsFor(roleArn, "test"))
    const send = (bus: string) => publisher.send(new PutEventsCommand({ Entries: [{ ...entry(), EventBusName: bus }] }))
    expect((await send("shop")).FailedEntryCount).toBe(0)
    await expect(send("default")).rejects.toMatchObject({ name: "AccessDeniedException" })
    await local.create(events, "AWS::Events::EventBusPolicy", "Policy", {
      StatementId: "let",
      Statement: {
        Effect: "Allow",
        Principal: { AWS: roleArn },
        Action: "events:PutEvents",
        Resource: busArn("default"),
      },
    })
    expect((await send("default")).FailedEntryCount).toBe(0)
    publisher.destroy()
  })
})

describe("a target", () => {
  test("gets constant input, a part of the event, or a filled template", async () => {
    const InputTransformer = {
      InputPathsMap: { id: "$.detail.id", lines: "$.detail.lines", none: "$.detail.none" },
      InputTemplate:
        '{"id": <id>, "text": "sold <id>: <lines><none>", "lines": <lines>, "rule": "<aws.events.rule-name>", "all": <aws.events.event.json>}',
    }
    await addRule([
      { Id: "constant", Arn: queueArn, Input: '{"a":1}' },
      { Id: "path", Arn: queueArn, InputPath: "$.detail.lines[0]" },
      { Id: "template", Arn: queueArn, InputTransformer },
    ])
    await put(entry({ id: '7"', lines: [{ sku: "x" }] }))
    const [constant, path, template] = local.messages.map(({ body }) => JSON.parse(body))
    expect([constant, path]).toEqual([{ a: 1 }, { sku: "x" }])
    expect(template).toMatchObject({
      id: '7"',
      text: 'sold 7": [{sku:x}]',
      lines: [{ sku: "x" }],
      rule: "test-Rule",
      all: { source: "shop", detail: { id: '7"' } },
    })
  })

  test("gets an empty text for a path without a value, and the event without its detail by its variable", async () => {
    await addRule([
      {
        Id: "template",
        Arn: queueArn,
        InputTransformer: {
          InputPathsMap: { none: "$.detail.none" },
          InputTemplate: '{"none": <none>, "event": <aws.events.event>}',
        },
      },
    ])
    await put(entry())
    const { none, event } = JSON.parse(local.messages[0]?.body ?? "{}")
    expect(none).toBe("")
    expect(event).toMatchObject({ source: "shop", detailType: "Sold" })
    expect(Object.keys(event)).not.toContain("detail")
  })

  test("with a placeholder that no variable has is refused", async () => {
    const InputTransformer = { InputPathsMap: { id: "$.detail.id" }, InputTemplate: '{"id": <id>, "x": <nothing>}' }
    await expect(addRule([{ Id: "t", Arn: queueArn, InputTransformer }])).rejects.toThrow(
      "InputTemplate for target t contains invalid placeholder nothing.",
    )
  })

  test("that is a FIFO queue gets its message group, and one without a group is refused", async () => {
    const Arn = `${queueArn}.fifo`
    await addRule([{ Id: "queue", Arn, SqsParameters: { MessageGroupId: "g" } }])
    await put(entry())
    expect(local.messages).toMatchObject([{ queueArn: Arn, groupId: "g" }])
    await expect(addRule([{ Id: "queue", Arn }])).rejects.toThrow("MessageGroupId must be specified")
  })

  test("that is another bus passes the event on", async () => {
    await local.create(events, "AWS::Events::EventBus", "Far", { Name: "far" })
    const RoleArn = await local.addRole("forwarder", [
      { Effect: "Allow", Action: "events:PutEvents", Resource: busArn("far") },
    ])
    await addRule([{ Id: "bus", Arn: busArn("far"), RoleArn }])
    await addRule([{ Id: "fn", Arn: functionArn }], { Name: "far-rule", EventBusName: "far" })
    await put(entry())
    expect(local.invocations).toHaveLength(1)
  })

  test("that is an AppSync API runs its operation with the input as variables, signed as its role", async () => {
    const requests: { path: string | undefined; authorization: string | undefined; body: JsonObject }[] = []
    const api = createServer((request, response) => {
      let text = ""
      request.on("data", chunk => {
        text += chunk
      })
      request.on("end", () => {
        requests.push({ path: request.url, authorization: request.headers.authorization, body: JSON.parse(text) })
        response.end('{"data":{"sold":"ok"}}')
      })
    })
    await new Promise<void>(resolve => api.listen(0, "127.0.0.1", resolve))
    const address = api.address()
    Object.assign(local.host, { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}` })
    const RoleArn = await local.addRole("caller", [])
    await addRule([
      {
        Id: "api",
        Arn: "arn:aws:appsync:eu-west-1:123456789012:endpoints/graphql-api/abc",
        RoleArn,
        InputTransformer: { InputPathsMap: { id: "$.detail.id" }, InputTemplate: '{"id": <id>}' },
        AppSyncParameters: { GraphQLOperation: "mutation ($id: ID!) { sold(id: $id) }" },
      },
    ])
    await put(entry())
    const [request] = await eventually(() => requests.length > 0 && requests)
    expect(request).toMatchObject({
      path: "/apis/abc/graphql",
      body: { query: "mutation ($id: ID!) { sold(id: $id) }", variables: { id: "1" } },
    })
    expect(request?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=.*\/eu-west-1\/appsync\/aws4_request/)
    await new Promise(resolve => api.close(resolve))
  })

  test("that is a topic gets the event", async () => {
    const Arn = "arn:aws:sns:eu-west-1:123456789012:news"
    await addRule([{ Id: "x", Arn, InputPath: "$.detail.id" }])
    await put(entry())
    expect(await eventually(() => local.messages[0])).toMatchObject({ queueArn: Arn, body: '"1"' })
  })

  test("that the host cannot reach is left out of a template's rule, and refused in a call", async () => {
    const Arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/x"
    await addRule([{ Id: "x", Arn }])
    expect(local.warnings.join()).toContain(`does not deliver to ${Arn}, the target is left out`)
    const targets = new PutTargetsCommand({ Rule: "test-Rule", EventBusName: "shop", Targets: [{ Id: "x", Arn }] })
    await expect(sdk.send(targets)).rejects.toThrow(`The local host does not deliver events to ${Arn}`)
  })
})

describe("a failing delivery", () => {
  const retry = { MaximumRetryAttempts: 2 }
  const dead = { RetryPolicy: retry, DeadLetterConfig: { Arn: deadLetters } }

  test("is tried again after growing pauses, and then reaches the target", async () => {
    await addRule([{ Id: "fn", Arn: functionArn, ...dead }])
    local.refusals.set(functionArn, new AwsError("TooManyRequestsException", "Rate Exceeded."))
    await put(entry())
    local.host.clock.advance(1_000)
    await settle()
    local.refusals.clear()
    local.host.clock.advance(2_000)
    await eventually(() => local.invocations.length === 1)
    expect(local.messages).toEqual([])
  })

  test("goes to the dead-letter queue with its history when the retries are exhausted", async () => {
    await addRule([{ Id: "fn", Arn: functionArn, ...dead }])
    local.refusals.set(functionArn, new AwsError("TooManyRequestsException", "Rate Exceeded."))
    await put(entry())
    for (const pause of [1_000, 2_000]) {
      local.host.clock.advance(pause)
      await settle()
    }
    const [letter] = await eventually(() => local.messages.length > 0 && local.messages)
    expect(JSON.parse(letter?.body ?? "")).toMatchObject({ "detail-type": "Sold", detail: { id: "1" } })
    expect(letter).toMatchObject({
      queueArn: deadLetters,
      attributes: {
        RULE_ARN: "arn:aws:events:eu-west-1:123456789012:rule/shop/test-Rule",
        TARGET_ARN: functionArn,
        ERROR_CODE: "THROTTLING",
        ERROR_MESSAGE: "Rate Exceeded.",
        EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
        RETRY_ATTEMPTS: { type: "Number", value: "2" },
      },
    })
  })

  test("ends by age where that comes first", async () => {
    await addRule([{ Id: "fn", Arn: functionArn, ...dead, RetryPolicy: { MaximumEventAgeInSeconds: 60 } }])
    local.refusals.set(functionArn, new AwsError("ServiceException", "broken"))
    await put(entry())
    for (let pause = 1_000; pause <= 32_000; pause *= 2) {
      local.host.clock.advance(pause)
      await settle()
    }
    const [letter] = await eventually(() => local.messages.length > 0 && local.messages)
    expect(letter?.attributes).toMatchObject({
      ERROR_CODE: "ERROR_FROM_TARGET",
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
    })
  })

  test("for want of permission or target goes there at once", async () => {
    await addRule([{ Id: "fn", Arn: functionArn, ...dead }])
    local.refusals.set(functionArn, new AwsError("AccessDeniedException", "not authorized", 403))
    await put(entry())
    local.refusals.set(functionArn, new AwsError("ResourceNotFoundException", "Function not found", 404))
    await put(entry())
    const letters = await eventually(() => local.messages.length === 2 && local.messages)
    expect(letters.map(({ attributes }) => [attributes.ERROR_CODE, attributes.RETRY_ATTEMPTS])).toEqual([
      ["NO_PERMISSIONS", { type: "Number", value: "0" }],
      ["NO_RESOURCE", { type: "Number", value: "0" }],
    ])
  })

  test("without a dead-letter queue is named in the log", async () => {
    await addRule([{ Id: "fn", Arn: functionArn, RetryPolicy: { MaximumRetryAttempts: 0 } }])
    local.refusals.set(functionArn, new AwsError("ServiceException", "broken"))
    await put(entry())
    expect(local.warnings.join()).toMatch(/Dropped event .* of rule test-Rule for .*: ERROR_FROM_TARGET broken/)
  })
})

describe("a planned fault", () => {
  test("drops a delivery, which the retry policy then repeats", async () => {
    await addRule([{ Id: "fn", Arn: functionArn }])
    planned = { kind: "drop" }
    await put(entry())
    await settle()
    expect(local.invocations).toHaveLength(0)
    local.host.clock.advance(1_000)
    await eventually(() => local.invocations.length === 1)
  })

  test("delivers twice, or late", async () => {
    await addRule([{ Id: "fn", Arn: functionArn }])
    planned = { kind: "duplicate", times: 1, spreadMs: 50 }
    await put(entry())
    local.host.clock.advance(50)
    await eventually(() => local.invocations.length === 2)
    planned = { kind: "delay", ms: 60_000 }
    await put(entry({ id: "late" }))
    await settle()
    expect(local.invocations).toHaveLength(2)
    local.host.clock.advance(60_000)
    await eventually(() => local.invocations.length === 3)
  })

  test("fails an entry of a role's PutEvents once, and its repetition is taken", async () => {
    await close()
    local = await openTestHost({
      faults: {
        at: (_hop, id, attempt) => (id === "put|shop|1" && attempt === 1 ? { kind: "partialFailure" } : undefined),
      },
    })
    events = createEventsService(local.host)
    local.serve([events])
    const roleArn = await local.addRole("publisher", [{ Effect: "Allow", Action: "*", Resource: "*" }])
    sdk = client(local.host.iam.credentialsFor(roleArn, "test"))
    const first = await put(entry({ id: "1" }), entry({ id: "2" }))
    expect(first.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual(["InternalFailure", undefined])
    expect((await put(entry({ id: "1" }))).FailedEntryCount).toBe(0)
  })
})

describe("what was accepted", () => {
  test("is delivered by the next host when this one is killed before the target took it", async () => {
    await close()
    const folder = mkdtempSync(`${tmpdir()}/events-`)
    await open(folder)
    await events.start?.()
    await addRule([{ Id: "fn", Arn: functionArn }])
    local.refusals.set(functionArn, new AwsError("ServiceException", "broken"))
    await put(entry())
    await settle()
    await close()
    await open(folder)
    await addRule([{ Id: "fn", Arn: functionArn }])
    await events.start?.()
    await eventually(() => local.invocations.length === 1)
    expect(local.invocations[0]?.payload).toMatchObject({ detail: { id: "1" } })
    rmSync(folder, { recursive: true })
  })

  test("but is delayed when the host is killed is not lost", async () => {
    await close()
    const folder = mkdtempSync(`${tmpdir()}/events-`)
    await open(folder)
    await events.start?.()
    await addRule([{ Id: "fn", Arn: functionArn }])
    planned = { kind: "delay", ms: 3_600_000 }
    await put(entry())
    await settle()
    expect(local.invocations).toHaveLength(0)
    await close()
    await open(folder)
    await addRule([{ Id: "fn", Arn: functionArn }])
    await events.start?.()
    await eventually(() => local.invocations.length === 1)
    rmSync(folder, { recursive: true })
  })

  test("and failed keeps count of its attempts over a restart", async () => {
    await close()
    const folder = mkdtempSync(`${tmpdir()}/events-`)
    const RetryPolicy = { MaximumRetryAttempts: 1 }
    const target = { Id: "fn", Arn: functionArn, RetryPolicy, DeadLetterConfig: { Arn: deadLetters } }
    const begin = async () => {
      await open(folder)
      await addRule([target])
      local.refusals.set(functionArn, new AwsError("ServiceException", "broken"))
      await events.start?.()
    }
    await begin()
    await put(entry())
    await settle()
    await close()
    await begin()
    await settle()
    expect(local.messages).toMatchObject([{ attributes: { RETRY_ATTEMPTS: { type: "Number", value: "1" } } }])
    rmSync(folder, { recursive: true })
  })

  test("goes through at thousands of events a second", async () => {
    await addRule([{ Id: "fn", Arn: functionArn }])
    const cpuMs = await cpuMsOf(async () => {
      for (let batch = 0; batch < 300; batch++) {
        const entries = Array.from({ length: 10 }, (_, index) => ({
          source: "shop",
          detailType: "Sold",
          detail: JSON.stringify({ id: `${batch}-${index}`, lines: [{ sku: "x", count: 2 }] }),
        }))
        await events.put(entries, "shop")
      }
      await eventually(() => local.invocations.length === 3_000)
    })
    expect(cpuMs).toBeLessThan(1_500)
  })
})

describe("a schedule rule", () => {
  test("fires by the clock with a scheduled event", async () => {
    await local.create(events, "AWS::Events::Rule", "Hourly", {
      ScheduleExpression: "rate(1 hour)",
      Targets: [{ Id: "fn", Arn: functionArn }],
    })
    await settle()
    expect(local.invocations).toHaveLength(0)
    local.host.clock.advance(3 * 3_600_000)
    await eventually(() => local.invocations.length === 3)
    expect(local.invocations[0]?.payload).toMatchObject({
      source: "aws.events",
      "detail-type": "Scheduled Event",
      resources: ["arn:aws:events:eu-west-1:123456789012:rule/test-Hourly"],
      detail: {},
    })
  })

  test("is refused on another bus and with a bad expression", async () => {
    const schedule = (properties: JsonObject) => local.create(events, "AWS::Events::Rule", "R", properties)
    await expect(schedule({ ScheduleExpression: "rate(1 hour)", EventBusName: "shop" })).rejects.toThrow(
      "ScheduleExpression is supported only on the default event bus.",
    )
    await expect(schedule({ ScheduleExpression: "rate(1 hours)" })).rejects.toThrow(
      "Parameter ScheduleExpression is not valid.",
    )
  })
})

describe("an archive", () => {
  test("keeps what matches, and a replay sends it again under its name", async () => {
    await addRule([{ Id: "fn", Arn: functionArn }])
    await addRule([{ Id: "queue", Arn: queueArn }], {
      Name: "live",
      EventPattern: { "replay-name": [{ exists: false }] },
    })
    const EventPattern = JSON.stringify({ detail: { id: [{ prefix: "keep" }] } })
    const archive = { ArchiveName: "all", EventSourceArn: busArn("shop"), EventPattern }
    const { ArchiveArn } = await sdk.send(new CreateArchiveCommand(archive))
    await put(entry({ id: "keep-1" }), entry({ id: "other" }), entry({ id: "keep-2" }))
    const replay = {
      ReplayName: "again",
      EventSourceArn: ArchiveArn,
      EventStartTime: new Date(local.host.clock.now() - 60_000),
      EventEndTime: new Date(local.host.clock.now() + 60_000),
      Destination: { Arn: busArn("shop") },
    }
    expect((await sdk.send(new StartReplayCommand(replay))).State).toBe("STARTING")
    await eventually(() => local.invocations.length === 5)
    expect(local.invocations.slice(3).map(({ payload }) => payload)).toMatchObject([
      { "replay-name": "again", detail: { id: "keep-1" } },
      { "replay-name": "again", detail: { id: "keep-2" } },
    ])
    expect(local.messages).toHaveLength(3)
    expect((await sdk.send(new DescribeReplayCommand({ ReplayName: "again" }))).State).toBe("COMPLETED")
  })
})

describe("the calls on rules", () => {
  const rule = { Name: "made", EventBusName: "shop" }

  test("make, show, change and delete a rule with targets", async () => {
    const EventPattern = '{"source":["shop"]}'
    await sdk.send(new PutRuleCommand({ ...rule, EventPattern }))
    const targets = { Rule: "made", EventBusName: "shop" }
    await sdk.send(new PutTargetsCommand({ ...targets, Targets: [{ Id: "fn", Arn: functionArn }] }))
    await put(entry())
    expect(local.invocations).toHaveLength(1)
    expect(await sdk.send(new DescribeRuleCommand(rule))).toMatchObject({ EventPattern, State: "ENABLED" })
    const { Rules } = await sdk.send(new ListRulesCommand({ EventBusName: "shop" }))
    expect(Rules?.map(({ Name }) => Name)).toEqual(["made"])
    await expect(sdk.send(new DeleteRuleCommand(rule))).rejects.toThrow("Rule can't be deleted since it has targets.")
    await sdk.send(new RemoveTargetsCommand({ ...targets, Ids: ["fn"] }))
    expect((await sdk.send(new ListTargetsByRuleCommand(targets))).Targets).toEqual([])
    await sdk.send(new DeleteRuleCommand(rule))
    await expect(sdk.send(new DescribeRuleCommand(rule))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Rule made does not exist on EventBus shop.",
    })
  })

  test("refuse a bad pattern, a bus that exists and one that does not", async () => {
    await expect(sdk.send(new PutRuleCommand({ ...rule, EventPattern: '{"source":"shop"}' }))).rejects.toMatchObject({
      name: "InvalidEventPatternException",
      message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
    })
    await expect(sdk.send(new CreateEventBusCommand({ Name: "shop" }))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    })
    await expect(sdk.send(new ListRulesCommand({ EventBusName: "none" }))).rejects.toThrow(
      "Event bus none does not exist.",
    )
  })

  const named = (name: string) => ({ Name: name, EventPattern: '{"source":["shop"]}' })
  const target = (more: object) =>
    new PutTargetsCommand({ Rule: "made", EventBusName: "shop", Targets: [{ Id: "1", Arn: functionArn, ...more }] })
  test.each([
    [
      new PutRuleCommand(named("a b")),
      String.raw`1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`.replaceAll(
        "\\\\",
        "\\",
      ),
    ],
    [new PutRuleCommand(named("a".repeat(65))), "Member must have length less than or equal to 64"],
    [new PutRuleCommand({ Name: "none" }), "Parameter(s) EventPattern or ScheduleExpression must be specified."],
    [target({ Id: "a b" }), "Value 'a b' at 'targets.1.member.id' failed to satisfy constraint"],
    [
      target({ RetryPolicy: { MaximumRetryAttempts: 500 } }),
      "Value '500' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
    ],
    [target({ Arn: "nope" }), "Parameter nope is not valid. Reason: Provided Arn is not in correct format."],
    [target({ DeadLetterConfig: { Arn: functionArn } }), "is no queue"],
    [
      target({ InputTransformer: { InputPathsMap: { "aws.x": "$.a" }, InputTemplate: "<aws.x>" } }),
      "InputPathsMap for target 1 contains the reserved key aws.x.",
    ],
    [new CreateEventBusCommand({ Name: "a/b" }), "Event bus name must not contain '/'."],
  ])("refuse what AWS's constraints refuse %#", async (command, message) => {
    await sdk.send(new PutRuleCommand({ ...rule, EventPattern: '{"source":["shop"]}' }))
    await expect(sdk.send(command as PutRuleCommand)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    })
    await sdk.send(new DeleteRuleCommand(rule))
  })

  test("find the rules of a target", async () => {
    await sdk.send(new PutRuleCommand({ ...rule, EventPattern: '{"source":["shop"]}' }))
    await sdk.send(target({ Id: "fn" }))
    const found = await sdk.send(new ListRuleNamesByTargetCommand({ TargetArn: functionArn, EventBusName: "shop" }))
    expect(found.RuleNames).toEqual(["made"])
    await sdk.send(new RemoveTargetsCommand({ Rule: "made", EventBusName: "shop", Ids: ["fn"] }))
    await sdk.send(new DeleteRuleCommand(rule))
  })

  test("try a pattern on an event", async () => {
    const base = { id: "1", account: "1", source: "a", time: "2026-01-01T00:00:00Z", region: "r", resources: [] }
    const tryOn = (source: string) =>
      sdk.send(
        new TestEventPatternCommand({
          EventPattern: '{"source":[{"prefix":"a"}]}',
          Event: JSON.stringify({ ...base, "detail-type": "t", source }),
        }),
      )
    expect([(await tryOn("abc")).Result, (await tryOn("b")).Result]).toEqual([true, false])
  })
})
