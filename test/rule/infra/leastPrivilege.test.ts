import { describe, expect, test } from "vitest"
import { mutationsOf } from "../../../infra/manifests.ts"
import { app } from "../../../src/contexts/index.ts"
import { ofType, templates } from "./stacks.ts"

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
}

const { resources } = templates().stateless
const listOf = <Item>(value: Item | readonly Item[]) => (Array.isArray(value) ? value : [value]) as readonly Item[]
const statementsOf = (role: { Policies?: readonly { PolicyDocument: { Statement: Statement[] } }[] }) =>
  (role.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
const roles = ofType(resources, "AWS::IAM::Role").map(([id, { Properties }]) => ({ id, role: Properties }))
const roleOf = (prefix: string) => roles.find(({ id }) => id.startsWith(prefix))?.role

/** What has no resource to name, or none that a template knows. */
const excused = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "dynamodb:ListStreams",
  "scheduler:CreateSchedule",
  "scheduler:DeleteSchedule",
  "ses:SendEmail",
  "secretsmanager:CreateSecret",
  "secretsmanager:GetSecretValue",
]

describe("a role", () => {
  test("allows no wildcard action", () => {
    for (const { id, role } of roles)
      for (const { Action } of statementsOf(role)) expect(JSON.stringify(Action), id).not.toContain("*")
  })

  test("names its resources, but for actions that have none", () => {
    const open = roles.flatMap(({ role }) =>
      statementsOf(role)
        .filter(({ Resource }) => JSON.stringify(Resource).includes("*"))
        .flatMap(({ Action }) => listOf(Action)),
    )
    expect([...new Set(open)].sort()).toEqual([...excused].sort())
  })

  test("is not lent a managed policy", () => {
    for (const { id, role } of roles) expect(role.ManagedPolicyArns, id).toBeUndefined()
  })

  test("of an automation allows exactly the mutations that it sends", () => {
    for (const automation of app.contexts.flatMap(({ automations }) => automations)) {
      const sends = statementsOf(roleOf(`Notifier${automation.name}`))
        .filter(({ Action }) => Action === "appsync:GraphQL")
        .flatMap(({ Resource }) => listOf(Resource))
        .map(resource => /fields\/(\w+)/.exec(JSON.stringify(resource))?.[1])
      expect(sends.sort(), automation.name).toEqual(mutationsOf(automation))
    }
  })

  test("of an automation may mail only when it declares so", () => {
    for (const automation of app.contexts.flatMap(({ automations }) => automations)) {
      const mails = JSON.stringify(roleOf(`Notifier${automation.name}`)).includes("ses:SendEmail")
      expect(mails, automation.name).toBe(automation.effects?.mail !== undefined)
    }
  })
})
