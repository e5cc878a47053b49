import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Principal } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { hostWith, roleWith } from "./localHost.ts"

const bus = "arn:aws:events:eu-west-1:123456789012:event-bus/main"

let running: RunningHost
let roleName: string
let principal: Principal

beforeAll(async () => {
  running = await hostWith({
    Role: roleWith(
      { Sid: "Publish", Effect: "Allow", Action: ["events:PutEvents", "events:PutRule"], Resource: bus },
      {
        Sid: "Tenants",
        Effect: "Allow",
        Action: "dynamodb:Query",
        Resource: "*",
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["t1#*"] } },
      },
      { Sid: "Never", Effect: "Deny", Action: "s3:DeleteObject", Resource: "*" },
      { Sid: "Files", Effect: "Allow", Action: "s3:*", Resource: "*" },
    ),
    Attached: {
      Type: "AWS::IAM::Policy",
      Properties: {
        PolicyName: "attached",
        Roles: [{ Ref: "Role" }],
        PolicyDocument: { Statement: { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" } },
      },
    },
    Managed: {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: {
        Roles: [{ Ref: "Role" }],
        PolicyDocument: { Statement: [{ Effect: "Allow", Action: "sns:Publish", Resource: "*" }] },
      },
    },
    Basic: {
      Type: "AWS::IAM::Role",
      Properties: { ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"] },
    },
  })
  roleName = running.local.resources["app.Role"] ?? ""
  principal = { kind: "role", arn: `arn:aws:sts::123456789012:assumed-role/${roleName}/s`, roleName, sessionName: "s" }
})

afterAll(() => running.stop())

const may = (action: string, resource = "*", context = {}, who = principal) => {
  try {
    running.host.iam.authorize(who, action, resource, context)
    return "yes"
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

describe("a role", () => {
  test("may do what its inline, attached and managed policies allow", () => {
    expect([may("events:PutEvents", bus), may("kms:Decrypt"), may("sns:Publish"), may("s3:GetObject")]).toEqual([
      "yes",
      "yes",
      "yes",
      "yes",
    ])
    expect(may("events:PutEvents", `${bus}2`)).toContain(
      "because no identity-based policy allows the events:PutEvents action",
    )
  })

  test("is refused by a Deny in AWS's words", () =>
    expect(may("s3:DeleteObject", "arn:aws:s3:::b/k")).toBe(
      `User: ${"arn" in principal ? principal.arn : ""} is not authorized to perform: s3:DeleteObject on resource: arn:aws:s3:::b/k with an explicit deny in an identity-based policy`,
    ))

  test("is refused by a resource's Deny, whatever its own policies allow", () => {
    const policy = { Statement: { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*" } }
    const ask = () => running.host.iam.allowsByResourcePolicy(policy, { principal }, "s3:GetObject", "arn:aws:s3:::b/k")
    expect(ask).toThrow("s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a resource-based policy")
  })

  test("sees only the keys that a condition gives it", () => {
    expect(may("dynamodb:Query", "t", { "dynamodb:LeadingKeys": ["t1#a", "t1#b"] })).toBe("yes")
    expect(may("dynamodb:Query", "t", { "dynamodb:LeadingKeys": ["t1#a", "t2#b"] })).toContain("not authorized")
  })

  test("with a policy of AWS's own may do what that allows", () => {
    const basic: Principal = {
      kind: "role",
      arn: "arn:x",
      roleName: running.local.resources["app.Basic"] ?? "",
      sessionName: "s",
    }
    expect([may("logs:PutLogEvents", "*", {}, basic), may("s3:GetObject", "*", {}, basic) === "yes"]).toEqual([
      "yes",
      false,
    ])
  })

  test("that nobody made, and a caller without a name, may do nothing", () => {
    expect(may("s3:GetObject", "*", {}, { kind: "role", arn: "arn:x", roleName: "none", sessionName: "s" })).toContain(
      "User: arn:x is not",
    )
    expect(may("s3:GetObject", "*", {}, { kind: "anonymous" })).toContain("User: anonymous is not authorized")
  })

  test("leaves a list of what it never used", async () => {
    may("events:PutEvents", bus)
    may("s3:GetObject")
    const unused = running.unusedStatements().filter(statement => statement.roleName === roleName)
    expect(unused.find(({ sid }) => sid === "Publish")?.actions).toEqual(["events:PutRule"])
    expect(unused.some(({ sid }) => sid === "Files" || sid === "Never")).toBe(false)
  })
})
