import { AwsError, type AwsReply, type JsonObject } from "../host.ts"
import { errorXml } from "./xml.ts"

/** How a request and its answer look on the wire. */
export type Protocol = "json1.0" | "json1.1" | "restJson" | "query" | "restXml" | "cbor"

export interface WireReply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Buffer
}

const contentTypes: Record<Protocol, string> = {
  "json1.0": "application/x-amz-json-1.0",
  "json1.1": "application/x-amz-json-1.1",
  restJson: "application/json",
  query: "text/xml",
  restXml: "application/xml",
  cbor: "application/cbor",
}

/** The protocol that a client speaks, by what it sends. */
export function protocolOf(service: string, headers: Readonly<Record<string, string>>): Protocol {
  const contentType = headers["content-type"] ?? ""
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return "cbor"
  if (contentType.startsWith("application/x-amz-json-1.1")) return "json1.1"
  if (contentType.startsWith("application/x-amz-json") || headers["x-amz-target"] !== undefined) return "json1.0"
  if (service === "s3") return "restXml"
  return contentType.startsWith("application/x-www-form-urlencoded") ? "query" : "restJson"
}

/** A service's reply as bytes. */
export function writeReply(reply: AwsReply, protocol: Protocol, requestId: string): WireReply {
  const { status = 200, body } = reply
  const isBytes = typeof body === "string" || Buffer.isBuffer(body)
  const headers = { "content-type": contentTypes[protocol], "x-amzn-requestid": requestId, ...reply.headers }
  return { status, headers, body: isBytes ? body : JSON.stringify(body) }
}

/** An error in the form that the client's protocol has for it. */
export function writeError(error: AwsError, protocol: Protocol, requestId: string, service = ""): WireReply {
  const headers = { "content-type": contentTypes[protocol], "x-amzn-requestid": requestId }
  const isPlain = protocol === "json1.0" || protocol === "json1.1" || protocol === "cbor"
  const status = error.code === "AccessDeniedException" && !isPlain ? 403 : error.status
  if (protocol === "query" || protocol === "restXml")
    return { status, headers, body: errorXml(protocol, queryCode(error.code), error.message, status, requestId) }
  const shape: JsonObject = {
    ...(protocol !== "restJson" && { __type: error.code }),
    message: error.message,
    ...error.detail,
  }
  return {
    status,
    headers: {
      ...headers,
      "content-type": protocol === "cbor" ? contentTypes.restJson : headers["content-type"],
      "x-amzn-errortype": error.code,
      ...(service === "sqs" && { "x-amzn-query-error": `${sqsQueryCode(error.code)};Sender` }),
    },
    body: JSON.stringify(shape),
  }
}

/** Whatever was thrown, as an error of AWS's. */
export function asAwsError(thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown
  if (thrown instanceof URIError) return new AwsError("InvalidURI", "Couldn't parse the specified URI.")
  return new AwsError("InternalFailure", thrown instanceof Error ? thrown.message : String(thrown), 500)
}

/** SQS spoke query before it spoke JSON; clients such as boto3 show the code that it had then. */
const sqsQueryCode = (code: string): string =>
  code === "QueueDoesNotExist" ? "AWS.SimpleQueueService.NonExistentQueue" : queryCode(code)

/** The older protocols have their own names for the same signature errors. */
function queryCode(code: string): string {
  const older: Record<string, string> = {
    MissingAuthenticationTokenException: "MissingAuthenticationToken",
    IncompleteSignatureException: "IncompleteSignature",
    InvalidSignatureException: "SignatureDoesNotMatch",
    UnrecognizedClientException: "InvalidClientTokenId",
    AccessDeniedException: "AccessDenied",
  }
  return older[code] ?? code
}
