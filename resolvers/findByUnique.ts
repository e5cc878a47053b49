import { type Context, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"
import { encoded, normalized } from "./parts/keys.ts"
import type { ReadConstants } from "./parts/stash.ts"

const pointersMax = 10

/** Finds the key fields of the row that holds a unique value; what follows authorizes and reads the row itself. */
export function request(ctx: Context) {
  const { view, unique }: ReadConstants = ctx.stash.read
  const value = encoded(normalized(ctx.args[`${unique}`]))
  return {
    operation: "Query",
    query: {
      expression: "#partition = :partition",
      expressionNames: { "#partition": "partition" },
      expressionValues: util.dynamodb.toMapValues({ ":partition": `unique/${view}.${unique}/${value}` }),
    },
    limit: pointersMax,
    consistentRead: true,
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  let newest: { row: unknown; at?: string } | null = null
  for (const item of ctx.result.items) if (!newest || (item.at ?? "") > (newest.at ?? "")) newest = item
  ctx.stash.fields = newest ? newest.row : null
  return null
}
