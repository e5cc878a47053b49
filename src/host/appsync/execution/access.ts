import type { Host } from "../../host.ts"
import type { ApiConfig } from "../api.ts"
import type { Caller } from "../auth/caller.ts"
import type { ApiSchema, FieldRules } from "../schema/schema.ts"

/** May this caller read the field? Asked for every field of a request. */
export type Access = (caller: Caller, typeName: string, fieldName: string) => boolean

/**
 * The authorization of one API's fields: the directives of field or type (OR), else the default mode and the default action of
 * its user pool; `appsync:GraphQL` for a signer's root fields; what a Lambda authorizer denied.
 */
export function createAccess(host: Host, config: ApiConfig, { schema, rulesOf }: ApiSchema): Access {
  const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const rootNames = new Set(rootTypes.map(type => type?.name))
  const isMultiMode = config.additional.length > 0
  const deniesByDefault = config.defaultMode.userPool?.defaultAction === "DENY"

  const byDirectives = (caller: Caller, { admissions, awsAuthGroups }: FieldRules): boolean => {
    if (isMultiMode && admissions !== undefined) {
      return admissions.some(one => one.mode === caller.mode && isInGroups(caller, one.groups))
    }
    if (caller.mode !== config.defaultMode.mode) return false
    if (!isMultiMode && awsAuthGroups !== undefined) return isInGroups(caller, awsAuthGroups)
    return !deniesByDefault
  }

  const byDenials = ({ deniedFields }: Caller, typeName: string, fieldName: string): boolean =>
    !deniedFields?.has(`${typeName}.${fieldName}`) && !deniedFields?.has(fieldArn(config, typeName, fieldName))

  return (caller, typeName, fieldName) => {
    if (!byDirectives(caller, rulesOf(typeName, fieldName))) return false
    if (!byDenials(caller, typeName, fieldName)) return false
    return !rootNames.has(typeName) || isAllowedByPolicy(host, caller, fieldArn(config, typeName, fieldName))
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
