import { Pool } from "undici"
import { AwsError, type Json, type JsonObject } from "../host.ts"
import { objectOf } from "../json.ts"

/** An answer of DynamoDB, its body as it came. */
export interface BackendReply {
  readonly status: number
  readonly body: Buffer
}

/** The DynamoDB behind the host. */
export interface Backend {
  /** Sends a request body as it is; an error comes back as a reply. */
  send(operation: string, body: string | Buffer): Promise<BackendReply>
  /** Throws AwsError as DynamoDB does. */
  call(operation: string, input: JsonObject): Promise<JsonObject>
  close(): Promise<void>
}

const connectionsMax = 16
const streamOperations = new Set(["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"])

/** dynoxide and DynamoDB Local ask that a signature is there and complete; they never verify it. */
const authorization =
  "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0"

/** Talks to a DynamoDB by HTTP. */
export function createBackend(url: string): Backend {
  const { origin } = new URL(url)
  const pool = new Pool(origin, { connections: connectionsMax })

  const send = async (operation: string, body: string | Buffer): Promise<BackendReply> => {
    const api = streamOperations.has(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810"
    const reply = await pool.request({
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `${api}.${operation}`,
        "x-amz-date": "20260101T000000Z",
        authorization,
      },
      body,
    })
    return { status: reply.statusCode, body: Buffer.from(await reply.body.arrayBuffer()) }
  }

  return {
    send,
    call: async (operation, input) => resultOf(await send(operation, JSON.stringify(input))),
    close: () => pool.destroy(),
  }
}

/** The object in a reply. Throws AwsError when the reply is an error. */
export function resultOf(reply: BackendReply): JsonObject {
  const body: Json = JSON.parse(reply.body.toString("utf8") || "{}")
  if (reply.status < 400) return objectOf(body)
  const { __type, message, Message, ...detail } = objectOf(body)
  const code = String(__type ?? "InternalServerError")
  throw new AwsError(code.slice(code.lastIndexOf("#") + 1), String(message ?? Message ?? ""), reply.status, detail)
}
