import type { Stack } from "aws-cdk-lib"
import {
  type IntegrationOptions,
  type IntegrationResponse,
  JsonSchemaType,
  LambdaIntegration,
  MockIntegration,
  PassthroughBehavior,
  ResponseType,
  RestApi,
} from "aws-cdk-lib/aws-apigateway"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { adder, answerOf, answers, functionWith, hostOf, ok, posting, synthTimeoutMs, templates } from "./restApps.ts"

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

let running: RunningHost
beforeAll(async () => {
  running = await hostOf(buildApi, { strict: true })
}, synthTimeoutMs)
afterAll(() => running.stop())

function buildApi(stack: Stack): void {
  const api = new RestApi(stack, "Api", {
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
  const add = adder(api)

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

const call = (path: string, init: RequestInit = {}) => fetch(`${running.local.restUrl}${path}`, init)
const post = posting(call)

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
