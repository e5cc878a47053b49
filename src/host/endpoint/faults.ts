import { createHash } from "node:crypto"
import { createFaultPoint } from "../faultPoint.ts"
import { type AwsCall, AwsError, type Host } from "../host.ts"
import { stableText } from "../stableText.ts"

/** What becomes of a call: the connection breaks before anything happened, after it, or after it and the function dies. */
export type CallFault = "lost" | "loseAck" | "killAfter"

/**
 * Asks the fault plan about functions' SDK calls. Whoever makes the same call again, the SDK or a later invocation, makes its next
 * attempt. DynamoDB asks the plan itself, since its faults depend on the items touched.
 */
export function createCallFaults(host: Host) {
  const faultAt = createFaultPoint(host, "sdk")

  /** Throws AwsError ThrottlingException. */
  return async (call: AwsCall): Promise<CallFault | undefined> => {
    if (call.principal.kind !== "role" || call.service === "dynamodb") return undefined
    const fault = faultAt(() => messageId(call))
    if (fault === undefined) return undefined
    if (fault.kind === "throttle") throw new AwsError("ThrottlingException", "Rate exceeded")
    if (fault.kind === "delay") await host.clock.sleep(fault.ms)
    if (fault.kind === "loseAck") return "loseAck"
    if (fault.kind === "kill") {
      if (fault.when === "after") return "killAfter"
      killCaller(host, call)
      return "lost"
    }
    return fault.kind === "drop" || fault.kind === "timeout" ? "lost" : undefined
  }
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
