import type { Host, Json, ResourceProvider, ResourceRequest } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { awsManagedPolicy } from "./awsManagedPolicies.ts"
import { type Statement, statementsOf } from "./policy.ts"

export interface RoleStatement {
  readonly roleName: string
  readonly policyName: string
  readonly statement: Statement
}

export interface Roles {
  readonly resources: Readonly<Record<string, ResourceProvider>>
  statements(roleName: string): readonly Statement[]
  arnOf(roleName: string): string
  /** Every statement that the template wrote. */
  all(): RoleStatement[]
}

/** Roles and their policies from the template: inline, attached, customer managed, and AWS's own. */
export function createRoles(host: Host): Roles {
  const arns = new Map<string, string>()
  const inline = new Map<string, Map<string, Statement[]>>()
  const attached = new Map<string, Set<string>>()
  const managed = new Map<string, { name: string; statements: Statement[] }>()
  const cache = new Map<string, Statement[]>()

  const arn = (kind: string, path: Json | undefined, name: string) =>
    `arn:aws:iam::${host.accountId}:${kind}${typeof path === "string" ? path : "/"}${name}`

  const putInline = (roleName: string, policyName: string, document: Json | undefined) => {
    const policies = inline.get(roleName) ?? new Map()
    inline.set(roleName, policies.set(policyName, statementsOf(objectOf(document))))
    cache.clear()
  }

  const attach = (roleName: string, policyArn: string) => {
    if (policyArn.startsWith("arn:aws:iam::aws:policy/") && awsManagedPolicy(policyArn) === undefined)
      host.log.warn("iam", `role ${roleName}: the host does not know what ${policyArn} allows, so it allows nothing`)
    attached.set(roleName, (attached.get(roleName) ?? new Set()).add(policyArn))
    cache.clear()
  }

  const createRole = ({ properties, physicalName }: ResourceRequest) => {
    const name = textOf(properties.RoleName) ?? physicalName
    arns.set(name, arn("role", properties.Path, name))
    inline.delete(name)
    attached.delete(name)
    for (const policy of listOf(properties.Policies).map(objectOf))
      putInline(name, String(policy.PolicyName), policy.PolicyDocument)
    for (const policyArn of listOf(properties.ManagedPolicyArns)) attach(name, String(policyArn))
    return { ref: name, attributes: { Arn: arn("role", properties.Path, name), RoleId: `AROA${name}` } }
  }

  const createInlinePolicy = ({ properties, physicalName }: ResourceRequest) => {
    const name = textOf(properties.PolicyName) ?? physicalName
    for (const role of [...listOf(properties.Roles), ...listOf(properties.RoleName)])
      putInline(String(role), name, properties.PolicyDocument)
    return { ref: name, attributes: { Id: name } }
  }

  const createManagedPolicy = ({ properties, physicalName }: ResourceRequest) => {
    const name = textOf(properties.ManagedPolicyName) ?? physicalName
    const policyArn = arn("policy", properties.Path, name)
    managed.set(policyArn, { name, statements: statementsOf(objectOf(properties.PolicyDocument)) })
    for (const role of listOf(properties.Roles)) attach(String(role), policyArn)
    cache.clear()
    return { ref: policyArn, attributes: { PolicyArn: policyArn } }
  }

  const written = (roleName: string): RoleStatement[] => [
    ...[...(inline.get(roleName) ?? [])].flatMap(([policyName, statements]) =>
      statements.map(statement => ({ roleName, policyName, statement })),
    ),
    ...[...(attached.get(roleName) ?? [])].flatMap(policyArn => {
      const policy = managed.get(policyArn)
      return (policy?.statements ?? []).map(statement => ({ roleName, policyName: policy?.name ?? "", statement }))
    }),
  ]

  return {
    resources: {
      "AWS::IAM::Role": {
        create: createRole,
        honours: ["RoleName", "Path", "Policies", "ManagedPolicyArns"],
        indifferent: ["AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "Tags"],
      },
      "AWS::IAM::Policy": { create: createInlinePolicy, honours: ["PolicyName", "PolicyDocument", "Roles"] },
      "AWS::IAM::RolePolicy": { create: createInlinePolicy, honours: ["PolicyName", "PolicyDocument", "RoleName"] },
      "AWS::IAM::ManagedPolicy": {
        create: createManagedPolicy,
        honours: ["ManagedPolicyName", "Path", "PolicyDocument", "Roles"],
        indifferent: ["Description"],
      },
    },
    statements: roleName => {
      const known = cache.get(roleName)
      if (known !== undefined) return known
      const own = written(roleName).map(({ statement }) => statement)
      const foreign = [...(attached.get(roleName) ?? [])].flatMap(policyArn => awsManagedPolicy(policyArn) ?? [])
      cache.set(roleName, [...own, ...foreign])
      return [...own, ...foreign]
    },
    arnOf: roleName => arns.get(roleName) ?? arn("role", "/", roleName),
    all: () => [...arns.keys()].flatMap(written),
  }
}
