import { request } from "node:http"
import { Duration } from "aws-cdk-lib"
import { LambdaIntegration, LambdaRestApi, RestApi } from "aws-cdk-lib/aws-apigateway"
import { CfnPermission } from "aws-cdk-lib/aws-lambda"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { answerOf, functionWith, hostOf, region, synthTimeoutMs } from "./restApps.ts"

const echo = `exports.handler = async event => {
  const { mode } = event.queryStringParameters ?? {}
  if (mode === "throw") throw new Error("broken")
  if (mode === "object") return { statusCode: 200, body: { a: 1 } }
  if (mode === "unknown") return { statusCode: 200, body: "", cookies: ["a=1"] }
  if (mode === "empty") return {}
  if (mode === "text") return "text"
  if (mode === "header") return { statusCode: 200, headers: { "x-broken": "a\\nb" } }
  if (mode === "binary") return { statusCode: 200, isBase64Encoded: true, headers: { "content-type": "image/x" }, body: Buffer.from([1, 2, 255]).toString("base64") }
  return {
    statusCode: 201,
    headers: { "X-Made": "yes", "X-Number": 7, Date: "today" },
    multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
    body: JSON.stringify(event),
  }
}`
const caller = `exports.handler = async event => {
  const url = "https://" + event.requestContext.domainName + "/prod/things"
  const { status } = await fetch(url)
  const byHttps = await new Promise((resolve, reject) => {
    require("https").get(url, answer => { answer.resume(); resolve(answer.statusCode) }).on("error", reject)
  })
  return { body: JSON.stringify([status, byHttps]) }
}`

const slow = "exports.handler = () => new Promise(resolve => setTimeout(resolve, 5000))"

const lines: string[] = []
let running: RunningHost
let id: string
beforeAll(async () => {
  running = await hostOf(
    stack => {
      const echoed = new LambdaIntegration(functionWith(stack, "Echo", echo))
      const api = new RestApi(stack, "Api", {
        binaryMediaTypes: ["image/*"],
        deployOptions: { variables: { color: "blue" } },
      })
      api.root.addMethod("GET", echoed)
      const things = api.root.addResource("things")
      things.addMethod("GET", echoed)
      things.addMethod("POST", echoed)
      things.addResource("special").addMethod("GET", echoed)
      const one = things.addResource("{id}")
      one.addMethod("GET", echoed)
      one.addMethod("ANY", echoed)
      api.root.addResource("files").addResource("{path+}").addMethod("ANY", echoed)
      api.root
        .addResource("late")
        .addMethod("GET", new LambdaIntegration(functionWith(stack, "Slow", slow), { timeout: Duration.millis(100) }))
      api.root.addResource("calling").addMethod("GET", new LambdaIntegration(functionWith(stack, "Caller", caller)))
      const refused = api.root.addResource("refused")
      refused.addMethod(
        "GET",
        new LambdaIntegration(functionWith(stack, "Refused", "exports.handler = async () => ({})")),
      )
      for (const child of stack.node.findAll())
        if (child instanceof CfnPermission && child.node.path.includes("refused"))
          child.sourceArn = `arn:aws:execute-api:${region}:123456789012:other/*`
      new LambdaRestApi(stack, "Whole", { handler: functionWith(stack, "Handler", echo) })
    },
    { strict: true, print: line => lines.push(line) },
  )
  id = running.local.restUrl?.split("/")[4] ?? ""
}, synthTimeoutMs)
afterAll(() => running.stop())

const call = (path: string, init: RequestInit = {}) => fetch(`${running.local.restUrl}${path}`, init)
const echoed = async (path: string, init: RequestInit = {}) => JSON.parse(await (await call(path, init)).text())

