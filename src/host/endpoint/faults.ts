import { createHash } from "node:crypto"
import { type AwsCall, AwsError, type Host } from "../host.ts"
import { listOf } from "../json.ts"
import { parseBody } from "./operations.ts"

/**
 * What the fault plan does to an SDK call. `lost`: the connection breaks before anything happened; `loseAck`: after it happened.
 * Throws AwsError ThrottlingException | TransactionCanceledException | TransactionConflictException. A retry counts as the same call (`amz-sdk-request`).
 */
export async function faultOf(host: Host, call: AwsCall): Promise<"lost" | "loseAck" | undefined> {
  const attempt = Number(/attempt=(\d+)/.exec(call.headers["amz-sdk-request"] ?? "")?.[1] ?? 1)
  const fault = host.faults.at("sdk", messageId(call), attempt)
  if (fault === undefined) return undefined
  if (fault.kind === "throttle") throw new AwsError("ThrottlingException", "Rate exceeded")
  if (fault.kind === "conflict") throwConflict(call)
  if (fault.kind === "delay") await host.clock.sleep(fault.ms)
  if (fault.kind === "loseAck") return "loseAck"
  return fault.kind === "drop" || fault.kind === "timeout" ? "lost" : undefined
}

/** A conflict is of DynamoDB's writes; any other call goes on. */
function throwConflict(call: AwsCall): void {
  if (/^(Put|Update|Delete)Item$/.test(call.operation ?? ""))
    throw new AwsError("TransactionConflictException", "Transaction is ongoing for the item")
  if (call.operation !== "TransactWriteItems") return
  const items = listOf(parseBody(call).TransactItems)
  const reasons = items.map((_, index) => ({ Code: index === 0 ? "TransactionConflict" : "None" }))
  const codes = reasons.map(reason => reason.Code).join(", ")
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`
  throw new AwsError("TransactionCanceledException", message, 400, { CancellationReasons: reasons })
}

/** A repeat of the same call has the same id. */
function messageId({ service, operation, method, path, body }: AwsCall): string {
  return `${service}|${operation ?? `${method} ${path}`}|${createHash("sha256").update(body).digest("base64url").slice(0, 16)}`
}
