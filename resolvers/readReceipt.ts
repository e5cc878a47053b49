import { type Context, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"

const receiptsMax = 100

/** Reads the caller's own receipt of a command: of the given tenant, else the newest. */
export function request(ctx: Context) {
  return {
    operation: "Query",
    query: {
      expression: "#id = :id",
      expressionNames: { "#id": "id" },
      expressionValues: util.dynamodb.toMapValues({ ":id": `receipt/${ctx.stash.caller.id}/${ctx.args.commandId}` }),
    },
    limit: receiptsMax,
    consistentRead: true,
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  const { tenant } = ctx.args
  let newest: Record<string, string> | null = null
  for (const item of ctx.result.items)
    if ((!tenant || item.tenant === tenant) && (!newest || movedAt(item) > movedAt(newest))) newest = item
  ctx.stash.receipt = newest ? { ...newest, duplicate: newest.duplicate ?? false, protected: true } : null
  return ctx.stash.receipt
}

function movedAt(receipt: Record<string, string>): string {
  return receipt.settledAt ?? receipt.acceptedAt ?? ""
}
