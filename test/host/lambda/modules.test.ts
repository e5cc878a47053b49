import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import { startHost } from "../../../src/host/start.ts"

const administrator = { principal: { kind: "root", arn: "" } } as const

/** Runs the function `fn` of an app whose files lie beside its template, and gives what it answers. */
async function answerOf(files: Record<string, string>, properties: JsonObject, more: JsonObject = {}) {
  const folder = mkdtempSync(join(tmpdir(), "modules-"))
  const lambda = {
    Type: "AWS::Lambda::Function",
    Properties: {
      FunctionName: "fn",
      Handler: "index.handler",
      Runtime: "nodejs20.x",
      Role: "arn:aws:iam::123456789012:role/none",
      ...properties,
    },
  }
  const template = JSON.stringify({ Resources: { Fn: lambda, ...more } })
  for (const [name, content] of Object.entries({ ...files, "app.json": template })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const running = await startHost({ template: join(folder, "app.json"), port: 0 })
  const { payload } = await running.host.lambda.invoke("fn", {}, administrator)
  await running.stop()
  return payload
}

test("A function finds the packages and files of its layers, a later layer over an earlier one", async () => {
  const layer = (folder: string) => ({
    Type: "AWS::Lambda::LayerVersion",
    Properties: { Content: { S3Bucket: "assets", S3Key: folder } },
  })
  const code = `const { name } = require("greeting"); const own = require("/opt/nodejs/own")
exports.handler = async () => [name, own.level]`
  const answer = await answerOf(
    {
      "one/nodejs/node_modules/greeting/index.js": "exports.name = 'from a layer'",
      "one/nodejs/own.js": "exports.level = 1",
      "two/nodejs/own.js": "exports.level = 2",
    },
    { Code: { ZipFile: code }, Layers: [{ Ref: "One" }, { Ref: "Two" }] },
    { One: layer("one"), Two: layer("two") },
  )
  expect(answer).toEqual(["from a layer", 2])
})

test("A function finds a client of the SDK that only its app has installed", async () => {
  const answer = await answerOf(
    {
      "node_modules/@aws-sdk/client-glacier/index.js": "exports.cold = true",
      "fn/index.js": 'exports.handler = async () => require("@aws-sdk/client-glacier").cold',
    },
    { Code: { S3Bucket: "assets", S3Key: "fn" } },
  )
  expect(answer).toBe(true)
})

test("A function finds version 2 of the SDK that its app has installed", async () => {
  const answer = await answerOf(
    {
      "node_modules/aws-sdk/index.js": "exports.VERSION = '2'",
      "fn/index.js": 'exports.handler = async () => require("aws-sdk").VERSION',
    },
    { Code: { S3Bucket: "assets", S3Key: "fn" } },
  )
  expect(answer).toBe("2")
})

test("A function that uses a client which nobody has installed is told so when it uses it", async () => {
  const code = `const { GlacierClient } = require("@aws-sdk/client-glacier")
exports.handler = async () => { try { new GlacierClient() } catch (error) { return error.message } }`
  expect(await answerOf({}, { Code: { ZipFile: code } })).toContain("install it beside the app")
})

test("What a function asks of amazonaws.com by itself goes to the host", async () => {
  const code = `const https = require("https")
const viaHttps = url => new Promise((resolve, reject) => https.get(url, response => resolve(response.statusCode)).on("error", reject))
exports.handler = async () => [await viaHttps("https://sts.eu-west-1.amazonaws.com/healthz"), (await fetch("https://sqs.eu-west-1.amazonaws.com/healthz")).status]`
  expect(await answerOf({}, { Code: { ZipFile: code } })).toEqual([200, 200])
})
