import { type Context, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"

const watchSeconds = 3600

/** Notes that somebody looks at a trace live, so that its steps are pushed. */
export function request(ctx: Context) {
  return {
    operation: "PutItem",
    key: util.dynamodb.toMapValues({ id: `watch/${ctx.args.traceId}`, step: "." }),
    attributeValues: util.dynamodb.toMapValues({ expiresAt: util.time.nowEpochSeconds() + watchSeconds }),
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  return null
}