describe("a REST API", () => {
  test("hands a request on in payload format 1.0, and answers as the function says", async () => {
    const answer = await call("/things/a%20b%2Fc?tag=1&tag=2&q=%C3%A9", {
      method: "POST",
      headers: { "content-type": "application/json", "X-Own": "x" },
      body: '{"a":1}',
    })
    expect([answer.status, answer.headers.get("x-made"), answer.headers.getSetCookie()]).toEqual([
      201,
      "yes",
      ["a=1", "b=2"],
    ])
    expect([answer.headers.get("x-number"), answer.headers.get("x-amzn-remapped-date")]).toEqual(["7", "today"])
    expect(answer.headers.get("content-type")).toBe("application/json")
    const event = JSON.parse(await answer.text())
    expect(event).toMatchObject({
      resource: "/things/{id}",
      path: "/things/a%20b%2Fc",
      httpMethod: "POST",
      headers: { "X-Own": "x", Host: `${id}.execute-api.${region}.amazonaws.com`, "X-Forwarded-Proto": "https" },
      multiValueHeaders: { "X-Own": ["x"] },
      queryStringParameters: { tag: "2", q: "é" },
      multiValueQueryStringParameters: { tag: ["1", "2"], q: ["é"] },
      pathParameters: { id: "a%20b%2Fc" },
      stageVariables: { color: "blue" },
      body: '{"a":1}',
      isBase64Encoded: false,
      requestContext: {
        resourcePath: "/things/{id}",
        httpMethod: "POST",
        path: "/prod/things/a%20b%2Fc",
        accountId: "123456789012",
        protocol: "HTTP/1.1",
        stage: "prod",
        domainPrefix: id,
        domainName: `${id}.execute-api.${region}.amazonaws.com`,
        apiId: id,
        requestId: answer.headers.get("x-amzn-requestid"),
        identity: { sourceIp: "127.0.0.1", userAgent: "node", userArn: null, cognitoIdentityId: null },
      },
    })
    expect(event.requestContext.requestTime).toMatch(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
    expect(event.requestContext.requestTimeEpoch).toBeGreaterThan(1_600_000_000_000)
  })

  test("says null where there are no parameters and no body", async () => {
    expect(await echoed("/things")).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
    })
  })

  test("prefers the fixed path to the parameter, that to the greedy one, and the method to ANY", async () => {
    const resources = await Promise.all(
      ["", "/things/special", "/things/7", "/things/7/", "/files/a/b/c"].map(async path => {
        const { resource, path: received, pathParameters } = await echoed(path)
        return [resource, received, pathParameters]
      }),
    )
    expect(resources).toEqual([
      ["/", "/", null],
      ["/things/special", "/things/special", null],
      ["/things/{id}", "/things/7", { id: "7" }],
      ["/things/{id}", "/things/7/", { id: "7" }],
      ["/files/{path+}", "/files/a/b/c", { path: "a/b/c" }],
    ])
    expect((await echoed("/things/7", { method: "DELETE" })).httpMethod).toBe("DELETE")
  })

  test("is also found by its host name, and by functions at its address", async () => {
    const status = await new Promise(resolve => {
      const headers = { host: `${id}.execute-api.${region}.amazonaws.com` }
      request(`${running.url}/prod/things`, { headers }, answer => resolve(answer.resume().statusCode)).end()
    })
    expect(status).toBe(201)
    expect(await answerOf(call("/calling"))).toEqual([200, [201, 201]])
  })

  test.each([
    [
      "an unknown path",
      "/nothing",
      "GET",
      403,
      "MissingAuthenticationTokenException",
      '{"message":"Missing Authentication Token"}',
    ],
    [
      "a method that a resource has not",
      "/things",
      "PUT",
      403,
      "MissingAuthenticationTokenException",
      '{"message":"Missing Authentication Token"}',
    ],
    [
      "a greedy path without a rest",
      "/files",
      "GET",
      403,
      "MissingAuthenticationTokenException",
      '{"message":"Missing Authentication Token"}',
    ],
    [
      "a function that fails",
      "/things?mode=throw",
      "GET",
      502,
      "InternalServerErrorException",
      '{"message": "Internal server error"}',
    ],
    [
      "a body that is no text",
      "/things?mode=object",
      "GET",
      502,
      "InternalServerErrorException",
      '{"message": "Internal server error"}',
    ],
    [
      "an answer with members of another format",
      "/things?mode=unknown",
      "GET",
      502,
      "InternalServerErrorException",
      '{"message": "Internal server error"}',
    ],
    [
      "a header that HTTP cannot carry",
      "/things?mode=header",
      "GET",
      502,
      "InternalServerErrorException",
      '{"message": "Internal server error"}',
    ],
    [
      "an answer that is no object",
      "/things?mode=text",
      "GET",
      502,
      "InternalServerErrorException",
      '{"message": "Internal server error"}',
    ],
    [
      "a function that does not let the API in",
      "/refused",
      "GET",
      500,
      "InternalServerErrorException",
      '{"message": "Internal server error"}',
    ],
    [
      "a function that takes too long",
      "/late",
      "GET",
      504,
      "InternalServerErrorException",
      '{"message": "Endpoint request timed out"}',
    ],
  ])("answers %s as AWS does", async (_, path, method, status, errorType, body) => {
    const answer = await call(path, { method })
    expect([answer.status, answer.headers.get("x-amzn-errortype"), await answer.text()]).toEqual([
      status,
      errorType,
      body,
    ])
    expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/)
  })

  test("takes bodies up to 10 MB", async () => {
    const answer = await call("/things", { method: "POST", body: "x".repeat(10 * 1024 * 1024 + 1) })
    expect(await answerOf(answer)).toEqual([413, { message: "HTTP content length exceeded 10485760 bytes." }])
  })

  test("tells the developer where it is, and why the API refused", async () => {
    await call("/things?mode=unknown")
    expect(lines.join("\n")).toContain(`REST API Api: ${running.local.restUrl}`)
    expect(lines.join("\n")).toContain(
      'GET /things: the answer is malformed: {"statusCode":200,"body":"","cookies":["a=1"]}',
    )
  })

  test("forbids a stage that it has not", async () => {
    const answer = await fetch(`${running.url}/_apis/${id}/beta/things`)
    expect([answer.headers.get("x-amzn-errortype"), ...(await answerOf(answer))]).toEqual([
      "ForbiddenException",
      403,
      { message: "Forbidden" },
    ])
  })

  test("takes an empty answer for a 200", async () => {
    const answer = await call("/things?mode=empty")
    expect([answer.status, await answer.text()]).toEqual([200, ""])
  })

  test("carries binary bodies in base64 for the types that the API names", async () => {
    const body = new Uint8Array([1, 255])
    const sent = async (type: string) => {
      const event = await echoed("/things/1", { method: "PUT", headers: { "content-type": type }, body })
      return [event.body, event.isBase64Encoded]
    }
    expect(await sent("image/png")).toEqual(["Af8=", true])
    expect((await sent("application/octet-stream"))[1]).toBe(false)
    const bytes = await call("/things?mode=binary", { headers: { accept: "image/x" } })
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([1, 2, 255])
    expect(await (await call("/things?mode=binary")).text()).toBe("AQL/")
  })

  test("leaves CORS to the app", async () => {
    const answer = await call("/things", { headers: { origin: "https://elsewhere.example.org" } })
    expect(answer.headers.get("access-control-allow-origin")).toBeNull()
  })

  test("stands behind LambdaRestApi, its root as all paths below", async () => {
    const whole = Object.entries(running.local.resources).find(([name]) => /^app\.Whole[0-9A-F]{8}$/.test(name))?.[1]
    const event = async (path: string) => (await fetch(`${running.url}/_apis/${whole}/prod${path}`)).json()
    expect(await event("/")).toMatchObject({ resource: "/", path: "/" })
    expect(await event("/a/b")).toMatchObject({ resource: "/{proxy+}", pathParameters: { proxy: "a/b" } })
  })
})
