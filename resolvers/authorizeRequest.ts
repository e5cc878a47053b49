import { type Context, runtime, util } from "@aws-appsync/utils"
import { type Caller, callerOf } from "./parts/caller.ts"
import { failOnError } from "./parts/failure.ts"
import { encoded } from "./parts/keys.ts"
import type { Authorization, Rules } from "./parts/stash.ts"

/** Refuses whom no rule admits; reads the caller's membership only when nothing else decides. */
export function request(ctx: Context) {
  const { rules, tenantField, memberships }: Authorization = ctx.stash.authorization
  const caller = callerOf(ctx)
  ctx.stash.caller = caller
  if (ctx.stash.emailField) ctx.stash.fields[ctx.stash.emailField] = caller.email
  const fields: Record<string, unknown> | null = ctx.stash.fields
  if (fields === null) return runtime.earlyReturn(null)
  if (ctx.stash.scopeField) ctx.stash.scope = encoded(fields[ctx.stash.scopeField])
  if (isAdmitted(rules, caller, fields)) return runtime.earlyReturn(null)
  const tenant = fields[tenantField]
  if (!rules.roles || caller.kind !== "person" || !tenant) {
    if ((rules.ownEmail || rules.verifiedEmail) && caller.kind === "person" && !caller.email)
      util.error("This takes a token with a verified e-mail address: send the ID token.", "VerifiedEmailMissing")
    refuse(ctx)
    return runtime.earlyReturn(null)
  }
  return {
    operation: "Query",
    query: {
      expression: "#partition = :partition AND begins_with(#sort, :sort)",
      expressionNames: { "#partition": "partition", "#sort": "sort" },
      expressionValues: util.dynamodb.toMapValues({
        ":partition": `${encoded(caller.id)}/${memberships}`,
        ":sort": `${encoded(tenant)}/`,
      }),
    },
    consistentRead: true,
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  const roles: string[] = ctx.stash.authorization.rules.roles
  const suffices = ctx.result.items.some(
    (item: { row?: { role: string } }) => item.row && roles.includes(item.row.role),
  )
  if (!suffices) refuse(ctx)
  return null
}

function isAdmitted(rules: Rules, caller: Caller, fields: Record<string, unknown>): boolean {
  if (rules.open) return true
  if (caller.kind === "automation") return rules.backend === true
  if (caller.kind !== "person") return false
  if (rules.person) return true
  if (caller.email && (rules.verifiedEmail || (rules.ownEmail && fields[rules.ownEmail] === caller.email))) return true
  if (rules.self?.some(field => fields[field] === caller.id)) return true
  return rules.groups ? rules.groups.some(group => caller.groups.includes(group)) : false
}

function refuse(ctx: Context): void {
  if (!ctx.stash.authorization.hidden) util.unauthorized()
  ctx.stash.fields = null
}
