import type { Host, Json, JsonObject } from "../../host.ts"
import { objectOf } from "../../json.ts"
import type { IntegrationRequest } from "./integrationRequest.ts"
import type { Result } from "./mapping.ts"

/**
 * A call of SQS by its older protocol (`Action=SendMessage&MessageBody=…`), which API Gateway's integrations speak, in the JSON
 * protocol that this host's SQS speaks. Undefined for one that is in JSON already.
 */
export function sqsCall(
  host: Host,
  asked: IntegrationRequest,
  { kind, rest }: { readonly kind: "path" | "action"; readonly rest: string },
) {
  if (asked.headers["x-amz-target"] !== undefined) return undefined
  const isForm = asked.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true
  const input = new URLSearchParams(isForm ? String(asked.body) : "")
  for (const [name, value] of Object.entries(asked.query)) input.set(name, value)
  const action = (kind === "action" ? rest : input.get("Action")) ?? ""
  input.delete("Action")
  input.delete("Version")
  const path = kind === "path" ? rest.replace(/^\/+/, "") : ""
  return {
    url: new URL(host.url),
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${action}` },
    body: JSON.stringify({ ...(path !== "" && { QueueUrl: `${host.url}/${path}` }), ...membersOf(input) }),
    answer: (result: Result): Result => ({ ...result, body: Buffer.from(JSON.stringify(answerOf(action, result))) }),
  }
}

/** `MessageAttribute.1.Value.StringValue=x` as nested members; the numbered ones have other names in JSON. */
function membersOf(input: URLSearchParams): JsonObject {
  const members: JsonObject = {}
  const attributes: Record<string, JsonObject> = {}
  for (const [name, value] of input) {
    const [, index, part] = /^MessageAttribute\.(\d+)\.(?:Value\.)?(\w+)$/.exec(name) ?? []
    if (index === undefined || part === undefined) members[name] = value
    else attributes[index] = { ...attributes[index], [part]: value }
  }
  const named = Object.values(attributes).map(({ Name, ...value }) => [String(Name), value])
  return { ...members, ...(named.length > 0 && { MessageAttributes: Object.fromEntries(named) }) }
}

/** What API Gateway makes of the answer in XML. */
function answerOf(action: string, { status, headers, body }: Result): Json {
  const answer = objectOf(JSON.parse(body.toString() || "{}"))
  const RequestId = headers.get("x-amzn-requestid")?.[0] ?? ""
  if (status < 300) return { [`${action}Response`]: { [`${action}Result`]: answer, ResponseMetadata: { RequestId } } }
  const Code = headers.get("x-amzn-query-error")?.[0]?.split(";")[0] ?? "InternalError"
  return { Error: { Code, Message: answer.message ?? null, Type: status < 500 ? "Sender" : "Receiver" }, RequestId }
}
