import { createHash } from "node:crypto"
import type { Host } from "../host.ts"
import type { LambdaFunction } from "./function.ts"

/** A local port on which nothing listens: traces go nowhere. */
const closedPort = "127.0.0.1:9"

/** The environment variables that Lambda gives a function, and the SDK's way to this host. The laptop's own are not among them. */
export function environmentOf(host: Host, lambda: LambdaFunction, logStream: string): Record<string, string> {
  const credentials = host.iam.credentialsFor(lambda.roleArn, lambda.name)
  return {
    AWS_ENDPOINT_URL: host.url,
    ...lambda.environment,
    AWS_REGION: host.region,
    AWS_DEFAULT_REGION: host.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${lambda.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: lambda.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: lambda.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    AWS_XRAY_DAEMON_ADDRESS: closedPort,
    LAMBDA_TASK_ROOT: lambda.taskRoot,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    LANG: "en_US.UTF-8",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    TZ: ":UTC",
    _HANDLER: lambda.handler,
  }
}

/** An X-Ray header that follows from the request id, not sampled. */
export function traceHeaderOf(requestId: string, nowMs: number): string {
  const hash = createHash("sha256").update(requestId).digest("hex")
  const seconds = Math.floor(nowMs / 1000).toString(16)
  return `Root=1-${seconds}-${hash.slice(0, 24)};Parent=${hash.slice(24, 40)};Sampled=0`
}
