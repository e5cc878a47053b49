import { type Authorize, rulesOf } from "./authorize.ts"
import { roleSuffices, type Tenancy } from "./manifest.ts"
import type { Actor } from "./message.ts"

/** Does the declaration need the actor's role in the tenant? */
export const needsRole = (authorize: Authorize): boolean => rulesOf(authorize).some(rule => rule.by === "member")

/** May this actor ask this, given the role that the membership's stream says? */
export function mayAsk(
  authorize: Authorize,
  actor: Actor,
  data: Readonly<Record<string, unknown>>,
  tenancy: Tenancy,
): boolean {
  return rulesOf(authorize).some(rule => {
    if (rule.by === "open") return true
    if (rule.by === "backend") return actor.kind === "automation"
    if (actor.kind === "client") return rule.by === "member" && roleSuffices(tenancy, actor.role, rule.role)
    if (actor.kind !== "person") return false
    if (rule.by === "person") return true
    if (rule.by === "self") return data[rule.field] === actor.id
    if (rule.by === "verifiedEmail") return actor.email !== undefined
    if (rule.by === "group") return actor.groups.includes(rule.group)
    return roleSuffices(tenancy, actor.role, rule.role)
  })
}
