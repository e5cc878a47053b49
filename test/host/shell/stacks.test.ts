import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { startHost } from "../../../src/host/start.ts"

let running: RunningHost

beforeAll(async () => {
  const template = join(mkdtempSync(join(tmpdir(), "host-")), "app.json")
  writeFileSync(
    template,
    JSON.stringify({
      Parameters: { Stage: { Type: "String", Default: "dev" } },
      Resources: { Jobs: { Type: "AWS::SQS::Queue", Properties: { QueueName: { "Fn::Sub": "jobs-$" + "{Stage}" } } } },
      Outputs: {
        QueueName: { Value: { "Fn::GetAtt": ["Jobs", "QueueName"] }, Export: { Name: "shared-queue" } },
        Plain: { Value: "a<b" },
      },
    }),
  )
  running = await startHost({ template, port: 0 })
})

afterAll(() => running.stop())

async function ask(action: string, input: Record<string, string> = {}) {
  const scope = "local/20260101/eu-west-1/cloudformation/aws4_request"
  const response = await fetch(running.url, {
    method: "POST",
    body: new URLSearchParams({ Action: action, Version: "2010-05-15", ...input }),
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`,
      "x-amz-date": "20260101T000000Z",
    },
  })
  return response.text()
}

const stackArn = /arn:aws:cloudformation:eu-west-1:123456789012:stack\/app\/[0-9a-f-]{36}/

test("a stack shows its outputs and parameters by name, by ARN and among all", async () => {
  const byName = await ask("DescribeStacks", { StackName: "app" })
  expect(byName).toContain("<StackStatus>CREATE_COMPLETE</StackStatus>")
  expect(byName).toContain("<OutputKey>QueueName</OutputKey><OutputValue>jobs-dev</OutputValue>")
  expect(byName).toContain("<ExportName>shared-queue</ExportName>")
  expect(byName).toContain("<OutputKey>Plain</OutputKey><OutputValue>a&#60;b</OutputValue></member>")
  expect(byName).toContain("<ParameterKey>Stage</ParameterKey><ParameterValue>dev</ParameterValue>")
  const [arn = ""] = stackArn.exec(byName) ?? []
  for (const input of [{ StackName: arn }, {}])
    expect(await ask("DescribeStacks", input)).toContain(`<StackId>${arn}</StackId><StackName>app</StackName>`)
  expect(await ask("ListStacks")).toContain(`<StackId>${arn}</StackId>`)
})

test("a stack shows its resources by their logical ids", async () => {
  const queue = "<LogicalResourceId>Jobs</LogicalResourceId><PhysicalResourceId>http"
  for (const action of ["DescribeStackResources", "ListStackResources"])
    expect(await ask(action, { StackName: "app" })).toContain(queue)
  expect(await ask("DescribeStackResource", { StackName: "app", LogicalResourceId: "Jobs" })).toContain(queue)
  expect(await ask("DescribeStackResource", { StackName: "app", LogicalResourceId: "Gone" })).toContain(
    "<Code>ValidationError</Code><Message>Resource Gone does not exist for stack app</Message>",
  )
})

test("exports are listed with their stack; another stack does not exist", async () => {
  expect(await ask("ListExports")).toMatch(/<Name>shared-queue<\/Name><Value>jobs-dev<\/Value>/)
  expect(await ask("DescribeStacks", { StackName: "other" })).toContain(
    "<Code>ValidationError</Code><Message>Stack with id other does not exist</Message>",
  )
})
