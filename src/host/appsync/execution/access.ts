import type { Host } from "../../host.ts"
import type { ApiConfig } from "../api.ts"
import type { Caller } from "../auth/caller.ts"
import type { ApiSchema, FieldRules } from "../schema/schema.ts"

const rootTypes = new Set(["Query", "Mutation", "Subscription"])

/** May this caller read the field? Asked for every field of a request. */
export type Access = (caller: Caller, typeName: string, fieldName: string) => boolean

/**
 * The authorization of one API's fields: the directives of field or type (OR), else the default mode; the default action of
 * a user pool; `appsync:GraphQL` for a signer's root fields; what a Lambda authorizer denied.
 */
export function createAccess(host: Host, config: ApiConfig, schema: ApiSchema): Access {
  const roots = new Map(
    [schema.schema.getQueryType(), schema.schema.getMutationType(), schema.schema.getSubscriptionType()].flatMap(
      (type, index) => (type ? [[type.name, [...rootTypes][index] ?? type.name]] : []),
    ),
  )
  const multiMode = config.additional.length > 0

  const byDirectives = (caller: Caller, rules: FieldRules, isRoot: boolean): boolean => {
    if (multiMode && rules.admissions !== undefined) {
      return rules.admissions.some(one => one.mode === caller.mode && isInGroups(caller, one.groups))
    }
    if (caller.mode !== config.defaultMode.mode) return false
    if (!multiMode && rules.awsAuthGroups !== undefined) return isInGroups(caller, rules.awsAuthGroups)
    return !isRoot || config.defaultMode.userPool?.defaultAction !== "DENY" || caller.identity === null
  }

  return (caller, typeName, fieldName) => {
    const root = roots.get(typeName)
    if (!byDirectives(caller, schema.rulesOf(typeName, fieldName), root !== undefined)) return false
    const arn = `${config.arn}/types/${typeName}/fields/${fieldName}`
    if (caller.deniedFields?.has(`${typeName}.${fieldName}`) || caller.deniedFields?.has(arn)) return false
    return root === undefined || caller.principal === undefined || isAllowedByPolicy(host, caller, arn)
  }
}

const isInGroups = (caller: Caller, groups: readonly string[] | undefined): boolean =>
  groups === undefined || groups.some(group => caller.groups.includes(group))

function isAllowedByPolicy(host: Host, { principal }: Caller, fieldArn: string): boolean {
  if (principal === undefined) return true
  try {
    host.iam.authorize(principal, "appsync:GraphQL", fieldArn)
    return true
  } catch {
    return false
  }
}
