import { Sha256 } from "@aws-crypto/sha256-js"
import { SignatureV4 } from "@smithy/signature-v4"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, hostWith, roleWith } from "./localHost.ts"

let running: RunningHost

beforeAll(async () => {
  running = await hostWith({
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "files" } },
    Uploader: roleWith({
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetObject"],
      Resource: { "Fn::Join": ["", [{ "Fn::GetAtt": ["Bucket", "Arn"] }, "/*"]] },
    }),
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

  test("describes by name and path, gives a version, and deletes several", async () => {
    for (const Name of ["/many/a", "/many/deep/b"]) await ssm("PutParameter", { Name, Value: "v", Type: "String" })
    const described = async (...ParameterFilters: object[]) =>
      (await ssm("DescribeParameters", { ParameterFilters })).Parameters.map(({ Name }: { Name: string }) => Name)
    expect(await described({ Key: "Path", Values: ["/many"] })).toEqual(["/many/a"])
    expect(await described({ Key: "Path", Option: "Recursive", Values: ["/many"] })).toHaveLength(2)
    expect(await described({ Key: "Name", Option: "BeginsWith", Values: ["/many/d"] })).toEqual(["/many/deep/b"])
    expect((await ssm("GetParameter", { Name: "/many/a:1" })).Parameter).toMatchObject({ Name: "/many/a", Value: "v" })
    expect(await ssm("GetParameter", { Name: "/many/a:2" })).toMatchObject({ __type: "ParameterVersionNotFound" })
    expect(await ssm("DeleteParameters", { Names: ["/many/a", "/many/deep/b", "/many/c"] })).toEqual({
      DeletedParameters: ["/many/a", "/many/deep/b"],
      InvalidParameters: ["/many/c"],
    })
    expect(await described({ Key: "Type", Values: ["String"] })).not.toContain("/many/a")
  })

  test("counts versions and overwrites only when asked to", async () => {
    expect((await ssm("PutParameter", { Name: "/app/one", Value: "2" })).__type).toBe("ParameterAlreadyExists")
    expect((await ssm("PutParameter", { Name: "/app/one", Value: "2", Overwrite: true })).Version).toBe(2)
    expect((await ssm("GetParameter", { Name: "/none" })).__type).toBe("ParameterNotFound")
  })
})

