import { parseBody } from "../endpoint/operations.ts"
import { type AwsCall, AwsError, type AwsReply, type Host } from "../host.ts"
import type { AsyncQueue } from "./asyncQueue.ts"
import { functionConfiguration } from "./function.ts"
import type { Functions } from "./functions.ts"
import type { Mappings } from "./mappings/mappings.ts"
import { checkMayInvoke, policyOf } from "./permissions.ts"
import { contentId, type Run } from "./run.ts"

/** What the Lambda API works on. */
export interface LambdaParts {
  readonly functions: Functions
  readonly mappings: Mappings
  readonly queue: AsyncQueue
  readonly run: Run
  /** Collects the lines of one invocation until the returned function is called. */
  readonly collectLog: (requestId: string) => () => string[]
}

const requestBytesMax = 6_291_456
const asyncRequestBytesMax = 1_048_576
const tailBytesMax = 4096

/** Answers SDK calls of the Lambda API (REST, 2015-03-31). */
export function createLambdaApi(host: Host, parts: LambdaParts): (call: AwsCall) => Promise<AwsReply> {
  const { functions, mappings } = parts

  return async call => {
    const [root, id, part] = call.path
      .replace(/^\/\d{4}-\d{2}-\d{2}\//, "")
      .split("/")
      .map(decodeURIComponent)
    const allow = (action: string, arn: string) => host.iam.authorize(call.principal, `lambda:${action}`, arn)

    if (root === "functions" && id !== undefined && id !== "") {
      const qualifier = call.query.get("Qualifier")
      const { deployed, arn } = functions.find(qualifier === null ? id : `${id}:${qualifier}`)
      if (part === "invocations") return invoke(host, parts, call, arn)
      if (call.method === "GET" && part === "policy") {
        allow("GetPolicy", arn)
        return { body: { Policy: JSON.stringify(policyOf(deployed)) } }
      }
      if (call.method === "GET" && part === "configuration") {
        allow("GetFunctionConfiguration", arn)
        return { body: functionConfiguration(deployed.lambda) }
      }
      if (call.method === "GET" && part === undefined) {
        allow("GetFunction", arn)
        return {
          body: { Configuration: functionConfiguration(deployed.lambda), Code: { Location: deployed.lambda.taskRoot } },
        }
      }
    }
    if (root === "functions" && call.method === "GET") {
      allow("ListFunctions", "*")
      return { body: { Functions: [...functions.all()].map(({ lambda }) => functionConfiguration(lambda)) } }
    }
    if (root === "event-source-mappings") return answerMappings(call, id, mappings, functions, allow)
    throw new AwsError(
      "UnknownOperationException",
      `This host has no Lambda operation ${call.method} ${call.path}`,
      404,
    )
  }
}

function answerMappings(
  call: AwsCall,
  id: string | undefined,
  mappings: Mappings,
  functions: Functions,
  allow: (action: string, arn: string) => void,
): AwsReply {
  if (id === undefined || id === "") {
    allow("ListEventSourceMappings", "*")
    const name = call.query.get("FunctionName")
    const functionName = name === null ? undefined : functions.find(name).deployed.lambda.name
    const sourceArn = call.query.get("EventSourceArn") ?? undefined
    return { body: { EventSourceMappings: mappings.list({ functionName, sourceArn }) } }
  }
  const mapping = mappings.get(id)
  const arn = String(mapping.EventSourceMappingArn)
  if (call.method === "GET") {
    allow("GetEventSourceMapping", arn)
    return { body: mapping }
  }
  if (call.method !== "PUT") throw new AwsError("UnknownOperationException", "Mappings come from the template", 404)
  allow("UpdateEventSourceMapping", arn)
  const { Enabled, ...others } = parseBody(call)
  const unsupported = Object.keys(others).filter(name => name !== "FunctionName")
  if (unsupported.length > 0) {
    throw new AwsError(
      "InvalidParameterValueException",
      `This host changes only Enabled, not ${unsupported.join(", ")}: change the template`,
    )
  }
  return { status: 202, body: typeof Enabled === "boolean" ? mappings.enable(id, Enabled) : mapping }
}

async function invoke(
  host: Host,
  { functions, queue, run, collectLog }: LambdaParts,
  call: AwsCall,
  arn: string,
): Promise<AwsReply> {
  checkMayInvoke(host, functions.find(arn).deployed, arn, { principal: call.principal })
  const type = call.headers["x-amz-invocation-type"] ?? "RequestResponse"
  if (type === "DryRun") return { status: 204, body: "" }
  const event = eventText(call, type === "Event" ? asyncRequestBytesMax : requestBytesMax)
  const { requestId } = call
  const messageId = contentId(event)
  if (type === "Event") {
    queue.accept({ function: arn, event, requestId, messageId })
    return { status: 202, body: "" }
  }

  const lines = call.headers["x-amz-log-type"] === "Tail" ? collectLog(requestId) : undefined
  const outcome = await run({
    function: arn,
    event,
    requestId,
    messageId,
    clientContext: clientContextOf(call),
  }).finally(() => (lines === undefined ? undefined : setImmediate(lines)))
  const headers: Record<string, string> = { "Content-Type": "application/json", "X-Amz-Executed-Version": "$LATEST" }
  if ("error" in outcome) headers["X-Amz-Function-Error"] = "Unhandled"
  if (lines !== undefined)
    headers["X-Amz-Log-Result"] = Buffer.from(lines().join("\n")).subarray(-tailBytesMax).toString("base64")
  return { status: 200, headers, body: "error" in outcome ? JSON.stringify(outcome.error) : outcome.result }
}

function eventText(call: AwsCall, bytesMax: number): string {
  if (call.body.length > bytesMax) {
    const message = `Request must be smaller than ${bytesMax} bytes for the InvokeFunction operation`
    throw new AwsError("RequestTooLargeException", message, 413, { Type: "User" })
  }
  const text = call.body.length === 0 ? "{}" : call.body.toString("utf8")
  try {
    JSON.parse(text)
    return text
  } catch (error) {
    const message = `Could not parse request body into json: ${error instanceof Error ? error.message : error}`
    throw new AwsError("InvalidRequestContentException", message, 400, { Type: "User" })
  }
}

function clientContextOf(call: AwsCall): unknown {
  const header = call.headers["x-amz-client-context"]
  return header === undefined ? undefined : JSON.parse(Buffer.from(header, "base64").toString("utf8"))
}
