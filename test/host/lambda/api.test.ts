import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { AwsReply, JsonObject, Principal } from "../../../src/host/host.ts"
import { eventually, type LambdaHost, startLambdaHost } from "./lambdaHost.ts"

const root: Principal = { kind: "root", arn: "arn:aws:iam::123456789012:root" }
const worker: Principal = {
  kind: "role",
  arn: "arn:aws:sts::123456789012:assumed-role/worker/x",
  roleName: "worker",
  sessionName: "x",
}
const code = {
  "index.js":
    "exports.handler = async event => { console.log('hello'); if (event.fail) throw new Error('no'); return event }",
}

let lambda: LambdaHost
let arn: string
beforeAll(async () => {
  lambda = await startLambdaHost({ statements: [] })
  arn = await lambda.deploy("echo", code)
  await lambda.service.start?.()
})
afterAll(() => lambda.stop())

let requests = 0
const call = async (
  method: string,
  path: string,
  body?: JsonObject,
  headers = {},
  principal: Principal = root,
): Promise<AwsReply> => {
  const [pathname = "", query] = path.split("?")
  const reply = await lambda.service.handle?.({
    service: "lambda",
    operation: undefined,
    method,
    path: pathname,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
    principal,
    requestId: `request-${++requests}`,
  })
  if (reply === undefined) throw new Error("no reply")
  return reply
}
const invocations = "/2015-03-31/functions/echo/invocations"

describe("the Lambda API", () => {
  test("invokes a function and gives the tail of its log", async () => {
    const reply = await call("POST", invocations, { a: 1 }, { "x-amz-log-type": "Tail" })
    expect(reply).toMatchObject({ status: 200, body: '{"a":1}', headers: { "X-Amz-Executed-Version": "$LATEST" } })
    expect(Buffer.from(reply.headers?.["X-Amz-Log-Result"] ?? "", "base64").toString()).toContain("hello")
  })

  test("tells a function's error in a header", async () => {
    const reply = await call("POST", invocations, { fail: true })
    expect(reply).toMatchObject({ status: 200, headers: { "X-Amz-Function-Error": "Unhandled" } })
  })

  test("accepts an event", async () => {
    const before = lambda.lines.length
    expect(await call("POST", invocations, { a: 1 }, { "x-amz-invocation-type": "Event" })).toMatchObject({
      status: 202,
    })
    await eventually(() => lambda.lines.length > before)
  })

  test("checks without running", async () => {
    expect(await call("POST", invocations, {}, { "x-amz-invocation-type": "DryRun" })).toMatchObject({ status: 204 })
  })

  test("finds a function by name and by ARN, and lists all", async () => {
    expect((await call("GET", `/2015-03-31/functions/${encodeURIComponent(arn)}/configuration`)).body).toMatchObject({
      FunctionArn: arn,
    })
    expect((await call("GET", "/2015-03-31/functions/echo")).body).toMatchObject({
      Configuration: { Runtime: "nodejs22.x" },
    })
    expect((await call("GET", "/2015-03-31/functions/")).body).toMatchObject({ Functions: [{ FunctionName: "echo" }] })
    await expect(call("GET", "/2015-03-31/functions/other")).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      status: 404,
    })
  })

  test("knows versions and aliases", async () => {
    const version = await lambda.create("AWS::Lambda::Version", { FunctionName: "echo" })
    expect(version.ref).toBe(`${arn}:1`)
    const alias = await lambda.create("AWS::Lambda::Alias", {
      FunctionName: "echo",
      Name: "live",
      FunctionVersion: "1",
    })
    expect(await lambda.service.invoke(alias.ref, { a: 1 }, {})).toMatchObject({ payload: { a: 1 } })
    expect(lambda.service.exists(`${arn}:other`)).toBe(false)
  })
})

describe("an invocation", () => {
  const rule = "arn:aws:events:eu-west-1:123456789012:rule/r"

  test("by a service needs a permission of the function, for the source that it names", async () => {
    const by = { service: "events.amazonaws.com", sourceArn: rule }
    await expect(lambda.service.invokeAsync(arn, {}, by)).rejects.toMatchObject({ code: "AccessDeniedException" })
    const permission = {
      FunctionName: arn,
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: rule,
    }
    await lambda.create("AWS::Lambda::Permission", permission)
    expect(await lambda.service.invoke(arn, {}, by)).toMatchObject({ payload: {} })
    await expect(lambda.service.invoke(arn, {}, { ...by, sourceArn: `${rule}2` })).rejects.toMatchObject({
      status: 403,
    })
  })

  test("by a role needs a policy of the role", async () => {
    await expect(call("POST", invocations, {}, {}, worker)).rejects.toMatchObject({ code: "AccessDeniedException" })
    const statement = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: arn }
    await lambda.create("AWS::IAM::Policy", {
      PolicyName: "p",
      Roles: ["worker"],
      PolicyDocument: { Statement: [statement] },
    })
    expect(await call("POST", invocations, {}, {}, worker)).toMatchObject({ status: 200 })
  })
})
