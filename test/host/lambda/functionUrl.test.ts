import { Sha256 } from "@aws-crypto/sha256-js"
import { SignatureV4 } from "@smithy/signature-v4"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, hostWith, roleWith } from "../shell/localHost.ts"

let running: RunningHost
const code = `exports.handler = async event => {
  if (event.rawPath === "/fail") throw new Error("no")
  if (event.rawPath === "/plain") return { hello: "world" }
  if (event.rawPath === "/bytes") return { statusCode: 201, isBase64Encoded: true, body: "aGk=", headers: { "X-A": "1" }, cookies: ["a=1", "b=2"] }
  return { statusCode: 200, body: JSON.stringify(event) }
}`

beforeAll(async () => {
  const fn = (name: string, authType: string, permission: JsonObject): JsonObject => ({
    [`${name}Role`]: roleWith(),
    [name]: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Handler: "index.handler",
        Runtime: "nodejs22.x",
        Role: { "Fn::GetAtt": [`${name}Role`, "Arn"] },
        Code: { ZipFile: code },
      },
    },
    [`${name}Url`]: {
      Type: "AWS::Lambda::Url",
      Properties: { TargetFunctionArn: { "Fn::GetAtt": [name, "Arn"] }, AuthType: authType },
    },
    ...permission,
  })
  const open = {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunctionUrl",
      FunctionName: { "Fn::GetAtt": ["Open", "Arn"] },
      Principal: "*",
      FunctionUrlAuthType: "NONE",
    },
  }
  const mayCall = {
    Effect: "Allow",
    Action: "lambda:InvokeFunctionUrl",
    Resource: { "Fn::GetAtt": ["Signed", "Arn"] },
    Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } },
  }
  const folder = await hostWith({
    ...fn("Open", "NONE", { OpenPermission: open }),
    ...fn("Closed", "NONE", {}),
    ...fn("Signed", "AWS_IAM", {}),
    Caller: roleWith(mayCall),
    Stranger: roleWith(),
    Urls: {
      Type: "AWS::SSM::Parameter",
      Properties: {
        Name: "urls",
        Type: "String",
        Value: {
          "Fn::ToJsonString": Object.fromEntries(
            ["Open", "Closed", "Signed"].map(name => [name, { "Fn::GetAtt": [`${name}Url`, "FunctionUrl"] }]),
          ),
        },
      },
    },
  })
  running = folder
})

afterAll(() => running.stop())

async function urlOf(name: string): Promise<string> {
  const authorization =
    "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/ssm/aws4_request, SignedHeaders=host, Signature=00"
  const headers = {
    authorization,
    "x-amz-date": "20260101T000000Z",
    "x-amz-target": "AmazonSSM.GetParameter",
    "content-type": "application/x-amz-json-1.1",
  }
  const answer = await fetch(running.url, { method: "POST", headers, body: JSON.stringify({ Name: "urls" }) })
  const { Parameter } = JSON.parse(await answer.text())
  return JSON.parse(Parameter.Value)[name]
}

test("invokes the function with an event of version 2.0 and answers its response", async () => {
  const url = await urlOf("Open")
  const headers = { cookie: "a=1; b=2", "x-one": "1", "content-type": "application/json" }
  const answer = await fetch(`${url}deep/path?q=1&q=2&r=`, { method: "POST", headers, body: '{"x":1}' })
  const event = JSON.parse(await answer.text())
  expect(event).toMatchObject({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/deep/path",
    rawQueryString: "q=1&q=2&r=",
    cookies: ["a=1", "b=2"],
    headers: { "x-one": "1" },
    queryStringParameters: { q: "1,2", r: "" },
    requestContext: { accountId: "anonymous", stage: "$default", http: { method: "POST", path: "/deep/path" } },
    body: '{"x":1}',
    isBase64Encoded: false,
  })
  expect(event.requestContext.time).toMatch(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
  const binary = await fetch(url, { method: "POST", headers: { "content-type": "image/png" }, body: "hi" })
  expect(JSON.parse(await binary.text())).toMatchObject({ body: "aGk=", isBase64Encoded: true })
})

test("takes a result without a status for the JSON body, decodes base64, sets cookies and answers 502 for an error", async () => {
  const url = await urlOf("Open")
  const plain = await fetch(`${url}plain`)
  expect([plain.status, plain.headers.get("content-type"), await plain.json()]).toEqual([
    200,
    "application/json",
    { hello: "world" },
  ])
  const bytes = await fetch(`${url}bytes`)
  expect([bytes.status, bytes.headers.get("x-a"), bytes.headers.getSetCookie(), await bytes.text()]).toEqual([
    201,
    "1",
    ["a=1", "b=2"],
    "hi",
  ])
  expect((await fetch(`${url}fail`)).status).toBe(502)
})

test("is closed without a permission, whoever may call it", async () => {
  const answer = await fetch(await urlOf("Closed"))
  expect([answer.status, await answer.json()]).toEqual([
    403,
    { Message: expect.stringMatching(/^Forbidden\. For troubleshooting Function URL authorization issues/) },
  ])
})

test("with AWS_IAM takes the signature of a role that may", async () => {
  const url = new URL(await urlOf("Signed"))
  const call = async (role: string) => {
    const { credentials, region } = clientOf(running, role)
    const signer = new SignatureV4({ service: "lambda", region, credentials, sha256: Sha256 })
    const request = { method: "GET", protocol: "http:", hostname: url.hostname, path: url.pathname }
    const { headers } = await signer.sign({ ...request, headers: { host: url.host } })
    return fetch(url, { headers })
  }
  const allowed = await call("Caller")
  expect(allowed.status).toBe(200)
  expect(JSON.parse(await allowed.text()).requestContext).toMatchObject({
    accountId: "123456789012",
    authorizer: { iam: { userArn: expect.stringContaining(":assumed-role/") } },
  })
  expect((await call("Stranger")).status).toBe(403)
  expect((await fetch(url)).status).toBe(403)
})
