// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, expect, test } from "vitest"
import { creationOrder } from "../../../src/host/cloudformation/dependencies.ts"
import { type DeployResult, deploy, openAssembly } from "../../../src/host/cloudformation/deploy.ts"
import { parseTemplate } from "../../../src/host/cloudformation/template.ts"
import { parseYaml } from "../../../src/host/cloudformation/yaml.ts"
import type { Json, JsonObject } from "../../../src/host/host.ts"

const bucket = { Type: "AWS::S3::Bucket" }

function folderWith(files: Record<string, string | JsonObject>): string {
  const folder = mkdtempSync(join(tmpdir(), "template-"))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content))
  }
  return folder
}

/** Deploys with one supported type, `Test::Thing`, whose Ref is its physical name and whose Arn is made of it. */
function deployed(path: string, parameters = {}): Promise<DeployResult> {
  return deploy(openAssembly(path), {
    region: "eu-west-1",
    accountId: "123456789012",
    parameters,
    provider: type =>
      type === "Test::Thing"
        ? {
            create: ({ physicalName, properties }) => ({
              ref: physicalName,
              attributes: { Arn: `arn:${physicalName}`, Given: properties.Value ?? null },
            }),
            honours: ["Value", "Deep.Known"],
            indifferent: ["Tags"],
          }
        : undefined,
    dynamicValue: () => undefined,
  })
}

const order = (resources: JsonObject) =>
  creationOrder(parseTemplate({ Resources: resources }).resources, name => name === "Yes")

describe("the order of resources", () => {
  test("follows Ref, GetAtt, Sub and DependsOn", () =>
    expect(
      order({
        A: { ...bucket, Properties: { x: { Ref: "D" } } },
        B: { ...bucket, Properties: { x: { "Fn::GetAtt": ["A", "Arn"] } } },
        C: { ...bucket, Properties: { x: { "Fn::Sub": ["${B.Arn}", {}] } } },
        D: { ...bucket, DependsOn: ["E"] },
        E: bucket,
      }),
    ).toEqual(["E", "D", "A", "B", "C"]))

  test("ignores the branch of Fn::If that does not count", () =>
    expect(order({ A: { ...bucket, Properties: { x: { "Fn::If": ["No", { Ref: "B" }, 1] } } }, B: bucket })).toEqual([
      "A",
      "B",
    ]))

  test("names a cycle", () =>
    expect(() =>
      order({ A: { ...bucket, DependsOn: "B" }, B: { ...bucket, Properties: { x: { Ref: "A" } } } }),
    ).toThrow("circular dependency between resources: A → B → A"))
})

describe("a YAML template", () => {
  const tags: [string, Json][] = [
    ["!Ref A", { Ref: "A" }],
    ["!GetAtt A.Arn", { "Fn::GetAtt": "A.Arn" }],
    ["!GetAtt [A, Arn]", { "Fn::GetAtt": ["A", "Arn"] }],
    ["!Sub '${A}-x'", { "Fn::Sub": "${A}-x" }],
    ["!Sub ['${N}', {N: !Ref A}]", { "Fn::Sub": ["${N}", { N: { Ref: "A" } }] }],
    ["!Join ['', [a, !Ref B]]", { "Fn::Join": ["", ["a", { Ref: "B" }]] }],
    ["!If [C, !Ref A, !Ref 'AWS::NoValue']", { "Fn::If": ["C", { Ref: "A" }, { Ref: "AWS::NoValue" }] }],
    ["!Not [!Condition C]", { "Fn::Not": [{ Condition: "C" }] }],
    ["!Select [0, !GetAZs '']", { "Fn::Select": [0, { "Fn::GetAZs": "" }] }],
    ["!Transform {Name: X}", { "Fn::Transform": { Name: "X" } }],
    ["2012-10-17", "2012-10-17"],
  ]
  test.each(tags)("reads %s", (text, expected) => expect(parseYaml(`value: ${text}`)).toEqual({ value: expected }))
})

