import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb"
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import type { Stack } from "aws-cdk-lib"
import {
  AwsIntegration,
  HttpIntegration,
  type IntegrationOptions,
  type IntegrationResponse,
  JsonSchemaType,
  LambdaIntegration,
  type MethodOptions,
  MockIntegration,
  PassthroughBehavior,
  ResponseType,
  RestApi,
} from "aws-cdk-lib/aws-apigateway"
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
import { answerOf, functionWith, hostOf, synthTimeoutMs } from "./restApps.ts"

const asIs = `exports.handler = async event => {
  if (event.fail) throw new Error("NotFound: " + event.fail)
  return { got: event }
}`

const passthrough = `#set($allParams = $input.params())
{
"body-json" : $input.json('$'),
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
},
"context" : { "stage" : "$context.stage", "ip" : "$context.identity.sourceIp", "path" : "$context.resourcePath" }
}`

const functions = `{
  "name": $input.json('$.user.name'),
  "first": "$input.path('$.list[0].id')",
  "ids": $input.path('$.list[*].id'),
  "list": $input.path('$.list'),
  "missing": "$input.path('$.nothing')",
  "nobody": "$context.authorizer.principalId\${context.identity.cognitoIdentityId}$stageVariables.none",
  "quoted": "$util.escapeJavaScript($input.path('$.quote')).replaceAll("\\\\'","'")",
  "encoded": "$util.urlEncode('a b&c')",
  "decoded": "$util.urlDecode('a+b%26c')",
  "base64": "$util.base64Encode('text')",
  "text": "$util.base64Decode('dGV4dA==')",
  "parsed": "$util.parseJson('{"a":{"b":1}}').a.b",
  "page": "$input.params('page')",
  "id": "$input.params('id')",
  "own": "$input.params('x-own')",
  "color": "\${stageVariables.color}",
  "each": [#foreach($one in $input.path('$.list'))"$one.id"#if($foreach.hasNext),#end#end]
}`

const ok = (more: Partial<IntegrationResponse> = {}): IntegrationResponse[] => [{ statusCode: "200", ...more }]
const templates = (template: string) => ({ "application/json": template })
const answers: MethodOptions = { methodResponses: [{ statusCode: "200" }] }

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
    defaultCorsPreflightOptions: {
      allowOrigins: ["https://app.example.org", "https://other.example.org"],
      allowCredentials: true,
    },
  })
  api.addGatewayResponse("Denied", {
    type: ResponseType.DEFAULT_4XX,
    responseHeaders: { "Access-Control-Allow-Origin": "'*'", "X-Asked": "method.request.header.X-Own" },
    templates: { "application/json": '{"error":$context.error.messageString,"kind":"$context.error.responseType"}' },
  })
  const add = (name: string, method: string, integration: MockIntegration, options: MethodOptions = answers) =>
    api.root.resourceForPath(name).addMethod(method, integration, options)

  const mock = (options: IntegrationOptions) => new MockIntegration(options)
  add(
    "mock",
    "GET",
    mock({
      requestTemplates: templates(
        '#if($input.params("fail") != "")#set($status = 500)#else#set($status = 200)#end{"statusCode": $status}',
      ),
      integrationResponses: [
        { statusCode: "500", selectionPattern: "5\\d{2}", responseTemplates: templates('{"failed":true}') },
        {
          statusCode: "200",
          responseParameters: {
            "method.response.header.X-Request": "context.requestId",
            "method.response.header.X-Fixed": "'yes'",
          },
          responseTemplates: templates(
            '#set($context.responseOverride.header.X-Set = "set")#set($context.responseOverride.status = 202){"stage":"$context.stage"}',
          ),
        },
      ],
    }),
  )
  add("broken", "GET", mock({ requestTemplates: templates("{}"), integrationResponses: ok() }))
  add(
    "picky",
    "POST",
    mock({
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestTemplates: templates('{"statusCode": 200}'),
      integrationResponses: ok(),
    }),
  )

  const handler = functionWith(stack, "AsIs", asIs)
  const plain = (template: string | undefined, responses: IntegrationResponse[] = ok()) =>
    new LambdaIntegration(handler, {
      proxy: false,
      ...(template !== undefined && { requestTemplates: templates(template) }),
      integrationResponses: responses,
    })
  add("plain", "POST", plain(undefined))
  add("passthrough/{id}", "POST", plain(passthrough))
  add("functions/{id}", "POST", plain(functions))
  add(
    "failing",
    "GET",
    plain('{"fail": "$input.params(\'why\')"}', [
      ...ok(),
      {
        statusCode: "404",
        selectionPattern: "NotFound.*",
        responseTemplates: templates('{"said": $input.json("$.errorMessage")}'),
      },
    ]),
  )
  add("unmatched", "GET", plain('{"fail": "x"}', [{ statusCode: "404", selectionPattern: "Other.*" }]))
  add(
    "queued",
    "POST",
    new LambdaIntegration(handler, {
      proxy: false,
      requestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" },
      integrationResponses: [{ statusCode: "202", responseTemplates: templates("{}") }],
    }),
  )

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

  const model = api.addModel("Thing", {
    schema: {
      type: JsonSchemaType.OBJECT,
      required: ["name"],
      properties: {
        name: { type: JsonSchemaType.STRING, minLength: 2 },
        size: { type: JsonSchemaType.INTEGER, minimum: 0, exclusiveMinimum: true },
      },
      additionalProperties: false,
    },
  })
  const requestValidator = api.addRequestValidator("Both", {
    validateRequestBody: true,
    validateRequestParameters: true,
  })
  add("checked", "POST", plain(undefined), {
    ...answers,
    requestValidator,
    requestModels: { "application/json": model },
    requestParameters: {
      "method.request.querystring.page": true,
      "method.request.header.X-Own": true,
      "method.request.querystring.free": false,
    },
  })
}

