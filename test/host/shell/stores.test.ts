import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { hostWith } from "./localHost.ts"

let running: RunningHost

beforeAll(async () => {
  running = await hostWith({
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "files" } },
    One: { Type: "AWS::SSM::Parameter", Properties: { Name: "/app/one", Type: "String", Value: "1" } },
    Secret: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "login", SecretString: '{"user":"ada"}' } },
    User: {
      Type: "AWS::SSM::Parameter",
      Properties: {
        Name: "/app/deep/user",
        Type: "String",
        Value: "{{resolve:secretsmanager:login:SecretString:user}}",
      },
    },
  })
})

afterAll(() => running.stop())

function call(service: string, path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`
  return fetch(running.url + path, {
    ...init,
    headers: { authorization, "x-amz-date": "20260101T000000Z", ...init.headers },
  })
}

describe("Parameter Store", () => {
  const ssm = async (operation: string, input: object) => {
    const headers = { "x-amz-target": `AmazonSSM.${operation}`, "content-type": "application/x-amz-json-1.1" }
    return JSON.parse(await (await call("ssm", "/", { method: "POST", headers, body: JSON.stringify(input) })).text())
  }

  test("holds the template's parameters, dynamic references resolved", async () =>
    expect((await ssm("GetParameter", { Name: "/app/deep/user" })).Parameter).toMatchObject({
      Value: "ada",
      Version: 1,
      ARN: "arn:aws:ssm:eu-west-1:123456789012:parameter/app/deep/user",
    }))

  test("lists by path, deeper ones on request", async () => {
    const names = async (input: object) =>
      (await ssm("GetParametersByPath", input)).Parameters.map(({ Name }: { Name: string }) => Name)
    expect(await names({ Path: "/app" })).toEqual(["/app/one"])
    expect(await names({ Path: "/app/", Recursive: true })).toEqual(["/app/deep/user", "/app/one"])
  })

  test("counts versions and overwrites only when asked to", async () => {
    expect((await ssm("PutParameter", { Name: "/app/one", Value: "2" })).__type).toBe("ParameterAlreadyExists")
    expect((await ssm("PutParameter", { Name: "/app/one", Value: "2", Overwrite: true })).Version).toBe(2)
    expect((await ssm("GetParameter", { Name: "/none" })).__type).toBe("ParameterNotFound")
  })
})

describe("S3", () => {
  const put = (key: string, body: string, headers = {}) => call("s3", `/files/${key}`, { method: "PUT", body, headers })

  test("gives back what was put, with its metadata", async () => {
    const { headers } = await put("a/b%20c.txt", "hello", { "content-type": "text/plain", "x-amz-meta-owner": "ada" })
    expect(headers.get("etag")).toBe('"5d41402abc4b2a76b9719d911017c592"')
    const got = await call("s3", "/files/a/b%20c.txt")
    expect([await got.text(), got.headers.get("content-type"), got.headers.get("x-amz-meta-owner")]).toEqual([
      "hello",
      "text/plain",
      "ada",
    ])
    const head = await call("s3", "/files/a/b%20c.txt", { method: "HEAD" })
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "5"])
  })

  test("takes chunk headers out of a streamed body", async () => {
    await put("chunked", "5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AA==\r\n\r\n", {
      "content-encoding": "aws-chunked",
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    })
    expect(await (await call("s3", "/files/chunked")).text()).toBe("hello!")
  })

  test("lists by prefix and folder, page by page", async () => {
    for (const key of ["l/1", "l/2", "l/x/3"]) await put(key, key)
    const page = async (query: string) => (await call("s3", `/files?list-type=2&${query}`)).text()
    const folders = await page("prefix=l/&delimiter=/")
    expect([...folders.matchAll(/<Key>(.*?)<\/Key>/g)].map(match => match[1])).toEqual(["l/1", "l/2"])
    expect(folders).toContain("<CommonPrefixes><Prefix>l/x/</Prefix></CommonPrefixes>")
    const first = await page("prefix=l/&max-keys=2")
    expect(first).toContain("<IsTruncated>true</IsTruncated><NextContinuationToken>l/2</NextContinuationToken>")
    expect(await page("prefix=l/&continuation-token=l/2")).toContain("<Key>l/x/3</Key>")
  })

  test("answers errors in S3's XML", async () => {
    await put("gone", "x")
    expect((await call("s3", "/files/gone", { method: "DELETE" })).status).toBe(204)
    const missing = await call("s3", "/files/gone")
    expect([missing.status, await missing.text()]).toEqual([
      404,
      expect.stringContaining("<Error><Code>NoSuchKey</Code>"),
    ])
    expect(await (await call("s3", "/nowhere/x")).text()).toContain("<Code>NoSuchBucket</Code>")
  })
})
