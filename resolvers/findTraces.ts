import { type Context, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"
import { pageLimit } from "./parts/rows.ts"

/** Finds traces by a value that support knows, newest first. */
export function request(ctx: Context) {
  return {
    operation: "Query",
    query: {
      expression: "#id = :id",
      expressionNames: { "#id": "id" },
      expressionValues: util.dynamodb.toMapValues({ ":id": `find/${ctx.args.text.trim().toLowerCase()}` }),
    },
    limit: pageLimit(ctx),
    nextToken: ctx.args.nextToken,
    scanIndexForward: false,
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  return { items: ctx.result.items, nextToken: ctx.result.nextToken }
}
