import { type Context, runtime, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"
import { lacksKey, partitionKey } from "./parts/keys.ts"
import { pageLimit, rowOf } from "./parts/rows.ts"
import type { ReadConstants } from "./parts/stash.ts"

/** Reads a page of a list. */
export function request(ctx: Context) {
  const { view, partition, index }: ReadConstants = ctx.stash.read
  const fields: Record<string, unknown> | null = ctx.stash.fields
  if (lacksKey(fields, partition)) return runtime.earlyReturn({ items: [], nextToken: null })
  const query = {
    operation: "Query",
    query: {
      expression: "#partition = :partition",
      expressionNames: { "#partition": index ? `partition${index}` : "partition" },
      expressionValues: util.dynamodb.toMapValues({ ":partition": partitionKey(view, partition, fields) }),
    },
    limit: pageLimit(ctx),
    nextToken: ctx.args.nextToken,
  }
  return index ? { ...query, index: `index${index}` } : { ...query, consistentRead: true }
}

export function response(ctx: Context) {
  failOnError(ctx)
  const { projection }: ReadConstants = ctx.stash.read
  return {
    items: ctx.result.items.map((item: Record<string, unknown>) => rowOf(item, projection)),
    nextToken: ctx.result.nextToken,
  }
}
