import type { Host } from "../../host.ts"
import type { ApiConfig } from "../api.ts"
import type { Caller } from "../auth/caller.ts"
import type { ApiSchema, FieldRules } from "../schema/schema.ts"

/** May this caller read the field? Asked for every field of a request. */
export type Access = (caller: Caller, typeName: string, fieldName: string) => boolean

/**
 * The authorization of one API's fields: the directives of field or type (OR), else the default mode; the default action of
 * a user pool, for root fields; `appsync:GraphQL` for a signer's root fields; what a Lambda authorizer denied.
 */
export function createAccess(host: Host, config: ApiConfig, { schema, rulesOf }: ApiSchema): Access {
  const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const rootNames = new Set(rootTypes.map(type => type?.name))
  const isMultiMode = config.additional.length > 0
  const deniesByDefault = config.defaultMode.userPool?.defaultAction === "DENY"

  const byDirectives = (caller: Caller, { admissions, awsAuthGroups }: FieldRules, isRoot: boolean): boolean => {
    if (isMultiMode && admissions !== undefined) {
      return admissions.some(one => one.mode === caller.mode && isInGroups(caller, one.groups))
    }
    if (caller.mode !== config.defaultMode.mode) return false
    if (!isMultiMode && awsAuthGroups !== undefined) return isInGroups(caller, awsAuthGroups)
    return !(isRoot && deniesByDefault)
  }

  const byDenials = ({ deniedFields }: Caller, typeName: string, fieldName: string): boolean =>
    !deniedFields?.has(`${typeName}.${fieldName}`) && !deniedFields?.has(fieldArn(config, typeName, fieldName))

  return (caller, typeName, fieldName) => {
    const isRoot = rootNames.has(typeName)
    if (!byDirectives(caller, rulesOf(typeName, fieldName), isRoot)) return false
    if (!byDenials(caller, typeName, fieldName)) return false
    return !isRoot || isAllowedByPolicy(host, caller, fieldArn(config, typeName, fieldName))
  }
}

const fieldArn = (config: ApiConfig, typeName: string, fieldName: string): string =>
  `${config.arn}/types/${typeName}/fields/${fieldName}`

const isInGroups = (caller: Caller, groups: readonly string[] | undefined): boolean =>
  groups === undefined || groups.some(group => caller.groups.includes(group))

function isAllowedByPolicy(host: Host, { principal }: Caller, arn: string): boolean {
  if (principal === undefined) return true
  try {
    host.iam.authorize(principal, "appsync:GraphQL", arn)
    return true
  } catch {
    return false
  }
}
