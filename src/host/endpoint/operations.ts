import { type AwsCall, AwsError, type AwsReply, type Json, type JsonObject } from "../host.ts"
import { queryReply, type XmlValue } from "./xml.ts"

export type JsonOperation = (input: JsonObject, call: AwsCall) => JsonObject | Promise<JsonObject>

/** Answers the calls of a service that speaks AWS JSON, by operation name. Throws AwsError UnknownOperationException | SerializationException. */
export function jsonOperations(operations: Record<string, JsonOperation>): (call: AwsCall) => Promise<AwsReply> {
  return async call => {
    const operation = Object.hasOwn(operations, call.operation ?? "") ? operations[call.operation ?? ""] : undefined
    if (operation === undefined)
      throw new AwsError("UnknownOperationException", `${call.service} ${call.operation} is not supported by this host`)
    return { body: await operation(parseBody(call), call) }
  }
}

/** Input members of a query call, names as on the wire (`Tags.member.1.Key`). */
export type QueryOperation = (input: URLSearchParams, call: AwsCall) => XmlValue | Promise<XmlValue>

/** Answers the calls of a service that speaks AWS query. Throws AwsError InvalidAction. */
export function queryOperations(
  namespace: string,
  operations: Record<string, QueryOperation>,
): (call: AwsCall) => Promise<AwsReply> {
  return async call => {
    const input = new URLSearchParams(`${call.query}&${call.body}`)
    const action = input.get("Action") ?? ""
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined
    if (operation === undefined)
      throw new AwsError("InvalidAction", `${call.service} ${action} is not supported by this host`)
    return { body: queryReply(action, namespace, await operation(input, call), call.requestId) }
  }
}

/** The JSON object in a call's body; an empty body is an empty object. */
export function parseBody(call: Pick<AwsCall, "body">): JsonObject {
  if (call.body.length === 0) return {}
  try {
    const value: Json = JSON.parse(call.body.toString("utf8"))
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value
  } catch {}
  throw new AwsError("SerializationException", "the body is no JSON object")
}

/** A text member that the operation needs. Throws AwsError ValidationException. */
export function required(input: JsonObject, name: string): string {
  const value = input[name]
  if (typeof value === "string" && value !== "") return value
  throw new AwsError("ValidationException", `Value at '${name}' failed to satisfy constraint: Member must not be null`)
}
