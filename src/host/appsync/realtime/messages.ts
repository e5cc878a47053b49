import type { Json, JsonObject } from "../../host.ts"
import { objectOf, textOf } from "../../json.ts"
import type { GraphqlRequest } from "../execution/request.ts"

/** One entry of the errors that the real-time protocol sends. */
export interface RealtimeError {
  readonly errorType?: string
  readonly message?: string
  readonly errorCode?: number
}

/** What the server says. */
export type ServerMessage =
  | { readonly type: "connection_ack"; readonly payload: { readonly connectionTimeoutMs: number } }
  | { readonly type: "ka" }
  | { readonly type: "start_ack"; readonly id: string }
  | { readonly type: "data"; readonly id: string; readonly payload: object }
  | { readonly type: "complete"; readonly id: string; readonly payload?: { readonly message: string } }
  | { readonly type: "error"; readonly id?: string; readonly payload: { readonly errors: readonly RealtimeError[] } }
  | { readonly type: "connection_error"; readonly payload: { readonly errors: readonly RealtimeError[] } }

/** What a client says, as far as AppSync understands it. */
export type ClientMessage =
  | { readonly type: "connection_init" }
  | {
      readonly type: "start"
      readonly id: string
      readonly data: string
      readonly authorization: Record<string, string>
    }
  | { readonly type: "stop"; readonly id: string }
  | { readonly type: "unknown"; readonly id: string | undefined }

/** Reads a text frame; whatever is not a message of the protocol is `unknown`. */
export function readClientMessage(frame: string): ClientMessage {
  const message = objectOf(parse(frame))
  const id = textOf(message.id)
  const payload = objectOf(message.payload)
  const data = textOf(payload.data)
  if (message.type === "connection_init") return { type: "connection_init" }
  if (message.type === "stop" && id !== undefined) return { type: "stop", id }
  if (message.type === "start" && id !== undefined && data !== undefined) {
    return { type: "start", id, data, authorization: readHeaders(objectOf(payload.extensions).authorization) }
  }
  return { type: "unknown", id }
}

/** The GraphQL request inside a `start`; undefined when it is none. */
export function readRequest(data: string): GraphqlRequest | undefined {
  const request = objectOf(parse(data))
  const query = textOf(request.query)
  const operationName = textOf(request.operationName)
  if (query === undefined) return undefined
  return { query, variables: objectOf(request.variables), ...(operationName && { operationName }) }
}

/** Headers that travel in JSON (at connect, in a `start`), with lower-case names. */
export const readHeaders = (value: Json | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(value)).flatMap(([name, header]) =>
      typeof header === "string" ? [[name.toLowerCase(), header]] : [],
    ),
  )

/** JSON in base64 or base64url, as clients put headers into a URL or a sub-protocol. */
export const readEncodedHeaders = (encoded: string): Record<string, string> =>
  readHeaders(parse(Buffer.from(encoded, "base64").toString()))

function parse(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}
