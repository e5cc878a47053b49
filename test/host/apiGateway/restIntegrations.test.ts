import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb"
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import type { Stack } from "aws-cdk-lib"
import { AwsIntegration, HttpIntegration, RestApi } from "aws-cdk-lib/aws-apigateway"
import { AttributeType, Table } from "aws-cdk-lib/aws-dynamodb"
import { EventBus, Rule } from "aws-cdk-lib/aws-events"
import { SqsQueue } from "aws-cdk-lib/aws-events-targets"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { Bucket } from "aws-cdk-lib/aws-s3"
import { Topic } from "aws-cdk-lib/aws-sns"
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions"
import { Queue } from "aws-cdk-lib/aws-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf } from "../shell/localHost.ts"
import { adder, answerOf, hostOf, ok, posting, synthTimeoutMs, templates } from "./restApps.ts"

let server: Server
let running: RunningHost
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", chunk => chunks.push(chunk))
    request.on("end", () => {
      response.writeHead(request.url?.includes("teapot") ? 418 : 200, {
        "content-type": "application/json",
        "x-from": "server",
      })
      const { method, url, headers } = request
      response.end(JSON.stringify({ method, url, own: headers["x-own"], body: Buffer.concat(chunks).toString() }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address() as AddressInfo
  running = await hostOf(stack => buildApi(stack, `http://127.0.0.1:${address.port}`), { strict: true })
}, synthTimeoutMs)
afterAll(async () => {
  await running.stop()
  server.close()
})

function buildApi(stack: Stack, elsewhere: string): void {
  const api = new RestApi(stack, "Api", {
    binaryMediaTypes: ["image/*"],
    deployOptions: { variables: { color: "blue" } },
  })
  const add = adder(api)
  const through = new HttpIntegration(`${elsewhere}/{proxy}`, {
    httpMethod: "ANY",
    options: { requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" } },
  })
  add("through/{proxy+}", "ANY", through, { requestParameters: { "method.request.path.proxy": true } })
  add(
    "asked/{id}",
    "POST",
    new HttpIntegration(`${elsewhere}/things/{id}`, {
      proxy: false,
      httpMethod: "PUT",
      options: {
        requestParameters: {
          "integration.request.path.id": "method.request.path.id",
          "integration.request.querystring.user": "method.request.body.user.name",
          "integration.request.header.X-Own": "stageVariables.color",
        },
        requestTemplates: templates('{"only": $input.json("$.user.name")}'),
        integrationResponses: [
          { statusCode: "409", selectionPattern: "418" },
          ...ok({
            responseParameters: {
              "method.response.header.X-From": "integration.response.header.x-from",
              "method.response.header.X-Url": "integration.response.body.url",
            },
          }),
        ],
      },
    }),
  )
  addServices(stack, add)
}

function addServices(stack: Stack, add: ReturnType<typeof adder>): void {
  const credentialsRole = new Role(stack, "Taken", { assumedBy: new ServicePrincipal("apigateway.amazonaws.com") })
  const integrationResponses = ok()

  const queue = new Queue(stack, "Queue", { queueName: "sent" })
  queue.grantSendMessages(credentialsRole)
  const form = { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" }
  add(
    "queue",
    "POST",
    new AwsIntegration({
      service: "sqs",
      path: `${stack.account}/${queue.queueName}`,
      options: {
        credentialsRole,
        requestParameters: form,
        requestTemplates: templates(
          "Action=SendMessage&MessageBody=$util.urlEncode($input.body)&MessageAttribute.1.Name=kind&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=web",
        ),
        integrationResponses,
      },
    }),
  )

  const table = new Table(stack, "Table", {
    tableName: "things",
    partitionKey: { name: "id", type: AttributeType.STRING },
  })
  table.grantWriteData(credentialsRole)
  add(
    "table",
    "POST",
    new AwsIntegration({
      service: "dynamodb",
      action: "PutItem",
      options: {
        credentialsRole,
        requestTemplates: templates(
          `{"TableName": "things", "Item": {"id": {"S": $input.json('$.id')}, "at": {"N": "$context.requestTimeEpoch"}}}`,
        ),
        integrationResponses: [
          ...ok({ responseTemplates: templates('{"kept":true}') }),
          { statusCode: "400", selectionPattern: "4\\d{2}" },
        ],
      },
    }),
  )
  add(
    "denied",
    "GET",
    new AwsIntegration({
      service: "dynamodb",
      action: "Scan",
      integrationHttpMethod: "POST",
      options: {
        credentialsRole,
        requestTemplates: templates('{"TableName": "things"}'),
        integrationResponses: [...ok(), { statusCode: "403", selectionPattern: "4\\d{2}" }],
      },
    }),
  )

  const heard = new Queue(stack, "Heard", { queueName: "heard" })
  const bus = new EventBus(stack, "Bus", { eventBusName: "bus" })
  new Rule(stack, "Rule", { eventBus: bus, eventPattern: { source: ["web"] }, targets: [new SqsQueue(heard)] })
  bus.grantPutEventsTo(credentialsRole)
  add(
    "events",
    "POST",
    new AwsIntegration({
      service: "events",
      action: "PutEvents",
      options: {
        credentialsRole,
        requestTemplates: templates(`#set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents")
#set($context.requestOverride.header.Content-Type = "application/x-amz-json-1.1")
{"Entries": [{"Source": "web", "DetailType": "posted", "Detail": "$util.escapeJavaScript($input.body)", "EventBusName": "bus"}]}`),
        integrationResponses,
      },
    }),
  )

  const topic = new Topic(stack, "Topic", { topicName: "told" })
  const told = new Queue(stack, "Told", { queueName: "told" })
  topic.addSubscription(new SqsSubscription(told, { rawMessageDelivery: true }))
  topic.grantPublish(credentialsRole)
  add(
    "topic",
    "POST",
    new AwsIntegration({
      service: "sns",
      action: "Publish",
      options: {
        credentialsRole,
        requestParameters: {
          "integration.request.querystring.TopicArn": `'${topic.topicArn}'`,
          "integration.request.querystring.Message": "method.request.body.text",
        },
        integrationResponses,
      },
    }),
  )

  const bucket = new Bucket(stack, "Files", { bucketName: "files" })
  bucket.grantReadWrite(credentialsRole)
  const place = { "integration.request.path.key": "method.request.path.key" }
  for (const method of ["PUT", "GET"])
    add(
      "files/{key}",
      method,
      new AwsIntegration({
        service: "s3",
        path: "files/{key}",
        integrationHttpMethod: method,
        options: { credentialsRole, requestParameters: place, integrationResponses },
      }),
    )
}

const call = (path: string, init: RequestInit = {}) => fetch(`${running.local.restUrl}${path}`, init)
const post = posting(call)

describe("a server behind an API", () => {
  test("gets requests as they are, and answers for itself", async () => {
    const answer = await call("/through/a/teapot?x=1&x=2", {
      method: "PATCH",
      headers: { "X-Own": "me" },
      body: "text",
    })
    expect([answer.headers.get("x-from"), ...(await answerOf(answer))]).toEqual([
      "server",
      418,
      { method: "PATCH", url: "/a/teapot?x=1&x=2", own: "me", body: "text" },
    ])
  })

  test("gets what mappings and templates make, and its answer is mapped", async () => {
    const answer = await post("/asked/7", { user: { name: "Ada" } })
    expect([answer.headers.get("x-from"), answer.headers.get("x-url"), ...(await answerOf(answer))]).toEqual([
      "server",
      "/things/7?user=Ada",
      200,
      { method: "PUT", url: "/things/7?user=Ada", own: "blue", body: '{"only": "Ada"}' },
    ])
    expect((await post("/asked/teapot", {})).status).toBe(409)
  })
})

describe("an AWS service behind an API, by the integration's role,", () => {
  const received = async (name: string) => {
    const QueueUrl = `${running.url}/${running.host.accountId}/${name}`
    const asked = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ["All"] })
    const { Messages = [] } = await new SQSClient(clientOf(running)).send(asked)
    return Messages
  }

  test("SQS takes a message in its older protocol", async () => {
    const [status, answer] = await answerOf(post("/queue", { a: "1 & 2" }))
    expect([status, answer]).toMatchObject([
      200,
      { SendMessageResponse: { SendMessageResult: { MessageId: expect.any(String) } } },
    ])
    const [message] = await received("sent")
    expect([message?.Body, message?.MessageAttributes?.kind?.StringValue]).toEqual(['{"a":"1 & 2"}', "web"])
  })

  test("DynamoDB does what the action says, and only what the role may", async () => {
    expect(await answerOf(post("/table", { id: "one" }))).toEqual([200, { kept: true }])
    const { Item } = await new DynamoDBClient(clientOf(running)).send(
      new GetItemCommand({ TableName: "things", Key: { id: { S: "one" } } }),
    )
    expect(Item?.id).toEqual({ S: "one" })
    const [status, answer] = await answerOf(call("/denied"))
    expect([status, JSON.stringify(answer)]).toEqual([403, expect.stringContaining("AccessDeniedException")])
  })

  test("EventBridge takes events", async () => {
    expect(await answerOf(post("/events", { text: 'a "b"' }))).toMatchObject([200, { FailedEntryCount: 0 }])
    const [message] = await received("heard")
    expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({
      source: "web",
      "detail-type": "posted",
      detail: { text: 'a "b"' },
    })
  })

  test("SNS publishes, and answers in JSON", async () => {
    expect(await answerOf(post("/topic", { text: "hello" }))).toMatchObject([
      200,
      { PublishResponse: { PublishResult: { MessageId: expect.any(String) } } },
    ])
    expect((await received("told"))[0]?.Body).toBe("hello")
  })

  test("S3 keeps bytes of the API's binary types as they are", async () => {
    const body = new Uint8Array([137, 80, 255, 0])
    await call("/files/a.png", { method: "PUT", headers: { "content-type": "image/png" }, body })
    expect([...new Uint8Array(await (await call("/files/a.png")).arrayBuffer())]).toEqual([...body])
  })

  test("S3 keeps and gives objects by their paths", async () => {
    expect(
      (await call("/files/a.txt", { method: "PUT", headers: { "content-type": "text/plain" }, body: "hello" })).status,
    ).toBe(200)
    expect(await (await call("/files/a.txt")).text()).toBe("hello")
  })
})