describe("SES version 1", () => {
  const send = async (fields: Record<string, string>) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" }
    const body = String(new URLSearchParams(fields))
    const answer = await (await call("ses", "/", { method: "POST", headers, body })).text()
    const { messages } = JSON.parse(await (await fetch(`${running.url}/_host/mail`)).text())
    return { id: /<MessageId>(.+?)</.exec(answer)?.[1], mail: messages.at(-1) }
  }

  test("delivers a formatted mail into the mailbox", async () => {
    const { id, mail } = await send({
      Action: "SendEmail",
      Source: "me@example.org",
      "Destination.ToAddresses.member.1": "a@example.org",
      "Destination.CcAddresses.member.1": "b@example.org",
      "Message.Subject.Data": "Hello",
      "Message.Body.Text.Data": "there",
    })
    const parts = { from: "me@example.org", to: ["a@example.org", "b@example.org"], subject: "Hello", text: "there" }
    expect(mail).toMatchObject({ ...parts, messageId: id })
  })

  test("delivers a raw mail", async () => {
    const raw = "From: me@example.org\r\nTo: a@example.org\r\nSubject: Raw\r\n\r\nbody"
    const { mail } = await send({ Action: "SendRawEmail", "RawMessage.Data": Buffer.from(raw).toString("base64") })
    expect(mail).toMatchObject({ from: "me@example.org", to: ["a@example.org"], subject: "Raw", text: "body" })
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

  test("gives a part of an object on request", async () => {
    await put("range", "0123456789")
    const part = async (range: string) => (await call("s3", "/files/range", { headers: { range } })).text()
    expect(await Promise.all(["bytes=2-4", "bytes=7-", "bytes=-2"].map(part))).toEqual(["234", "789", "89"])
    const beyond = await call("s3", "/files/range", { headers: { range: "bytes=20-30" } })
    expect([beyond.status, await beyond.text()]).toEqual([416, expect.stringContaining("<Code>InvalidRange</Code>")])
  })

  test("puts the parts of an upload together, in order, and refuses a part that it does not have", async () => {
    const created = await (await call("s3", "/files/big?uploads=", { method: "POST" })).text()
    const id = /<UploadId>(\w+)</.exec(created)?.[1]
    const five = "a".repeat(5 * 1024 * 1024)
    const part = (number: number, body: string) =>
      call("s3", `/files/big?partNumber=${number}&uploadId=${id}`, { method: "PUT", body })
    const [second, first] = [await part(2, "end"), await part(1, five)].map(({ headers }) => headers.get("etag"))
    const complete = async (...etags: (string | null | undefined)[]) => {
      const parts = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
      const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`
      return (await call("s3", `/files/big?uploadId=${id}`, { method: "POST", body })).text()
    }
    expect(await complete(first, '"00"')).toContain("<Code>InvalidPart</Code>")
    expect(await complete(first, second)).toMatch(/<ETag>&#34;[0-9a-f]{32}-2&#34;<\/ETag>/)
    const got = await (await call("s3", "/files/big")).text()
    expect([got.length, got.slice(-4)]).toEqual([five.length + 3, "aend"])
    expect(await complete(first, second)).toContain("<Code>NoSuchUpload</Code>")
  })

  test("lets a signed URL of a role put and get, and refuses a changed one", async () => {
    const { credentials, region } = clientOf(running, "Uploader")
    const signer = new SignatureV4({ service: "s3", region, credentials, sha256: Sha256, uriEscapePath: false })
    const { host } = new URL(running.url)
    const unsigned = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }
    const presigned = async (method: string, path: string) => {
      const request = { method, protocol: "http:", hostname: "127.0.0.1", path, headers: { host, ...unsigned } }
      const { query = {} } = await signer.presign(request, { expiresIn: 60 })
      const parameters = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
      return `${running.url}${path}?${new URLSearchParams(parameters)}`
    }
    expect((await fetch(await presigned("PUT", "/files/signed"), { method: "PUT", body: "by link" })).status).toBe(200)
    expect(await (await fetch(await presigned("GET", "/files/signed"))).text()).toBe("by link")
    const other = (await presigned("GET", "/files/signed")).replace("/signed?", "/other?")
    expect(await (await fetch(other)).text()).toContain("<Code>SignatureDoesNotMatch</Code>")
    const denied = await fetch(await presigned("DELETE", "/files/signed"), { method: "DELETE" })
    expect([denied.status, await denied.text()]).toEqual([403, expect.stringContaining("<Code>AccessDenied</Code>")])
  })

  test("deletes several objects, and lists the buckets", async () => {
    for (const key of ["d/1", "d/&2"]) await put(encodeURIComponent(key), key)
    const body = "<Delete><Object><Key>d/1</Key></Object><Object><Key>d/&amp;2</Key></Object></Delete>"
    const deleted = await (await call("s3", "/files?delete=", { method: "POST", body })).text()
    expect([...deleted.matchAll(/<Key>(.*?)<\/Key>/g)].map(match => match[1])).toEqual(["d/1", "d/&#38;2"])
    expect(await (await call("s3", "/files?prefix=d/")).text()).toContain("<KeyCount>0</KeyCount>")
    expect(await (await call("s3", "/")).text()).toContain("<Buckets><Bucket><Name>files</Name></Bucket></Buckets>")
  })

  test("makes and deletes buckets by calls, empty ones only", async () => {
    const text = async (path: string, method: string, body?: string) =>
      (await call("s3", path, { method, ...(body && { body }) })).text()
    expect((await call("s3", "/made", { method: "PUT" })).headers.get("location")).toBe("/made")
    expect(await text("/made", "PUT")).toContain("<Code>BucketAlreadyOwnedByYou</Code>")
    expect(await text("/No_Name", "PUT")).toContain("<Code>InvalidBucketName</Code>")
    await call("s3", "/made/x", { method: "PUT", body: "x" })
    expect(await text("/made", "DELETE")).toContain("<Code>BucketNotEmpty</Code>")
    await call("s3", "/made/x", { method: "DELETE" })
    expect((await call("s3", "/made", { method: "DELETE" })).status).toBe(204)
    expect((await call("s3", "/made", { method: "HEAD" })).status).toBe(404)
  })

  test("takes no call about tags and the like for one of the object", async () => {
    await put("tagged", "kept")
    const tags = await call("s3", "/files/tagged?tagging", { method: "PUT", body: "<Tagging/>" })
    expect([tags.status, await tags.text()]).toEqual([501, expect.stringContaining("<Code>NotImplemented</Code>")])
    expect(await (await call("s3", "/files/tagged")).text()).toBe("kept")
    expect(await (await call("s3", "/files?versioning")).text()).toContain("<VersioningConfiguration xmlns=")
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

test("a refusal is 403 where the protocol is REST or query, 400 where it is AWS JSON", async () => {
  const refused = async (service: string, path: string, headers: Record<string, string>, body?: string) => {
    const { credentials, region } = clientOf(running, "Uploader")
    const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 })
    const { host } = new URL(running.url)
    const method = body === undefined ? "GET" : "POST"
    const request = { method, protocol: "http:", hostname: "127.0.0.1", path, headers: { host, ...headers } }
    const signed = await signer.sign({ ...request, ...(body !== undefined && { body }) })
    const init = { method, headers: signed.headers, ...(body !== undefined && { body }) }
    const { status, text } = await fetch(running.url + path, init).then(async answer => ({
      status: answer.status,
      text: await answer.text(),
    }))
    return { status, code: /<Code>(\w+)|"__type":"(\w+)"/.exec(text)?.slice(1).find(Boolean) }
  }
  const form = { "content-type": "application/x-www-form-urlencoded" }
  const target = { "x-amz-target": "AmazonSSM.GetParameter", "content-type": "application/x-amz-json-1.1" }
  expect(await refused("ses", "/", form, "Action=SendEmail&Source=a%40b.c")).toEqual({
    status: 403,
    code: "AccessDenied",
  })
  expect(await refused("ssm", "/", target, '{"Name":"/app/one"}')).toEqual({
    status: 400,
    code: "AccessDeniedException",
  })
  expect((await refused("scheduler", "/schedules", {})).status).toBe(403)
})

test("an error of SQS names the code of its older protocol in a header", async () => {
  const headers = { "x-amz-target": "AmazonSQS.GetQueueUrl", "content-type": "application/x-amz-json-1.0" }
  const answer = await call("sqs", "/", { method: "POST", headers, body: '{"QueueName":"nowhere"}' })
  expect(JSON.parse(await answer.text()).__type).toContain("QueueDoesNotExist")
  expect(answer.headers.get("x-amzn-query-error")).toBe("AWS.SimpleQueueService.NonExistentQueue;Sender")
})
