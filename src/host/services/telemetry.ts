import type { AwsCall, AwsReply, Service } from "../host.ts"

const emptyCborMap = Buffer.from([0xa0])

/** Takes metrics, logs and traces and keeps none of them: what a function prints is shown by the host itself. */
export function createTelemetryService(): Service {
  return { name: "telemetry", signingNames: ["monitoring", "logs", "xray"], handle: async call => accept(call) }
}

function accept(call: AwsCall): AwsReply {
  if (call.headers["smithy-protocol"] === "rpc-v2-cbor")
    return { headers: { "smithy-protocol": "rpc-v2-cbor" }, body: emptyCborMap }
  const action = new URLSearchParams(call.body.toString("utf8")).get("Action")
  return { body: call.operation === undefined && action !== null ? `<${action}Response/>` : {} }
}