function addServices(stack: Stack, add: (name: string, method: string, integration: AwsIntegration) => unknown): void {
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
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })

describe("a MOCK integration", () => {
  test("answers CORS's preflight as CDK asks for it, for the origin that asks", async () => {
    const preflight = (origin: string) =>
      call("/mock", { method: "OPTIONS", headers: { origin, "access-control-request-method": "GET" } })
    const answer = await preflight("https://app.example.org")
    expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
      204,
      {
        "access-control-allow-origin": "https://app.example.org",
        "access-control-allow-methods": "OPTIONS,GET,PUT,POST,DELETE,PATCH,HEAD",
        "access-control-allow-credentials": "true",
        vary: "Origin",
      },
    ])
    expect((await preflight("https://other.example.org")).headers.get("access-control-allow-origin")).toBe(
      "https://other.example.org",
    )
    expect((await preflight("https://evil.example.org")).headers.get("access-control-allow-origin")).toBe(
      "https://app.example.org",
    )
  })

  test("answers what its templates make, with headers and a status that they set", async () => {
    const answer = await call("/mock")
    expect([answer.status, answer.headers.get("x-fixed"), answer.headers.get("x-set"), await answer.json()]).toEqual([
      202,
      "yes",
      "set",
      { stage: "prod" },
    ])
    expect(answer.headers.get("x-request")).toBe(answer.headers.get("x-amzn-requestid"))
    expect(await answerOf(call("/mock?fail=1"))).toEqual([500, { failed: true }])
  })

  test("without a status is a broken configuration", async () => {
    expect(await answerOf(call("/broken"))).toEqual([500, { message: "Internal server error" }])
  })

  test("refuses a content type that it has no template for", async () => {
    const answer = await call("/picky", { method: "POST", headers: { "content-type": "text/csv" }, body: "a,b" })
    expect([answer.status, answer.headers.get("x-amzn-errortype")]).toEqual([415, "UnsupportedMediaTypeException"])
  })
})

test("A gateway response words refusals, with headers of its own", async () => {
  const answer = await call("/nothing", { headers: { "X-Own": "mine" } })
  expect([answer.status, answer.headers.get("access-control-allow-origin"), answer.headers.get("x-asked")]).toEqual([
    403,
    "*",
    "mine",
  ])
  expect(await answer.json()).toEqual({ error: "Missing Authentication Token", kind: "MISSING_AUTHENTICATION_TOKEN" })
})

describe("a function behind templates", () => {
  test("gets the body as it is where there is none, and its result is the answer", async () => {
    expect(await answerOf(post("/plain", { a: 1 }))).toEqual([200, { got: { a: 1 } }])
  })

  test("gets what AWS's template for passing everything on makes", async () => {
    const [, { got }] = (await answerOf(post("/passthrough/7?page=2", { a: ["x"] }, { "X-Own": `say "me"` }))) as [
      number,
      { got: object },
    ]
    expect(got).toMatchObject({
      "body-json": { a: ["x"] },
      params: { path: { id: "7" }, querystring: { page: "2" }, header: { "X-Own": `say "me"` } },
      context: { stage: "prod", ip: "127.0.0.1", path: "/passthrough/{id}" },
    })
  })

  test("gets what the variables and functions of templates give", async () => {
    const body = { user: { name: "Ada" }, list: [{ id: "a" }, { id: "b" }], quote: `it's "é"\n` }
    expect(await answerOf(post("/functions/7?page=2", body, { "X-Own": "mine" }))).toEqual([
      200,
      {
        got: {
          name: "Ada",
          first: "a",
          ids: ["a", "b"],
          list: [{ id: "a" }, { id: "b" }],
          missing: "",
          nobody: "",
          quoted: `it's "é"\n`,
          encoded: "a+b%26c",
          decoded: "a b&c",
          base64: "dGV4dA==",
          text: "text",
          parsed: "1",
          page: "2",
          id: "7",
          own: "mine",
          color: "blue",
          each: ["a", "b"],
        },
      },
    ])
  })

  test("that fails is answered by the pattern for its message", async () => {
    expect(await answerOf(call("/failing?why=it"))).toEqual([404, { said: "NotFound: it" }])
    expect(await answerOf(call("/unmatched"))).toEqual([500, { message: "Internal server error" }])
  })

  test("is not waited for when the integration says so", async () => {
    expect(await answerOf(post("/queued", { a: 1 }))).toEqual([202, {}])
  })
})

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

describe("a request validator", () => {
  const checked = (body: unknown, path = "/checked?page=1", headers: Record<string, string> = { "X-Own": "x" }) =>
    answerOf(post(path, body, headers))

  test("asks for parameters, and for a body that fits the model", async () => {
    expect(await checked({ name: "ab", size: 1 })).toEqual([200, { got: { name: "ab", size: 1 } }])
    const invalid = [400, { error: "Invalid request body", kind: "BAD_REQUEST_BODY" }]
    expect(await checked({ name: "a" })).toEqual(invalid)
    expect(await checked({ name: "ab", more: 1 })).toEqual(invalid)
    expect(await checked({ name: "ab", size: 0 })).toEqual(invalid)
    expect(await checked("no json")).toEqual(invalid)
    expect(await checked({ name: "ab" }, "/checked", {})).toEqual([
      400,
      { error: "Missing required request parameters: [page, X-Own]", kind: "BAD_REQUEST_PARAMETERS" },
    ])
  })
})
