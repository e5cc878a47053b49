import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { tokenOf } from "../../../src/cli/api.ts"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { functionOf, hostWith } from "../shell/localHost.ts"

const region = "eu-west-1"
const role = {
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
    },
  },
}
const permission = (name: string): JsonObject => ({
  Type: "AWS::Lambda::Permission",
  Properties: {
    FunctionName: { Ref: name },
    Principal: "apigateway.amazonaws.com",
    Action: "lambda:InvokeFunction",
    SourceArn: { "Fn::Sub": `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*` },
  },
})
const integration = (name: string, more: JsonObject = {}): JsonObject => ({
  Type: "AWS::ApiGatewayV2::Integration",
  Properties: {
    ApiId: { Ref: "Api" },
    IntegrationType: "AWS_PROXY",
    IntegrationUri: { "Fn::GetAtt": [name, "Arn"] },
    PayloadFormatVersion: "2.0",
    ...more,
  },
})
const route = (key: string, more: JsonObject = {}, to = "Echoed"): JsonObject => ({
  Type: "AWS::ApiGatewayV2::Route",
  Properties: { ApiId: { Ref: "Api" }, RouteKey: key, Target: { "Fn::Sub": `integrations/\${${to}}` }, ...more },
})
const guarded = { AuthorizationType: "CUSTOM", AuthorizerId: { Ref: "Guard" } }

const echo = `exports.handler = async event => {
  const { mode } = event.queryStringParameters ?? {}
  if (mode === "throw") throw new Error("broken")
  if (mode === "plain") return { said: "plain" }
  if (mode === "binary") return { statusCode: 200, isBase64Encoded: true, headers: { "content-type": "image/x" }, body: Buffer.from([1, 2, 255]).toString("base64") }
  if (mode === "odd") return { statusCode: "none" }
  return { statusCode: 201, cookies: ["a=1", "b=2"], headers: { "X-Made": "yes", "content-type": "application/json" }, body: JSON.stringify(event) }
}`
const guard = `let calls = 0
exports.handler = async event => {
  const [key] = event.identitySource
  if (key === "broken") throw new Error("broken")
  return { isAuthorized: key === "good", context: { who: key, calls: ++calls, arn: event.routeArn } }
}`

const resources: JsonObject = {
  Role: role,
  Echo: functionOf(echo),
  Slow: functionOf("exports.handler = () => new Promise(resolve => setTimeout(resolve, 5000))"),
  Refused: functionOf("exports.handler = async () => ({})"),
  GuardFunction: functionOf(guard),
  EchoAllowed: permission("Echo"),
  SlowAllowed: permission("Slow"),
  GuardAllowed: permission("GuardFunction"),
  Pool: { Type: "AWS::Cognito::UserPool", Properties: {} },
  Client: {
    Type: "AWS::Cognito::UserPoolClient",
    Properties: { UserPoolId: { Ref: "Pool" }, ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] },
  },
  Api: {
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      Name: "things",
      ProtocolType: "HTTP",
      CorsConfiguration: {
        AllowOrigins: ["https://app.example.org"],
        AllowMethods: ["GET", "POST"],
        AllowHeaders: ["X-Api-Key"],
        MaxAge: 60,
      },
    },
  },
  Default: {
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: { ApiId: { Ref: "Api" }, StageName: "$default", AutoDeploy: true, StageVariables: { color: "blue" } },
  },
  Beta: { Type: "AWS::ApiGatewayV2::Stage", Properties: { ApiId: { Ref: "Api" }, StageName: "beta" } },
  Echoed: integration("Echo"),
  Slowed: integration("Slow", { TimeoutInMillis: 100 }),
  Unallowed: integration("Refused"),
  Guard: {
    Type: "AWS::ApiGatewayV2::Authorizer",
    Properties: {
      ApiId: { Ref: "Api" },
      AuthorizerType: "REQUEST",
      AuthorizerUri: {
        "Fn::Sub": `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/\${GuardFunction.Arn}/invocations`,
      },
      AuthorizerPayloadFormatVersion: "2.0",
      EnableSimpleResponses: true,
      IdentitySource: ["$request.header.x-api-key"],
      AuthorizerResultTtlInSeconds: 0,
    },
  },
  Tokens: {
    Type: "AWS::ApiGatewayV2::Authorizer",
    Properties: {
      ApiId: { Ref: "Api" },
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: {
        Issuer: { "Fn::Sub": `https://cognito-idp.\${AWS::Region}.amazonaws.com/\${Pool}` },
        Audience: [{ Ref: "Client" }],
      },
    },
  },
  List: route("GET /things"),
  One: route("GET /things/{id}"),
  Special: route("GET /things/special"),
  Any: route("ANY /things/{id}"),
  Greedy: route("GET /files/{path+}"),
  Root: route("GET /"),
  Kept: route("GET /kept", guarded),
  Mine: route("GET /mine", { AuthorizationType: "JWT", AuthorizerId: { Ref: "Tokens" } }),
  Signed: route("GET /signed", { AuthorizationType: "AWS_IAM" }),
  Late: route("GET /late", {}, "Slowed"),
  Forbidden: route("GET /unallowed", {}, "Unallowed"),
}

