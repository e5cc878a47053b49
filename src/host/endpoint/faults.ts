import { createHash } from "node:crypto"
import { type AwsCall, AwsError, type Host } from "../host.ts"
import { stableText } from "../stableText.ts"

/**
 * What the fault plan does to a function's SDK call. `lost`: the connection breaks before anything happened; `loseAck`: after it
 * happened; `killAfter`: and the function dies. A retry is the next attempt of the same call (`amz-sdk-request`). DynamoDB asks the plan itself, since its faults
 * depend on the items touched. Throws AwsError ThrottlingException.
 */
export async function faultOf(host: Host, call: AwsCall): Promise<"lost" | "loseAck" | "killAfter" | undefined> {
  if (call.principal.kind !== "role" || call.service === "dynamodb") return undefined
  const attempt = Number(/attempt=(\d+)/.exec(call.headers["amz-sdk-request"] ?? "")?.[1] ?? 1)
  const fault = host.faults.at("sdk", messageId(call), attempt)
  if (fault === undefined) return undefined
  if (fault.kind === "throttle") throw new AwsError("ThrottlingException", "Rate exceeded")
  if (fault.kind === "delay") await host.clock.sleep(fault.ms)
  if (fault.kind === "loseAck") return "loseAck"
  if (fault.kind === "kill" && fault.when === "after") return "killAfter"
  if (fault.kind === "kill") {
    killCaller(host, call)
    return "lost"
  }
  return fault.kind === "drop" || fault.kind === "timeout" ? "lost" : undefined
}

/** A repeat of the same call has the same id. */
function messageId({ service, operation, method, path, body }: AwsCall): string {
  const content = createHash("sha256")
    .update(stableText(body.toString("latin1")))
    .digest("base64url")
    .slice(0, 16)
  return `${service}|${operation ?? `${method} ${path}`}|${content}`
}

/** Ends the function that made a call: the SDK sends the invocation's trace header along. */
export const killCaller = (host: Host, { headers }: AwsCall) => host.lambda.kill?.(headers["x-amzn-trace-id"] ?? "")
