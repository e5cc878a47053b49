// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import { describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import { requestContext } from "../../../src/host/iam/conditions.ts"
import { evaluate, statementsOf } from "../../../src/host/iam/policy.ts"
import { resourcePolicyEffect } from "../../../src/host/iam/resourcePolicy.ts"

const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/Orders"
const allow: JsonObject = { Effect: "Allow", Action: "dynamodb:*", Resource: "*" }

function decide(
  statements: JsonObject[],
  context: Record<string, string | string[]> = {},
  action = "dynamodb:GetItem",
) {
  return evaluate(statementsOf({ Statement: statements }), {
    action,
    resource: table,
    context: requestContext(context),
  }).effect
}

describe("a policy", () => {
  const cases: [string, JsonObject[], string][] = [
    ["allows nothing by itself", [], "none"],
    ["allows an action by name, without case", [{ ...allow, Action: ["dynamodb:getitem"] }], "Allow"],
    ["allows actions by wildcard", [{ ...allow, Action: "dynamodb:Get*" }], "Allow"],
    ["matches one character by ?", [{ ...allow, Resource: "arn:aws:dynamodb:*:*:table/Order?" }], "Allow"],
    ["does not allow another action", [{ ...allow, Action: "dynamodb:Put*" }], "none"],
    ["does not allow another resource", [{ ...allow, Resource: `${table}/index/*` }], "none"],
    ["matches resources with case", [{ ...allow, Resource: table.toLowerCase() }], "none"],
    ["allows all but NotAction", [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }], "Allow"],
    ["does not allow what NotAction names", [{ Effect: "Allow", NotAction: "dynamodb:Get*", Resource: "*" }], "none"],
    ["does not allow what NotResource names", [{ Effect: "Allow", Action: "*", NotResource: table }], "none"],
    ["lets Deny win, wherever it stands", [allow, { ...allow, Effect: "Deny" }], "Deny"],
  ]
  test.each(cases)("%s", (_, statements, effect) => expect(decide(statements)).toBe(effect))
})

describe("a condition", () => {
  const cases: [JsonObject, Record<string, string | string[]>, boolean][] = [
    [{ StringEquals: { "aws:PrincipalAccount": ["1", "2"] } }, { "aws:principalaccount": "2" }, true],
    [{ StringEquals: { k: "a" } }, {}, false],
    [{ StringEqualsIfExists: { k: "a" } }, {}, true],
    [{ StringNotEquals: { k: "a" } }, { k: "b" }, true],
    [{ StringNotEquals: { k: ["a", "b"] } }, { k: "b" }, false],
    [{ StringNotEquals: { k: "a" } }, {}, true],
    [{ StringLike: { k: "tenant-*" } }, { k: "tenant-1" }, true],
    [{ StringNotLike: { k: "tenant-*" } }, { k: "tenant-1" }, false],
    [{ StringEqualsIgnoreCase: { k: "ABC" } }, { k: "abc" }, true],
    [
      { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["a#*"] } },
      { "dynamodb:LeadingKeys": ["a#1", "a#2"] },
      true,
    ],
    [
      { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["a#*"] } },
      { "dynamodb:LeadingKeys": ["a#1", "b#2"] },
      false,
    ],
    [{ "ForAllValues:StringEquals": { k: "a" } }, {}, true],
    [{ "ForAnyValue:StringEquals": { k: ["a"] } }, { k: ["b", "a"] }, true],
    [{ "ForAnyValue:StringEquals": { k: ["a"] } }, {}, false],
    [
      { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/*" } },
      { "aws:SourceArn": "arn:aws:events:e:1:rule/x/y" },
      true,
    ],
    [{ ArnEquals: { k: "arn:aws:sns:e:1:a" } }, { k: "arn:aws:sns:e:1:b" }, false],
    [{ Bool: { "aws:SecureTransport": "false" } }, { "aws:SecureTransport": "true" }, false],
    [{ Bool: { "aws:SecureTransport": true } }, { "aws:SecureTransport": "true" }, true],
    [{ Null: { k: "true" } }, {}, true],
    [{ Null: { k: "true" } }, { k: "x" }, false],
    [{ NumericLessThanEquals: { k: "10" } }, { k: "9" }, true],
    [{ NumericGreaterThan: { k: "10" } }, { k: "9" }, false],
    [{ DateLessThan: { k: "2030-01-01T00:00:00Z" } }, { k: "2029-12-31T00:00:00Z" }, true],
    [{ IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }, { "aws:SourceIp": "127.0.0.1" }, true],
    [{ NotIpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } }, { "aws:SourceIp": "127.0.0.1" }, true],
    [{ StringEquals: { k: "${aws:userid}" } }, { k: "ada", "aws:userid": "ada" }, true],
    [{ StringSounds: { k: "a" } }, { k: "a" }, false],
    [{ StringEquals: { k: "a" }, Bool: { b: "true" } }, { k: "a", b: "false" }, false],
  ]
  test.each(cases)("%j with %j is %s", (condition, context, holds) =>
    expect(decide([{ ...allow, Condition: condition }], context)).toBe(holds ? "Allow" : "none"))
})

describe("a resource policy", () => {
  const queue = "arn:aws:sqs:eu-west-1:123456789012:q"
  const rule = "arn:aws:events:eu-west-1:123456789012:rule/r"
  const policy = (statement: JsonObject): JsonObject => ({
    Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue, ...statement },
  })
  const events = { Principal: { Service: "events.amazonaws.com" } }
  const role = {
    kind: "role",
    arn: "arn:aws:sts::123456789012:assumed-role/R/s",
    roleName: "R",
    sessionName: "s",
  } as const

  test("lets the service that it names act, from the source that it names", () => {
    const conditioned = policy({ ...events, Condition: { ArnEquals: { "aws:SourceArn": rule } } })
    const by = (sourceArn: string, service = "events.amazonaws.com") =>
      resourcePolicyEffect(conditioned, { service, sourceArn }, "sqs:SendMessage", queue)
    expect([by(rule), by(`${rule}2`), by(rule, "sns.amazonaws.com")]).toEqual(["Allow", "none", "none"])
  })

  test("lets the role that it names act", () => {
    const by = (name: string) =>
      resourcePolicyEffect(
        policy({ Principal: { AWS: name } }),
        { principal: role, roleArn: "arn:aws:iam::123456789012:role/R" },
        "sqs:SendMessage",
        queue,
      )
    expect([
      by("arn:aws:iam::123456789012:role/R"),
      by(role.arn),
      by("arn:aws:iam::123456789012:role/S"),
      by("*"),
    ]).toEqual(["Allow", "Allow", "none", "Allow"])
  })

  test("that is not there lets nobody act", () =>
    expect(resourcePolicyEffect(undefined, { service: "events.amazonaws.com" }, "sqs:SendMessage", queue)).toBe("none"))

  test("with a Deny for the caller wins over every Allow", () => {
    const closed = {
      Statement: [policy({ Principal: "*" }).Statement ?? [], { Effect: "Deny", Principal: "*", Action: "*" }].flat(),
    }
    expect(resourcePolicyEffect(closed, { principal: role }, "sqs:SendMessage", queue)).toBe("Deny")
  })

  test("of CDK's enforceSSL denies nobody here", () => {
    const secured = {
      Statement: [
        ...[policy(events).Statement ?? []].flat(),
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: "sqs:*",
          Resource: queue,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    }
    expect(resourcePolicyEffect(secured, { service: "events.amazonaws.com" }, "sqs:SendMessage", queue)).toBe("Allow")
  })
})