const user = { email: "owner@example.com", password: "Passw0rd!x", groups: [] }
let running: RunningHost
beforeAll(async () => {
  running = await hostWith(resources, { region, demoUsers: [user] })
})
afterAll(() => running.stop())

const call = (path: string, init: RequestInit = {}) => fetch(`${running.url}${path}`, init)
interface Echoed {
  readonly routeKey: string
  readonly rawPath: string
  readonly pathParameters: Record<string, string>
  readonly body: string
  readonly isBase64Encoded: boolean
  readonly requestContext: {
    readonly stage: string
    readonly authorizer: {
      readonly lambda: { readonly calls: number }
      readonly jwt: { readonly claims: { email: string } }
    }
  }
}
const json = async (answer: Response) => (await answer.json()) as Echoed
const echoed = async (path: string, init: RequestInit = {}) => json(await call(path, init))

describe("an HTTP API", () => {
  test("hands a request on in payload format 2.0, and answers as the function says", async () => {
    const answer = await call("/things/a%20b?tag=1&tag=2", {
      method: "POST",
      headers: { "content-type": "application/json", "X-Own": "x" },
      body: '{"a":1}',
    })
    expect([answer.status, answer.headers.get("x-made"), answer.headers.getSetCookie()]).toEqual([
      201,
      "yes",
      ["a=1", "b=2"],
    ])
    expect(await answer.json()).toMatchObject({
      version: "2.0",
      routeKey: "ANY /things/{id}",
      rawPath: "/things/a b",
      rawQueryString: "tag=1&tag=2",
      queryStringParameters: { tag: "1,2" },
      pathParameters: { id: "a b" },
      stageVariables: { color: "blue" },
      headers: { "x-own": "x" },
      body: '{"a":1}',
      isBase64Encoded: false,
      requestContext: { stage: "$default", http: { method: "POST", path: "/things/a b" }, accountId: "123456789012" },
    })
  })

  test("prefers the fixed path to the variable, and the method to ANY", async () => {
    const keys = await Promise.all(
      [
        echoed("/things/special"),
        echoed("/things/7"),
        echoed("/things/7", { method: "PUT" }),
        echoed("/files/a/b/c"),
      ].map(async answer => (await answer).routeKey),
    )
    expect(keys).toEqual(["GET /things/special", "GET /things/{id}", "ANY /things/{id}", "GET /files/{path+}"])
    expect((await echoed("/files/a/b/c")).pathParameters).toEqual({ path: "a/b/c" })
  })

  test("has a route for its root, and none by a greedy variable without a value", async () => {
    const endpoint = `/_apis/${running.local.resources["app.Api"]}`
    expect((await echoed(`${endpoint}/`)).routeKey).toBe("GET /")
    expect((await call(`${endpoint}/files/`)).status).toBe(404)
  })

  test("is also found by its own path, its host name and the path of a stage", async () => {
    const endpoint = `/_apis/${running.local.resources["app.Api"]}`
    expect((await echoed(`${endpoint}/things/1`)).rawPath).toBe("/things/1")
    const beta = await echoed(`${endpoint}/beta/things/1`)
    expect([beta.rawPath, beta.routeKey, beta.requestContext.stage]).toEqual([
      "/beta/things/1",
      "GET /things/{id}",
      "beta",
    ])
    expect(running.local.restUrl).toBe(running.url)
  })

  test("knows no other route", async () => {
    const answer = await call(`/_apis/${running.local.resources["app.Api"]}/nothing`)
    expect([answer.status, await answer.json()]).toEqual([404, { message: "Not Found" }])
  })

  test("takes a result without a status as the body of a 200, and binary bodies in base64", async () => {
    const plain = await call("/things?mode=plain")
    expect([plain.status, await plain.json()]).toEqual([200, { said: "plain" }])
    const binary = await call("/things?mode=binary")
    expect([...new Uint8Array(await binary.arrayBuffer())]).toEqual([1, 2, 255])
    const sent = await echoed("/things/1", {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: new Uint8Array([1, 255]),
    })
    expect([sent.body, sent.isBase64Encoded]).toEqual(["Af8=", true])
  })

  test.each([
    ["/things?mode=throw", 500, "Internal Server Error"],
    ["/things?mode=odd", 500, "Internal Server Error"],
    ["/unallowed", 500, "Internal Server Error"],
    ["/late", 503, "Service Unavailable"],
  ])("answers %s with %i", async (path, status, message) => {
    const answer = await call(path)
    expect([answer.status, await answer.json()]).toEqual([status, { message }])
  })

  test("answers preflights of the origins that it names, and nobody else's", async () => {
    const preflight = (origin: string) =>
      call("/things", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "GET", "access-control-request-headers": "x-api-key" },
      })
    const allowed = await preflight("https://app.example.org")
    expect([allowed.status, Object.fromEntries(allowed.headers)]).toMatchObject([
      204,
      {
        "access-control-allow-origin": "https://app.example.org",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "x-api-key",
        "access-control-max-age": "60",
      },
    ])
    expect((await preflight("https://evil.example.org")).headers.get("access-control-allow-origin")).toBeNull()
  })
})

