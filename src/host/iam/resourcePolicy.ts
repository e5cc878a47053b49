import type { Json, JsonObject, Principal, SessionContext } from "../host.ts"
import { requestContext } from "./conditions.ts"
import { matchesPattern } from "./patterns.ts"
import { type Decision, evaluate, type Statement, statementsOf } from "./policy.ts"

/** A caller as a resource policy sees it; `roleArn` is the role behind an assumed-role session. */
export interface PolicyCaller {
  readonly service?: string
  readonly sourceArn?: string
  readonly principal?: Principal
  readonly roleArn?: string
}

/** What a resource policy says of the caller. A statement without Resource is about the resource that carries the policy. */
export function resourcePolicyEffect(
  policy: JsonObject | undefined,
  caller: PolicyCaller,
  action: string,
  resource: string,
  own: SessionContext = {},
): Decision["effect"] {
  const statements = statementsOf(policy)
    .filter(statement => names(statement, caller))
    .map(statement =>
      statement.resources.length > 0 || statement.notResources ? statement : { ...statement, resources: ["*"] },
    )
  const callerArn = caller.principal?.kind === "anonymous" ? undefined : caller.principal?.arn
  const context = requestContext({
    "aws:SourceArn": caller.sourceArn,
    "aws:SourceAccount": caller.sourceArn?.split(":")[4] || undefined,
    "aws:PrincipalArn": caller.roleArn ?? callerArn,
    "aws:PrincipalAccount": callerArn?.split(":")[4],
    "aws:SecureTransport": "true",
    ...own,
  })
  return evaluate(statements, { action, resource, context }).effect
}

function names({ principal, notPrincipal }: Statement, caller: PolicyCaller): boolean {
  if (notPrincipal !== undefined) return !isNamed(notPrincipal, caller)
  return isNamed(principal ?? null, caller)
}

function isNamed(principal: Json, caller: PolicyCaller): boolean {
  if (principal === "*") return true
  if (typeof principal !== "object" || principal === null || Array.isArray(principal)) return false
  const services = [principal.Service ?? []].flat()
  if (caller.service !== undefined && services.some(name => matchesPattern(String(name), caller.service ?? "")))
    return true
  return [principal.AWS ?? []].flat().some(name => isCaller(String(name), caller))
}

/** An account as principal stands for its administrators here: a role needs its own name or an identity policy. */
function isCaller(name: string, { principal, roleArn, service }: PolicyCaller): boolean {
  if (name === "*") return principal !== undefined || service !== undefined
  if (principal === undefined || principal.kind === "anonymous") return false
  if (principal.kind === "root") return /^\d{12}$/.test(name) || name.endsWith(":root")
  return name === principal.arn || name === roleArn
}
