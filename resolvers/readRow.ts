import { type Context, runtime, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"
import { lacksKey, normalized, partitionKey } from "./parts/keys.ts"
import { rowOf } from "./parts/rows.ts"
import type { ReadConstants } from "./parts/stash.ts"

const retryAfterMs = 200

/** Reads one row by its key. */
export function request(ctx: Context) {
  const { view, partition }: ReadConstants = ctx.stash.read
  const fields: Record<string, unknown> | null = ctx.stash.fields
  if (lacksKey(fields, partition)) return runtime.earlyReturn(null)
  return {
    operation: "GetItem",
    key: util.dynamodb.toMapValues({ partition: partitionKey(view, partition, fields), sort: "." }),
    consistentRead: true,
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  const { projection, unique }: ReadConstants = ctx.stash.read
  const wantedVersion = ctx.args.atLeastVersion ?? 0
  const haveVersion = ctx.result ? (ctx.result.version ?? 0) : 0
  if (haveVersion < wantedVersion)
    util.error(`Version ${wantedVersion} is not visible yet.`, "NotYetVisible", null, {
      haveVersion,
      wantedVersion,
      retryAfterMs,
    })
  if (!ctx.result || ctx.result.gone) return null
  const row = rowOf(ctx.result, projection)
  return unique && normalized(row[unique]) !== normalized(ctx.args[unique]) ? null : row
}
