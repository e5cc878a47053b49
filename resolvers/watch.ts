import { type Context, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"
import type { Watched } from "./parts/stash.ts"

/** No subscription lives longer. */
const watchSeconds = 24 * 3600

/** Notes what a subscription waits for: the backend pushes only what somebody watches. */
export function request(ctx: Context) {
  const { kind, of }: Watched = ctx.stash.watched
  const scopes = {
    scope: ctx.stash.scope,
    command: `${ctx.stash.caller.id}/${ctx.args.commandId}`,
    trace: ctx.args.traceId,
  }
  return {
    operation: "PutItem",
    key: util.dynamodb.toMapValues({ id: `watch/${scopes[of]}`, step: kind }),
    attributeValues: util.dynamodb.toMapValues({ expiresAt: util.time.nowEpochSeconds() + watchSeconds }),
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  return null
}