describe("a template", () => {
  test("with a transform is refused", () =>
    expect(() => parseTemplate({ Transform: "AWS::Include", Resources: { A: bucket } })).toThrow(
      'the transform "AWS::Include" is not supported',
    ))

  test("with language extensions is read", () =>
    expect(parseTemplate({ Transform: ["AWS::LanguageExtensions"], Resources: { A: bucket } }).resources.A?.type).toBe(
      "AWS::S3::Bucket",
    ))

  test("without resources is refused", () => expect(() => parseTemplate({ hello: 1 })).toThrow("it has no Resources"))

  test("gives the same names at every start, and outputs by stack", async () => {
    const folder = folderWith({
      "my.template.yaml":
        "Resources: {A: {Type: Test::Thing}}\nOutputs: {Name: {Value: !Sub '${A}'}, Arn: {Value: !GetAtt A.Arn}}",
    })
    const first = await deployed(join(folder, "my.template.yaml"))
    expect(first.outputs["my.Name"]).toMatch(/^my-A-[A-Z2-7]{12}$/)
    expect(first.outputs).toEqual((await deployed(join(folder, "my.template.yaml"))).outputs)
    expect(first.outputs["my.Arn"]).toBe(`arn:${first.outputs["my.Name"]}`)
  })

  test("names what is not supported, and still resolves what refers to it", async () => {
    const folder = folderWith({
      "t.json": {
        Resources: {
          Net: { Type: "AWS::EC2::VPC" },
          Run: { Type: "Custom::Thing", Properties: { ServiceToken: "x" } },
          Meta: { Type: "AWS::CDK::Metadata" },
          A: {
            Type: "Test::Thing",
            Properties: { Value: { "Fn::GetAtt": ["Net", "Arn"] }, Tags: [], Size: 1, Deep: { Known: 1, Strange: 2 } },
          },
        },
      },
    })
    const { gaps, resources } = await deployed(join(folder, "t.json"))
    expect(gaps).toEqual([
      "AWS::EC2::VPC is not supported, a stand-in takes its place (t/Net)",
      "custom resource Custom::Thing failed, a stand-in takes its place: this host has no custom resources (t/Run)",
      "Test::Thing: property Size has no effect here (t/A)",
      "Test::Thing: property Deep.Strange has no effect here (t/A)",
    ])
    expect(resources.find(({ logicalId }) => logicalId === "A")?.attributes?.Given).toMatch(
      /^arn:aws:ec2:eu-west-1:123456789012:vpc\/t-Net-/,
    )
  })

  test("gives a stand-in the ARN that Ref gives on AWS, and names a parameter that the store lacks", async () => {
    const stored = (Default: string) => ({ Type: "AWS::SSM::Parameter::Value<String>", Default })
    const folder = folderWith({
      "t.json": {
        Parameters: { Base: stored("/images/base"), Bootstrap: stored("/cdk-bootstrap/hnb659fds/version") },
        Resources: {
          Flow: { Type: "AWS::StepFunctions::Activity", Properties: { Name: "flow" } },
          A: { Type: "Test::Thing", Properties: { Value: { Ref: "Flow" } } },
          B: { Type: "Test::Thing", Properties: { Value: { "Fn::GetAtt": ["Flow", "Name"] } } },
          Lines: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/app" } },
          C: { Type: "Test::Thing", Properties: { Value: { "Fn::GetAtt": ["Lines", "Arn"] } } },
        },
      },
    })
    const { gaps, resources } = await deployed(join(folder, "t.json"))
    expect(gaps).toEqual([
      "the parameter store has no /images/base, so its name is its value (t/Base)",
      "AWS::StepFunctions::Activity is not supported, a stand-in takes its place (t/Flow)",
    ])
    expect(resources.flatMap(({ type, attributes }) => (type === "Test::Thing" ? [attributes?.Given] : []))).toEqual([
      "arn:aws:states:eu-west-1:123456789012:activity:flow",
      "flow.Name",
      "arn:aws:logs:eu-west-1:123456789012:log-group:/app:*",
    ])
  })

  test("leaves out resources and outputs whose condition is false", async () => {
    const folder = folderWith({
      "t.json": {
        Parameters: { Stage: { Type: "String" } },
        Conditions: { Prod: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } },
        Resources: { A: { Type: "Test::Thing", Condition: "Prod" }, B: { Type: "Test::Thing" } },
        Outputs: { O: { Condition: "Prod", Value: { Ref: "A" } } },
      },
    })
    const { resources, outputs } = await deployed(join(folder, "t.json"), { Stage: "dev" })
    expect([resources.map(({ logicalId }) => logicalId), outputs]).toEqual([["B"], {}])
    await expect(deployed(join(folder, "t.json"))).rejects.toThrow("t needs the parameter Stage: it has no default")
  })
})

describe("a cloud assembly", () => {
  const stack = (name: string, dependencies: string[] = []) => ({
    type: "aws:cloudformation:stack",
    environment: "aws://unknown-account/unknown-region",
    dependencies,
    properties: { templateFile: `${name}.template.json` },
  })

  test("deploys stacks in dependency order, with imports and nested stacks", async () => {
    const folder = folderWith({
      "manifest.json": { artifacts: { Web: stack("Web", ["Data"]), Data: stack("Data") } },
      "Data.template.json": {
        Resources: {
          Nested: {
            Type: "AWS::CloudFormation::Stack",
            Properties: {
              TemplateURL: { "Fn::Sub": "https://s3.${AWS::Region}.${AWS::URLSuffix}/assets/abc.json" },
              Parameters: { Word: "hi" },
            },
          },
        },
        Outputs: { O: { Value: { "Fn::GetAtt": ["Nested", "Outputs.Said"] }, Export: { Name: "said" } } },
      },
      "Data.assets.json": {
        files: {
          abc: {
            source: { path: "nested.json", packaging: "file" },
            destinations: { x: { bucketName: "assets", objectKey: "abc.json" } },
          },
        },
      },
      "nested.json": {
        Parameters: { Word: { Type: "String" } },
        Resources: { A: { Type: "Test::Thing" } },
        Outputs: { Said: { Value: { Ref: "Word" } } },
      },
      "Web.template.json": {
        Resources: { B: { Type: "Test::Thing", Properties: { Value: { "Fn::ImportValue": "said" } } } },
        Outputs: { Got: { Value: { "Fn::GetAtt": ["B", "Given"] } } },
      },
    })
    expect((await deployed(folder)).outputs).toEqual({ "Data.O": "hi", "Web.Got": "hi" })
    expect(openAssembly(folder).assets.resolve("assets", "abc.json")).toBe(join(folder, "nested.json"))
    expect(() => openAssembly(folder).assets.resolve("assets", "zzz.zip")).toThrow(
      "no asset for bucket assets, key zzz.zip",
    )
  })

  test("names stack and resource of a failure", async () => {
    const folder = folderWith({
      "t.json": { Resources: { A: { Type: "Test::Thing", Properties: { Value: { Ref: "Gone" } } } } },
    })
    await expect(deployed(join(folder, "t.json"))).rejects.toThrow(
      "t/A (Test::Thing): there is no parameter or resource Gone",
    )
  })
})
