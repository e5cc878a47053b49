import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { text as readText } from "node:stream/consumers"
import type { Host } from "../host.ts"
import { objectOf, textOf } from "../json.ts"
import type { AuthAttempt } from "./auth/attempt.ts"
import type { Authenticate } from "./auth/authenticate.ts"
import { Unauthorized } from "./auth/caller.ts"
import type { GraphqlRequest, Outcome, Runnable } from "./execution/request.ts"
import { joinedHeaders, plainHeaders } from "./headers.ts"
import type { Api } from "./registry.ts"

/** A request that is refused as a whole. */
class Refused extends Error {
  readonly status: number
  readonly errorType: string
  constructor(status: number, errorType: string, message: string) {
    super(message)
    this.status = status
    this.errorType = errorType
  }
}

/** Answers a request to the GraphQL endpoint of an API; subscribers hear of its mutations after the answer went out. */
export async function answerGraphql(
  host: Host,
  authenticate: Authenticate,
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const requestId = randomUUID()
  try {
    const outcome = await runRequest(host, authenticate, api, request, url, requestId)
    send(response, 200, requestId, outcome.response, outcome.responseHeaders)
    api.hub.publish(outcome.publications)
    api.hub.invalidate(outcome.invalidations)
  } catch (error) {
    const { status, errorType, message } = asRefusal(host, error)
    send(response, status, requestId, { errors: [{ errorType, message }] }, { "x-amzn-errortype": errorType })
  }
}

async function runRequest(
  host: Host,
  authenticate: Authenticate,
  api: Api,
  request: IncomingMessage,
  url: URL,
  requestId: string,
): Promise<Outcome> {
  const method = request.method ?? ""
  if (method !== "POST" && method !== "GET") {
    throw new Refused(405, "MethodNotAllowedException", `The HTTP method ${method} is not supported: use POST or GET.`)
  }
  const body = await readText(request)
  const isInUrl = method === "GET" && url.searchParams.has("query")
  const parsed = isInUrl ? requestInUrl(url.searchParams) : readGraphqlRequest(body)
  const attempt = authAttempt(request, url, requestId, body, parsed)
  const caller = await authenticate(api.config, api.keys, attempt)
  if (body === "" && !isInUrl) throw malformed("Request body is empty.")
  if (parsed === undefined) throw malformed("Unable to parse GraphQL query.")
  const engine = await api.engine()
  if (engine === undefined) throw new Refused(502, "GraphQLSchemaException", "No schema definition exists.")
  const prepared = engine.prepare(parsed)
  if ("refusal" in prepared) throw new Refused(400, "BadRequestException", prepared.refusal)
  if ("response" in prepared) {
    return { response: prepared.response, responseHeaders: {}, publications: [], invalidations: [] }
  }
  if (prepared.operation.operation === "subscription") {
    throw new Refused(400, "BadRequestException", "Subscriptions over MQTT is not supported.")
  }
  host.meter?.("appsync.operation", rootField(prepared), 1)
  return engine.run(prepared, parsed, { caller, headers: plainHeaders(request) })
}

/** `Mutation.publishReceipt`: the operation by its first field. */
function rootField({ operation }: Runnable): string {
  const first = operation.selectionSet.selections[0]
  const type = operation.operation === "mutation" ? "Mutation" : "Query"
  return `${type}.${first?.kind === "Field" ? first.name.value : "…"}`
}

const malformed = (message: string) => new Refused(400, "MalformedHttpRequestException", message)

function readGraphqlRequest(body: string): GraphqlRequest | undefined {
  try {
    const request = objectOf(JSON.parse(body))
    const query = textOf(request.query)
    const operationName = textOf(request.operationName)
    if (query === undefined) return undefined
    return { query, variables: objectOf(request.variables), ...(operationName && { operationName }) }
  } catch {
    return undefined
  }
}

/** Query and variables as parameters of a GET, which AppSync takes for queries and mutations. */
function requestInUrl(parameters: URLSearchParams): GraphqlRequest | undefined {
  const members = [...parameters].map(
    ([name, value]) => `${JSON.stringify(name)}:${name === "variables" ? value || "{}" : JSON.stringify(value)}`,
  )
  return readGraphqlRequest(`{${members.join(",")}}`)
}

function authAttempt(
  request: IncomingMessage,
  url: URL,
  requestId: string,
  body: string,
  parsed: GraphqlRequest | undefined,
): AuthAttempt {
  const { query = null, operationName = null, variables = {} } = parsed ?? {}
  return {
    requestId,
    headers: joinedHeaders(request),
    sourceIp: [request.socket.remoteAddress ?? "127.0.0.1"],
    signed: { method: request.method ?? "POST", path: url.pathname, query: url.searchParams, body },
    operation: { query, operationName, variables },
  }
}

function asRefusal(host: Host, error: unknown): Pick<Refused, "status" | "errorType" | "message"> {
  if (error instanceof Refused || error instanceof Unauthorized) return error
  host.log.warn("appsync", error instanceof Error ? (error.stack ?? error.message) : String(error))
  return {
    status: 500,
    errorType: "InternalFailure",
    message: "An internal failure occurred while resolving this request.",
  }
}

function send(
  response: ServerResponse,
  status: number,
  requestId: string,
  body: object,
  headers: Record<string, string>,
): void {
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json;charset=UTF-8",
    "x-amzn-requestid": requestId,
  })
  response.end(JSON.stringify(body))
}
