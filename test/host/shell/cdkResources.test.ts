import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { HostOptions, RunningHost } from "../../../src/host/options.ts"
import { startHost } from "../../../src/host/start.ts"
import { clientOf, functionOf, hostWith, roleWith } from "./localHost.ts"

const bucket = { Type: "AWS::S3::Bucket", Properties: { BucketName: "site" } }
const deployment = (properties: JsonObject): JsonObject => ({
  Type: "Custom::CDKBucketDeployment",
  Properties: { ServiceToken: "a function in Python", DestinationBucketName: { Ref: "Site" }, ...properties },
})

/** A host on a template beside which these files lie. */
function hostBeside(files: Record<string, string>, properties: JsonObject, options: Partial<HostOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "deployment-"))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const template = join(folder, "app.json")
  const shown = { Type: "AWS::SSM::Parameter", Properties: { Name: arn, Type: "String", Value: "x" } }
  const resources = { Site: bucket, Pages: deployment(properties), Shown: shown }
  writeFileSync(template, JSON.stringify({ Resources: resources }))
  return startHost({ template, port: 0, ...options })
}
const arn = { "Fn::GetAtt": ["Pages", "DestinationBucketArn"] }

const client = (running: RunningHost) => new S3Client({ ...clientOf(running), forcePathStyle: true })
const keysOf = async (running: RunningHost) => {
  const { Contents = [] } = await client(running).send(new ListObjectsV2Command({ Bucket: "site" }))
  return Contents.map(({ Key }) => Key)
}
const textOf = async (running: RunningHost, Key: string) => {
  const { Body, ContentType } = await client(running).send(new GetObjectCommand({ Bucket: "site", Key }))
  return [await Body?.transformToString(), ContentType]
}

describe("a bucket deployment", () => {
  test("puts the files of its sources into the bucket, with the values that were known only then", async () => {
    const files = { "pages/index.html": "<h1>hello</h1>", "config/config.json": '{"url":"<<marker:0>>"}' }
    const running = await hostBeside(files, {
      SourceBucketNames: ["assets", "assets"],
      SourceObjectKeys: ["pages", "config"],
      SourceMarkers: [{}, { "<<marker:0>>": 'https://"quoted"' }],
      SourceMarkersConfig: [{}, { jsonEscape: true }],
      DestinationBucketKeyPrefix: "web",
    })
    expect(await keysOf(running)).toEqual(["web/config.json", "web/index.html"])
    expect(await textOf(running, "web/index.html")).toEqual(["<h1>hello</h1>", "text/html; charset=utf-8"])
    expect(await textOf(running, "web/config.json")).toEqual(['{"url":"https://\\"quoted\\""}', "application/json"])
    expect(running.local.resources["app.Shown"]).toBe("arn:aws:s3:::site")
    await running.stop()
  })

  test("leaves out and keeps what it is told to", async () => {
    const source = { SourceBucketNames: ["assets"], SourceObjectKeys: ["pages"] }
    const files = { "pages/a.txt": "a", "pages/a.map": "m", "pages/b.map": "m" }
    const running = await hostBeside(files, { ...source, Exclude: ["*.map"], Include: ["b.*"] })
    expect(await keysOf(running)).toEqual(["a.txt", "b.map"])
    await running.stop()
  })

  test("takes away what is not among its files, and works again only when it changes", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "deployed-"))
    const source = { SourceBucketNames: ["assets"], SourceObjectKeys: ["pages"] }
    const start = (more: JsonObject) => hostBeside({ "pages/a.txt": "a" }, { ...source, ...more }, { dataFolder })
    const first = await start({})
    await client(first).send(new PutObjectCommand({ Bucket: "site", Key: "mine", Body: "x" }))
    await first.stop()
    const second = await start({})
    expect(await keysOf(second)).toEqual(["a.txt", "mine"])
    await second.stop()
    const third = await start({ DistributionPaths: ["/*"] })
    expect(await keysOf(third)).toEqual(["a.txt"])
    await third.stop()
  })
})

test("CDK's AwsCustomResource is not made to install an SDK", async () => {
  const echo = `exports.handler = async (event, context) => new Promise(done => require("cfn-response").send(
    event, context, "SUCCESS", { installs: event.ResourceProperties.InstallLatestAwsSdk }, "one", done))`
  const running = await hostWith({
    Role: roleWith(),
    Provider: functionOf(echo),
    Call: {
      Type: "Custom::AWS",
      Properties: { ServiceToken: { "Fn::GetAtt": ["Provider", "Arn"] }, InstallLatestAwsSdk: true },
    },
    Shown: { Type: "AWS::S3::Bucket", Properties: { BucketName: { "Fn::GetAtt": ["Call", "installs"] } } },
  })
  expect(running.local.resources["app.Shown"]).toBe("false")
  await running.stop()
})

test("A value that CDK hands to a stack of another region arrives there", async () => {
  const name = "/cdk/exports/West/UsEastCertificate"
  const running = await hostWith({
    Writer: {
      Type: "Custom::CrossRegionExportWriter",
      Properties: { ServiceToken: "x", WriterProps: { region: "eu-west-2", exports: { [name]: "certificate-1" } } },
    },
    Reader: {
      Type: "Custom::CrossRegionExportReader",
      DependsOn: "Writer",
      Properties: { ServiceToken: "x", ReaderProps: { imports: { [name]: `{{resolve:ssm:${name}}}` } } },
    },
    Shown: { Type: "AWS::S3::Bucket", Properties: { BucketName: { "Fn::GetAtt": ["Reader", name] } } },
  })
  expect(running.local.resources["app.Shown"]).toBe("certificate-1")
  await running.stop()
})
