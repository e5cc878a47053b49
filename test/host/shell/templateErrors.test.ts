// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, expect, test } from "vitest"
import type { Json } from "../../../src/host/host.ts"
import { startHost } from "../../../src/host/start.ts"

/** What a start says of a file, with the folder left out. */
async function refusalOf(name: string, content?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "broken-"))
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  if (content !== undefined) writeFileSync(path, content)
  const template = name.endsWith("manifest.json") ? dirname(path) : path
  const outcome = await startHost({ template, port: 0 }).then(
    running => running.stop().then(() => "started"),
    (error: Error) => error.message,
  )
  return outcome.replaceAll(`${folder}/`, "")
}

const named = (QueueName: Json, more: object = {}) =>
  JSON.stringify({ ...more, Resources: { A: { Type: "AWS::SQS::Queue", Properties: { QueueName } } } })

describe("a start says in one line that", () => {
  test.each([
    [
      "a file is missing",
      "app.json",
      undefined,
      "there is no template at app.json: give a cdk.out folder or a template",
    ],
    ["JSON is broken", "app.json", "{", /^app\.json: Expected property name/],
    ["YAML is broken", "app.yaml", "a: [\n b", /^app\.yaml: Flow sequence in block collection/],
    ["a manifest is broken", "cdk.out/manifest.json", "{", /^cdk\.out\/manifest\.json: Expected property name/],
    ["it is no template", "app.yaml", "just text", "app.yaml: this is no CloudFormation template: it has no Resources"],
    ["a resource has no type", "app.json", '{"Resources":{"A":{}}}', "app.json: resource A has no Type"],
    [
      "a transform is needed",
      "app.json",
      '{"Transform":"AWS::Include","Resources":{"A":{"Type":"AWS::Serverless::Function"}}}',
      'app.json: the transform "AWS::Include" is not supported: give the template as it is after it',
    ],
    [
      "resources need each other",
      "app.json",
      '{"Resources":{"A":{"Type":"T","DependsOn":"B"},"B":{"Type":"T","Properties":{"P":{"Ref":"A"}}}}}',
      "app: circular dependency between resources: A → B → A",
    ],
    ["a Ref leads nowhere", "app.json", named({ Ref: "Gone" }), /^app\/A \(AWS::SQS::Queue\): .*resource Gone/],
    ["a Sub leads nowhere", "app.json", named({ "Fn::Sub": "${Gone.Arn}" }), /^app\/A .*resource Gone/],
    ["nothing exports a name", "app.json", named({ "Fn::ImportValue": "e" }), /no stack exports e$/],
    ["a mapping has no such key", "app.json", named({ "Fn::FindInMap": ["M", "a", "b"] }), /finds nothing at M\.a\.b$/],
    ["a function is unknown", "app.json", named({ "Fn::Bogus": 1 }), /Fn::Bogus is not supported$/],
    [
      "a parameter has no value",
      "app.json",
      named({ Ref: "P" }, { Parameters: { P: { Type: "String" } } }),
      "app needs the parameter P: it has no default",
    ],
  ])("%s", async (_, name, content, expected) => {
    const refusal = await refusalOf(name, content)
    expect(refusal).not.toContain("\n")
    if (typeof expected === "string") expect(refusal).toContain(expected)
    else expect(refusal).toMatch(expected)
  })
})
