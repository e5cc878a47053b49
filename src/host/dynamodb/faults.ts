import { createHash } from "node:crypto"
import { createFaultPoint } from "../faultPoint.ts"
import { AwsError, type Fault, type Host, type JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"
import { stableText } from "../stableText.ts"
import { type Access, isWrite } from "./accesses.ts"
import { tableNameOf } from "./arns.ts"
import type { Catalogue } from "./catalogue.ts"

/** Asks the fault plan about a call; a message id is the operation and the keys it touches, so that a retry is the next attempt of the same message. */
export function createFaultPlan(host: Host, catalogue: Catalogue) {
  const faultAt = createFaultPoint(host, "sdk")
  return (operation: string, accesses: readonly Access[], input: JsonObject): Fault | undefined =>
    faultAt(() => messageId(operation, accesses, input, catalogue))
}

/** The error that a throttled, conflicting or lost call answers; undefined when this operation cannot fail so. */
export function faultError(fault: Fault, operation: string, accesses: readonly Access[]): AwsError | undefined {
  const isTransaction = operation.startsWith("Transact")
  switch (fault.kind) {
    case "throttle":
      return isTransaction
        ? cancelled("ThrottlingError", throttled, accesses.length)
        : new AwsError("ProvisionedThroughputExceededException", throttled)
    case "conflict":
      if (isTransaction) return cancelled("TransactionConflict", "Transaction is ongoing for the item", accesses.length)
      return accesses.some(isWrite) && operation !== "BatchWriteItem"
        ? new AwsError("TransactionConflictException", "Transaction is ongoing for the item")
        : undefined
    case "drop":
    case "timeout":
      return lost()
    default:
      return undefined
  }
}

/** What the caller sees when the work was done and its answer was lost. */
export function lost(): AwsError {
  return new AwsError("InternalServerError", "Internal server error", 500)
}

const throttled =
  "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."

function cancelled(code: string, message: string, items: number): AwsError {
  const codes = [code, ...Array<string>(Math.max(0, items - 1)).fill("None")]
  return new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(", ")}]`,
    400,
    { CancellationReasons: codes.map(Code => (Code === "None" ? { Code } : { Code, Message: message })) },
  )
}

/** Splits a batch as AWS does when it cannot take all of it: what goes through now, and what the answer gives back. */
export function splitBatch(operation: string, input: JsonObject): { taken: JsonObject; left: JsonObject } | undefined {
  if (operation !== "BatchWriteItem") return undefined
  const requests = Object.entries(objectOf(input.RequestItems)).map(([table, all]) => [table, listOf(all)] as const)
  if (requests.reduce((count, [, all]) => count + all.length, 0) < 2) return undefined
  const part = (from: (count: number) => number, to: (count: number) => number) =>
    Object.fromEntries(
      requests
        .map(([table, all]) => [table, all.slice(from(all.length), to(all.length))] as const)
        .filter(([, some]) => some.length > 0),
    )
  const half = (count: number) => Math.ceil(count / 2)
  return { taken: { ...input, RequestItems: part(() => 0, half) }, left: part(half, count => count) }
}

function messageId(operation: string, accesses: readonly Access[], input: JsonObject, catalogue: Catalogue): string {
  const touched = accesses.map(({ table, index, item }) => {
    const name = tableNameOf(table)
    const info = catalogue.get(name)
    const keys = [info?.hashKey, info?.rangeKey].map(key => (key === undefined ? undefined : item?.[key]))
    return [
      name,
      index,
      ...(item === undefined ? [input.KeyConditionExpression, input.ExpressionAttributeValues] : keys),
      // What a generated key does not tell, the command that an item belongs to does.
      ...(item?.commandId === undefined ? [] : [item.commandId]),
    ]
  })
  const text = stableText(JSON.stringify(touched))
  return `${operation}|${text.length <= 200 ? text : createHash("sha256").update(text).digest("base64url")}`
}
