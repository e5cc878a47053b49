import { z } from "zod"

const flag = z.union([z.boolean(), z.string().transform(text => text === "true")])

export const PoolProperties = z.object({
  IdentityPoolName: z.string().optional(),
  AllowUnauthenticatedIdentities: flag,
  CognitoIdentityProviders: z.array(z.object({ ClientId: z.string(), ProviderName: z.string() })).default([]),
})

const MappingRule = z.object({
  Claim: z.string(),
  MatchType: z.enum(["Equals", "NotEqual", "Contains", "StartsWith"]),
  Value: z.string(),
  RoleARN: z.string(),
})

export const RoleMapping = z.object({
  IdentityProvider: z.string().optional(),
  Type: z.enum(["Token", "Rules"]),
  AmbiguousRoleResolution: z.enum(["AuthenticatedRole", "Deny"]).default("Deny"),
  RulesConfiguration: z.object({ Rules: z.array(MappingRule) }).optional(),
})

export const AttachmentProperties = z.object({
  IdentityPoolId: z.string(),
  Roles: z.object({ authenticated: z.string().optional(), unauthenticated: z.string().optional() }).default({}),
  RoleMappings: z.record(z.string(), RoleMapping).default({}),
})

/** An identity pool of the template with the roles that it gives. */
export interface IdentityPool {
  readonly id: string
  readonly properties: z.infer<typeof PoolProperties>
  roles: z.infer<typeof AttachmentProperties>
}

/** Who asks for credentials: nobody known, or a signed-in user of a user pool. */
export interface Login {
  readonly provider: string
  readonly userPoolId: string
  readonly clientId: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** The role that a pool gives to a guest or a user; undefined when it gives none. */
export function roleOf(pool: IdentityPool, login: Login | undefined): string | undefined {
  const { Roles, RoleMappings } = pool.roles
  if (login === undefined) return Roles.unauthenticated
  const key = `/${login.userPoolId}:${login.clientId}`
  const mapping = Object.entries(RoleMappings).find(([name, one]) => (one.IdentityProvider ?? name).endsWith(key))?.[1]
  if (mapping === undefined) return Roles.authenticated
  const preferred = login.claims["cognito:preferred_role"]
  const mapped =
    mapping.Type === "Rules" ? byRule(mapping, login) : typeof preferred === "string" ? preferred : undefined
  return mapped ?? (mapping.AmbiguousRoleResolution === "AuthenticatedRole" ? Roles.authenticated : undefined)
}

function byRule({ RulesConfiguration }: z.infer<typeof RoleMapping>, { claims }: Login): string | undefined {
  return RulesConfiguration?.Rules.find(({ Claim, MatchType, Value }) => {
    const values = [claims[Claim] ?? []].flat().map(String)
    if (MatchType === "NotEqual") return values.length > 0 && !values.includes(Value)
    if (MatchType === "Contains") return values.some(value => value.includes(Value))
    if (MatchType === "StartsWith") return values.some(value => value.startsWith(Value))
    return values.includes(Value)
  })?.RoleARN
}
