import { type Context, runtime, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"

const settled = ["COMMITTED", "PARKED", "PROJECTED", "REJECTED", "FAILED"]

/** What was decided, when the receipt does not say so yet. */
export function request(ctx: Context) {
  const { receipt, caller } = ctx.stash
  if (receipt && settled.includes(receipt.status)) return runtime.earlyReturn(receipt)
  const tenant = receipt ? receipt.tenant : (ctx.args.tenant ?? caller.id)
  return {
    operation: "GetItem",
    key: util.dynamodb.toMapValues({ id: `${tenant}/${caller.id}/${ctx.args.commandId}` }),
    consistentRead: true,
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  const { receipt, caller } = ctx.stash
  const record = ctx.result
  const traceId = receipt ? receipt.traceId : record?.data ? record.data.traceId : null
  if (record?.status !== "COMPLETED" || !traceId) return receipt
  const { stream, outcome } = record.data
  const parts: string[] = stream.split("/")
  return {
    duplicate: false,
    protected: true,
    commandId: ctx.args.commandId,
    actor: caller.id,
    tenant: record.id.split("/")[0],
    traceId,
    ...(receipt ?? {}),
    status: outcome.status,
    aggregateId: parts[parts.length - 1],
    version: outcome.version,
    rejection: outcome.rejection,
    reason: outcome.reason,
  }
}