describe("a Lambda authorizer", () => {
  const kept = (key?: string) => call("/kept", key === undefined ? {} : { headers: { "X-API-KEY": key } })

  test("is not asked without its identity source", async () => {
    const answer = await kept()
    expect([answer.status, await answer.json()]).toEqual([401, { message: "Unauthorized" }])
  })

  test("refuses with 403, and breaks with 500", async () => {
    expect((await kept("bad")).status).toBe(403)
    expect((await kept("broken")).status).toBe(500)
  })

  test("hands its context on and, without a time to live, is asked each time", async () => {
    const context = async () => (await json(await kept("good"))).requestContext.authorizer.lambda
    const [first, second] = [await context(), await context()]
    expect(first).toMatchObject({
      who: "good",
      arn: `arn:aws:execute-api:${region}:123456789012:${running.local.resources["app.Api"]}/$default/GET/kept`,
    })
    expect(second.calls).toBe(first.calls + 1)
  })
})

describe("a JWT authorizer", () => {
  test("takes a token of the pool for the client, and no other", async () => {
    const token = await tokenOf(user.email, user.password, running.local)
    const mine = (authorization: string) => call("/mine", { headers: { authorization } })
    const { requestContext } = await json(await mine(`Bearer ${token}`))
    expect(requestContext.authorizer.jwt.claims.email).toBe(user.email)
    expect((await mine("Bearer forged")).status).toBe(401)
    expect((await call("/mine")).status).toBe(401)
  })
})

test("a route for signers refuses an unsigned request", async () => expect((await call("/signed")).status).toBe(403))
