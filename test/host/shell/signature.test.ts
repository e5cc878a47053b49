import { Sha256 } from "@aws-crypto/sha256-js"
import { SignatureV4 } from "@smithy/signature-v4"
import { describe, expect, test } from "vitest"
import { checkSignature, readSignature } from "../../../src/host/iam/signature.ts"
import { cpuMsOf } from "../../cpuTime.ts"

const credentials = { accessKeyId: "ASIAX", secretAccessKey: "secret", sessionToken: "token" }
const now = new Date("2026-01-02T03:04:05Z")

function signer(service: string) {
  return new SignatureV4({ service, region: "eu-west-1", sha256: Sha256, credentials, uriEscapePath: service !== "s3" })
}

interface Sent {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body?: string
}

function check(sent: Sent, secret = credentials.secretAccessKey) {
  const request = { ...sent, query: new URLSearchParams(sent.query), body: sent.body ?? "" }
  checkSignature(request, readSignature(request), secret)
}

const request = (changes: Partial<Sent> = {}): Sent => ({
  method: "POST",
  path: "/",
  query: {},
  headers: { host: "h:4000" },
  body: "{}",
  ...changes,
})

function pairs(query: object | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]))
}

async function signed(service: string, sent: Sent): Promise<Sent> {
  const result = await signer(service).sign({ ...sent, protocol: "http:", hostname: "h" }, { signingDate: now })
  return { ...sent, headers: result.headers }
}

describe("a signature", () => {
  test.each([
    ["a plain call", "kms", request()],
    ["a header with spaces", "kms", request({ headers: { host: "h", "x-amz-meta": "  a   b " } })],
    [
      "a path with escapes",
      "lambda",
      request({ path: "/2015-03-31/functions/arn%3Aaws%3Alambda/invocations", body: "" }),
    ],
    ["a path with a slash at the end", "appsync", request({ path: "/v1/apis/" })],
    ["a query", "ses", request({ query: { b: "ü (1)!", a: "x y", A: "*" } })],
    ["an object of S3", "s3", request({ method: "PUT", path: "/bucket/a%20b//c", body: "text" })],
  ])("of %s is accepted", async (_, service, sent) => {
    const arrived = await signed(service, sent)
    expect(() => check(arrived)).not.toThrow()
    expect(() => check(arrived, "other")).toThrow("The request signature we calculated does not match")
  })

  test.each([
    ["body", { body: '{"a":1}' }],
    ["path", { path: "/other" }],
    ["query", { query: { a: "1" } }],
    ["method", { method: "PUT" }],
  ])("does not fit another %s", async (_, changes) => {
    const arrived = await signed("kms", request())
    expect(() => check({ ...arrived, ...changes })).toThrow("The request signature we calculated does not match")
  })

  test("of a body whose stated hash is another's is refused", async () => {
    const arrived = await signed("s3", request({ method: "PUT", path: "/b/k", body: "text" }))
    expect(() => check({ ...arrived, body: "other" })).toThrow("does not match")
  })

  test("in a presigned URL is accepted", async () => {
    const headers = { host: "h", "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }
    const { query } = await signer("s3").presign(
      { method: "GET", path: "/b/k", protocol: "http:", hostname: "h", headers },
      {
        signingDate: now,
        expiresIn: 60,
        unhoistableHeaders: new Set(),
        unsignableHeaders: new Set(["x-amz-content-sha256"]),
      },
    )
    const arrived = request({ method: "GET", path: "/b/k", headers: { host: "h" }, query: pairs(query), body: "" })
    expect(() => check(arrived)).not.toThrow()
    expect(() => check({ ...arrived, path: "/b/other" })).toThrow("does not match")
  })

  test("costs less than a tenth of a millisecond", async () => {
    const arrived = await signed("dynamodb", request({ body: JSON.stringify({ text: "x".repeat(1000) }) }))
    for (let run = 0; run < 200; run++) check(arrived)
    const batchMs: number[] = []
    for (let batch = 0; batch < 10; batch++)
      batchMs.push(
        await cpuMsOf(() => {
          for (let run = 0; run < 100; run++) check(arrived)
        }),
      )
    expect(Math.min(...batchMs) / 100).toBeLessThan(0.1)
  })
})
