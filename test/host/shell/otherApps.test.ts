import { expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import { functionOf, hostWith, roleWith } from "./localHost.ts"

const attribute = (logicalId: string, name: string) => ({ "Fn::GetAtt": [logicalId, name] })
const worker = { Role: roleWith(), Worker: functionOf("exports.handler = async () => 1") }
const httpApi = { Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "web", ProtocolType: "HTTP" } } }

test.each<[string, JsonObject, string]>([
  [
    "an integration of an HTTP API with a server elsewhere",
    {
      ...httpApi,
      Elsewhere: {
        Type: "AWS::ApiGatewayV2::Integration",
        Properties: { ApiId: { Ref: "Api" }, IntegrationType: "HTTP_PROXY", IntegrationUri: "https://example.org" },
      },
    },
    "AWS::ApiGatewayV2::Integration: this host has AWS_PROXY integrations with a function only",
  ],
  [
    "an integration in payload format 1.0",
    {
      ...httpApi,
      ...worker,
      Older: {
        Type: "AWS::ApiGatewayV2::Integration",
        Properties: { ApiId: { Ref: "Api" }, IntegrationType: "AWS_PROXY", IntegrationUri: attribute("Worker", "Arn") },
      },
    },
    "AWS::ApiGatewayV2::Integration: this host speaks payload format 2.0 only",
  ],
  [
    "a WebSocket API, and what belongs to it,",
    {
      Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "chat", ProtocolType: "WEBSOCKET" } },
      Stage: { Type: "AWS::ApiGatewayV2::Stage", Properties: { ApiId: { Ref: "Api" }, StageName: "prod" } },
    },
    "AWS::ApiGatewayV2::Stage: this host has no HTTP API",
  ],
  [
    "a reader of a Kinesis stream",
    {
      ...worker,
      Stream: { Type: "AWS::Kinesis::Stream", Properties: {} },
      Reader: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: { FunctionName: { Ref: "Worker" }, EventSourceArn: attribute("Stream", "Arn") },
      },
    },
    "AWS::Lambda::EventSourceMapping: this host reads DynamoDB streams and SQS queues, not arn:aws:kinesis",
  ],
  [
    "a merged API",
    { Merged: { Type: "AWS::AppSync::GraphQLApi", Properties: { Name: "m", ApiType: "MERGED" } } },
    "AWS::AppSync::GraphQLApi: this host has no merged APIs",
  ],
  [
    "an asymmetric key",
    { Signer: { Type: "AWS::KMS::Key", Properties: { KeySpec: "RSA_2048", KeyPolicy: {} } } },
    "AWS::KMS::Key: this host has symmetric keys only, no RSA_2048",
  ],
])("Beside %s the rest of the app runs; it is named at start, and strict refuses it", async (_, resources, reason) => {
  const lines: string[] = []
  const running = await hostWith(resources, { print: line => lines.push(line) })
  await running.stop()
  expect(lines.join("\n")).toContain(reason)
  expect(lines.join("\n")).toContain("a stand-in takes its place")
  await expect(hostWith(resources, { strict: true })).rejects.toThrow(reason)
})

test("A pool that refuses a demo user does not end the start", async () => {
  const lines: string[] = []
  const pool = {
    Type: "AWS::Cognito::UserPool",
    Properties: { Schema: [{ Name: "family_name", Required: true, Mutable: true }] },
  }
  const demoUsers = [{ email: "ada@example.org", password: "Passw0rd!x", groups: [] }]
  const running = await hostWith({ Pool: pool }, { demoUsers, print: line => lines.push(line) })
  await running.stop()
  expect(lines.join("\n")).toContain("the demo user ada@example.org was not made in eu-west-1_")
  expect(lines.join("\n")).toContain("family_name: The attribute is required")
  expect(running.local.users).toEqual([])
})

test("A bucket has the domain names that AWS gives it", async () => {
  const outputs = async (region: string) => {
    const name = (attributeName: string) => ({
      Type: "AWS::SSM::Parameter",
      Properties: { Name: attribute("Files", attributeName), Type: "String", Value: "x" },
    })
    const files = { Type: "AWS::S3::Bucket", Properties: { BucketName: "files" } }
    const running = await hostWith(
      { Files: files, Regional: name("RegionalDomainName"), Site: name("WebsiteURL") },
      { region },
    )
    await running.stop()
    return [running.local.resources["app.Regional"], running.local.resources["app.Site"]]
  }
  expect(await outputs("eu-west-1")).toEqual([
    "files.s3.eu-west-1.amazonaws.com",
    "http://files.s3-website-eu-west-1.amazonaws.com",
  ])
  expect((await outputs("eu-central-1"))[1]).toBe("http://files.s3-website.eu-central-1.amazonaws.com")
})
