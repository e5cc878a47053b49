// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import { describe, expect, test } from "vitest"
import { collectGaps } from "../../../src/host/cloudformation/gaps.ts"
import { resolve } from "../../../src/host/cloudformation/intrinsics.ts"
import { createScope } from "../../../src/host/cloudformation/scope.ts"
import { parseTemplate } from "../../../src/host/cloudformation/template.ts"
import type { Json } from "../../../src/host/host.ts"

const template = parseTemplate({
  Parameters: {
    Stage: { Type: "String", Default: "dev" },
    Zones: { Type: "CommaDelimitedList", Default: "a, b" },
    Ami: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/images/base" },
  },
  Mappings: { Sizes: { dev: { memory: 128 } } },
  Conditions: {
    IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
    IsDev: { "Fn::Not": [{ Condition: "IsProd" }] },
    Both: { "Fn::And": [{ Condition: "IsDev" }, { "Fn::Or": [{ Condition: "IsProd" }, { "Fn::Equals": ["1", 1] }] }] },
  },
  Resources: { Table: { Type: "AWS::DynamoDB::Table" } },
})

const table = {
  stackName: "app",
  logicalId: "Table",
  type: "AWS::DynamoDB::Table",
  ref: "app-Table",
  attributes: {
    Arn: "arn:aws:dynamodb:eu-west-1:123456789012:table/app-Table",
    Endpoint: { Port: 8000 },
    "Outputs.X": "x",
  },
}

const scope = createScope("app", template, {}, new Map([["Table", table]]), {
  region: "eu-west-1",
  accountId: "123456789012",
  exports: new Map<string, Json>([["shared-bus", "bus"]]),
  gaps: collectGaps(),
  stackArn: name => `arn:stack/${name}`,
  dynamicValue: (service, reference) => (reference === "/images/base" ? `${service}-value` : undefined),
})

const cases: [string, Json, Json | undefined][] = [
  ["Ref of a parameter", { Ref: "Stage" }, "dev"],
  ["Ref of a resource", { Ref: "Table" }, "app-Table"],
  ["Ref of a list parameter", { Ref: "Zones" }, ["a", "b"]],
  ["Ref of a parameter that Parameter Store holds", { Ref: "Ami" }, "ssm-value"],
  ["Ref of AWS::NoValue in an object", { a: { Ref: "AWS::NoValue" }, b: 1 }, { b: 1 }],
  ["Ref of AWS::NoValue in a list", [{ Ref: "AWS::NoValue" }, 1], [1]],
  ["GetAtt as a list", { "Fn::GetAtt": ["Table", "Arn"] }, table.attributes.Arn],
  ["GetAtt as text", { "Fn::GetAtt": "Table.Arn" }, table.attributes.Arn],
  ["GetAtt of a nested attribute", { "Fn::GetAtt": ["Table", "Endpoint.Port"] }, 8000],
  ["GetAtt of a nested stack's output", { "Fn::GetAtt": "Table.Outputs.X" }, "x"],
  ["GetAtt that nobody provides", { "Fn::GetAtt": "Table.Colour" }, "app-Table.Colour"],
  ["Sub", { "Fn::Sub": "${AWS::Region}/${Stage}/${Table}/${Table.Endpoint.Port}" }, "eu-west-1/dev/app-Table/8000"],
  ["Sub with a literal", { "Fn::Sub": "${!Stage} ${ Stage }" }, "${Stage} dev"],
  ["Sub with its own variables", { "Fn::Sub": ["${Name}-${Stage}", { Name: { Ref: "Table" } }] }, "app-Table-dev"],
  ["Join", { "Fn::Join": ["-", ["a", { Ref: "Stage" }, 3]] }, "a-dev-3"],
  ["Join of a list parameter", { "Fn::Join": ["+", { Ref: "Zones" }] }, "a+b"],
  ["Select", { "Fn::Select": ["1", { Ref: "Zones" }] }, "b"],
  ["Select of Split", { "Fn::Select": [5, { "Fn::Split": [":", { "Fn::GetAtt": "Table.Arn" }] }] }, "table/app-Table"],
  ["FindInMap", { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "memory"] }, 128],
  [
    "FindInMap with a default",
    { "Fn::FindInMap": ["Sizes", "prod", "memory", { DefaultValue: { Ref: "Stage" } }] },
    "dev",
  ],
  ["Base64", { "Fn::Base64": { "Fn::Sub": "${Stage}!" } }, "ZGV2IQ=="],
  ["If", { "Fn::If": ["IsProd", 1, 2] }, 2],
  ["If with no value", { a: { "Fn::If": ["IsProd", 1, { Ref: "AWS::NoValue" }] } }, {}],
  ["And, Or, Not and Equals", { "Fn::If": ["Both", "yes", "no"] }, "yes"],
  ["ImportValue", { "Fn::ImportValue": { "Fn::Sub": "shared-${Key}".replace("${Key}", "bus") } }, "bus"],
  ["Cidr", { "Fn::Cidr": ["10.0.0.0/16", 3, 8] }, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
  ["Length", { "Fn::Length": { Ref: "Zones" } }, 2],
  ["ToJsonString", { "Fn::ToJsonString": { stage: { Ref: "Stage" } } }, '{"stage":"dev"}'],
  ["GetAZs", { "Fn::GetAZs": "" }, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]],
  ["a dynamic reference", { "Fn::Join": ["", ["<{{resolve:ssm:", "/images/base", "}}>"]] }, "<ssm-value>"],
  ["an object that only looks like a function", { Ref: "Stage", other: 1 }, { Ref: "Stage", other: 1 }],
]

const refused: [string, Json, string][] = [
  ["a name that is not there", { Ref: "Nobody" }, "there is no parameter or resource Nobody"],
  ["an export that is not there", { "Fn::ImportValue": "none" }, "no stack exports none"],
  ["an index that is not there", { "Fn::Select": [7, ["a"]] }, "nonexistent value at index 7"],
  ["a key that is not there", { "Fn::FindInMap": ["Sizes", "prod", "memory"] }, "Sizes.prod.memory"],
  ["a transform", { "Fn::Transform": { Name: "AWS::Include" } }, 'Fn::Transform "AWS::Include" is not supported'],
  ["a function that does not exist", { "Fn::Frobnicate": 1 }, "Fn::Frobnicate is not supported"],
]

describe("an intrinsic function", () => {
  test.each(cases)("resolves: %s", (_, value, expected) => expect(resolve(value, scope)).toEqual(expected))
  test.each(refused)("refuses %s", (_, value, message) => expect(() => resolve(value, scope)).toThrow(message))
})
