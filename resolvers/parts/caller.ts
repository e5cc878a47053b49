import { type AppSyncIdentityCognito, type Context, util } from "@aws-appsync/utils"

/** Who calls, as the credential alone says. */
export interface Caller {
  kind: "person" | "automation" | "anonymous"
  id: string
  /** Lower case; null unless the user pool verified it. */
  email: string | null
  groups: string[]
}

/** An automation names itself in `thread`, which only an IAM role may send. */
export function callerOf(ctx: Context): Caller {
  const mode = util.authType()
  const { thread } = ctx.args
  if (mode === "IAM Authorization") {
    if (!thread) util.unauthorized()
    return { kind: "automation", id: `automation:${thread.automation}`, email: null, groups: [] }
  }
  if (thread) util.unauthorized()
  if (mode !== "User Pool Authorization") return { kind: "anonymous", id: "anonymous", email: null, groups: [] }
  const { sub, claims, groups } = ctx.identity as AppSyncIdentityCognito
  const verified = claims.email_verified === true || claims.email_verified === "true"
  const email = verified && claims.email ? `${claims.email}`.trim().toLowerCase() : null
  return { kind: "person", id: sub, email, groups: groups || [] }
}
