import type { Host, Json, JsonObject } from "../../host.ts"
import { objectOf } from "../../json.ts"
import type { Answer } from "../answer.ts"
import { requestContext } from "./context.ts"
import { invokeFunction } from "./invokeFunction.ts"
import { refusals } from "./refusals.ts"
import type { RestIntegration } from "./registry.ts"
import { allValues, headerOf, isBinary, lastValues, mediaType, type RoutedRequest } from "./request.ts"

/** Invokes a function with the request in payload format 1.0, and answers as it says. Throws Refused. */
export async function askFunction(host: Host, request: RoutedRequest, integration: RestIntegration): Promise<Answer> {
  const result = await invokeFunction(host, request, integration, proxyEvent(host, request))
  const answer = result.functionError === undefined ? proxyAnswer(request, result.payload) : undefined
  if (answer !== undefined) return answer
  const reason = result.functionError === undefined ? "the answer is malformed" : "the function failed"
  throw refusals.malformedAnswer(`${reason}: ${JSON.stringify(result.payload)}`)
}

/** What a function hears of a request. */
export function proxyEvent(host: Host, request: RoutedRequest): JsonObject {
  const { api, body } = request
  const isBase64Encoded = body.length > 0 && isBinary(api, headerOf(request, "Content-Type"))
  return {
    ...eventOf(host, request, null),
    body: body.length === 0 ? null : body.toString(isBase64Encoded ? "base64" : "utf8"),
    isBase64Encoded,
  }
}

/** The event without a body; `nothing` stands where there are no parameters: null for integrations, {} for authorizers. */
export function eventOf(host: Host, request: RoutedRequest, nothing: null | JsonObject): JsonObject {
  const { resource, path, method, headers, query, parameters, stage } = request
  const orNothing = (members: JsonObject) => (Object.keys(members).length === 0 ? nothing : members)
  return {
    resource: resource.path,
    path,
    httpMethod: method,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: orNothing(lastValues(query)),
    multiValueQueryStringParameters: orNothing(allValues(query)),
    pathParameters: orNothing({ ...parameters }),
    stageVariables: orNothing({ ...stage.variables }),
    requestContext: requestContext(host, request),
  }
}

const members = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"])
/** Headers that API Gateway keeps under another name. */
const remapped = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "host",
  "server",
  "www-authenticate",
])
const dropped = new Set(["transfer-encoding", "trailer", "te", "upgrade"])

/** The answer that a function's result asks for; undefined for one that is malformed. */
function proxyAnswer(request: RoutedRequest, result: Json): Answer | undefined {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return undefined
  if (Object.keys(result).some(name => !members.has(name))) return undefined
  const status = Number(result.statusCode ?? 200)
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined
  const { body = null } = result
  if (body !== null && typeof body !== "string") return undefined
  const headers = headersOf(result)
  if (headers === undefined) return undefined
  headers["content-type"] ??= "application/json"
  return { status, headers, body: result.isBase64Encoded === true ? decoded(request, body ?? "") : (body ?? "") }
}

function headersOf(result: JsonObject): Record<string, string | string[]> | undefined {
  const headers: Record<string, string | string[]> = {}
  const named = [...Object.entries(objectOf(result.headers)), ...Object.entries(objectOf(result.multiValueHeaders))]
  for (const [given, value] of named) {
    const values = [value].flat().filter(one => one !== null)
    if (values.some(one => typeof one === "object")) return undefined
    const lower = given.toLowerCase()
    if (dropped.has(lower)) continue
    const name = remapped.has(lower) ? `x-amzn-remapped-${lower}` : lower
    const all = [...new Set([headers[name] ?? [], values.map(String)].flat())]
    if (all.length > 0) headers[name] = all.length === 1 ? String(all[0]) : all
  }
  return headers
}

/** Bytes only for a client whose first accepted type is a binary one of the API; others get the base64 text. */
function decoded(request: RoutedRequest, body: string): string | Buffer {
  const [accepted] = (headerOf(request, "Accept") ?? "").split(",")
  return isBinary(request.api, mediaType(accepted ?? "")) ? Buffer.from(body, "base64") : body
}
