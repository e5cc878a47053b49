import { connect } from "node:net"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { hostWith } from "./localHost.ts"

let running: RunningHost

beforeAll(async () => {
  const api = { ApiId: { "Fn::GetAtt": ["Api", "ApiId"] } }
  running = await hostWith({
    Api: { Type: "AWS::AppSync::GraphQLApi", Properties: { Name: "a", AuthenticationType: "API_KEY" } },
    Key: { Type: "AWS::AppSync::ApiKey", Properties: { ...api, ApiKeyId: "da2-k" } },
    Schema: {
      Type: "AWS::AppSync::GraphQLSchema",
      Properties: { ...api, Definition: "type Query { a(x: Int): Query }" },
    },
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "pictures" } },
  })
})

afterAll(() => running.stop())

/** What comes back on a bare connection for these bytes, until the other side closes or is silent for a while. */
const answerTo = (bytes: string): Promise<string> =>
  new Promise(resolve => {
    const socket = connect(Number(new URL(running.url).port), "127.0.0.1", () => socket.write(bytes, "latin1"))
    let said = ""
    socket.setTimeout(3_000, () => socket.destroy())
    socket.on("data", data => {
      said += data
    })
    socket.on("error", () => {})
    socket.on("close", () => resolve(said))
  })

function request(line: string, headers: Record<string, string> = {}, body = ""): string {
  const all = { Host: "x", Connection: "close", "Content-Length": String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\n${lines.join("")}\r\n${body}`
}

const signedFor = (service: string): Record<string, string> => ({
  Authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=aa`,
  "X-Amz-Date": "20260101T000000Z",
})

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)

afterAll(async () => {
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
})

describe("the host survives and refuses", () => {
  const upgrade = { Upgrade: "websocket", Connection: "Upgrade" }
  test.each([
    ["a path that is no URL", request("GET //"), 400],
    ["an absolute URL that is none", request("GET http://["), 400],
    ["an upgrade of it", request("GET //", upgrade), 404],
    ["what is no HTTP", "garbage\r\n\r\n", 400],
    ["a length that is none", request("POST /graphql", { "Content-Length": "ten" }), 400],
    ["percent signs that encode nothing", request("GET /pictures/%zz", signedFor("s3")), 400],
    ["a signature without parts", request("POST /", { Authorization: "AWS4-HMAC-SHA256 nonsense" }), 403],
    ["no signature", request("POST /", { "X-Amz-Target": "DynamoDB_20120810.GetItem" }, "{}"), 403],
    ["a path out of a bucket", request("GET /pictures/../../etc/passwd", signedFor("s3")), 404],
  ])("%s", async (_, bytes, status) => expect(statusOf(await answerTo(bytes))).toBe(status))

  test("a frame that is none, on an open WebSocket", async () => {
    const credential = Buffer.from('{"host":"x","x-api-key":"da2-k"}').toString("base64url")
    const headers = {
      ...upgrade,
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Protocol": `graphql-ws, header-${credential}`,
    }
    expect(await answerTo(`${request("GET /graphql/realtime", headers)}\xff\xff\xff\xff`)).toContain("101 Switching")
  })
})

const targets: Record<string, string> = {
  dynamodb: "DynamoDB_20120810.PutItem",
  sqs: "AmazonSQS.SendMessage",
  events: "AWSEvents.PutEvents",
  secretsmanager: "secretsmanager.GetSecretValue",
  ssm: "AmazonSSM.GetParameter",
  kms: "TrentService.Encrypt",
  "cognito-idp": "AWSCognitoIdentityProviderService.InitiateAuth",
  "cognito-identity": "AWSCognitoIdentityService.GetId",
}

describe.each(Object.entries(targets))("%s", (service, target) => {
  const call = (operation: string, body: string) => {
    const headers = { "X-Amz-Target": operation, "Content-Type": "application/x-amz-json-1.0" }
    return answerTo(request("POST /", { ...signedFor(service), ...headers }, body))
  }

  test.each(["{", "\u0000\u0001", '{"a":'])("answers %j with a SerializationException", async body => {
    const answer = await call(target, body)
    expect(statusOf(answer)).toBe(400)
    expect(answer).toMatch(/x-amzn-errortype: SerializationException/i)
  })

  test("does not take a member of every object for an operation", async () => {
    const answer = await call(target.replace(/\..+/, ".constructor"), "{}")
    expect(statusOf(answer)).toBe(400)
    expect(answer).toContain("UnknownOperationException")
  })
})

describe("GraphQL", () => {
  const post = async (body: string, contentType = "application/json") => {
    const headers = { "x-api-key": "da2-k", "content-type": contentType }
    const response = await fetch(`${running.url}/graphql`, { method: "POST", headers, body })
    return { status: response.status, body: await response.json() }
  }

  test.each([
    "meow",
    "{}",
    "[]",
    "{}}",
    '{"query":5}',
  ])("%s cannot be parsed, whatever its content type", async body => {
    for (const contentType of ["application/json", "text/plain", "multipart/form-data"]) {
      expect(await post(body, contentType)).toEqual({
        status: 400,
        body: { errors: [{ message: "Unable to parse GraphQL query.", errorType: "MalformedHttpRequestException" }] },
      })
    }
  })

  test("refuses a document that is nested without end", async () => {
    const { status, body } = await post(JSON.stringify({ query: "{a".repeat(4000) + "}".repeat(4000) }))
    expect(status).toBe(200)
    expect(body).toMatchObject({ data: null, errors: [{ message: expect.stringContaining("Invalid Syntax") }] })
  })
})
