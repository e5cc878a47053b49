import type { Host } from "../../host.ts"
import type { Answer } from "../answer.ts"
import { withinTime } from "../timeLimit.ts"
import { type IntegrationRequest, uriOf } from "./integrationRequest.ts"
import { mapped, type ReadExpression, type Result } from "./mapping.ts"
import { refusals } from "./refusals.ts"
import type { RestIntegration } from "./registry.ts"
import type { RoutedRequest } from "./request.ts"

/** What belongs to one connection, or is not true any more of a body that was read. */
const ofConnection = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"])

/** Passes a request on to a server as it is, and its answer back as it is. Throws Refused. */
export async function passOn(
  host: Host,
  request: RoutedRequest,
  integration: RestIntegration,
  read: ReadExpression,
): Promise<Answer> {
  const mappedTo = (kind: string) => mapped(integration.parameters, `integration.request.${kind}.`, read)
  const url = urlOf(host, uriOf(request, integration, { ...request.parameters, ...mappedTo("path") }))
  for (const [name, values] of request.query) for (const value of values) url.searchParams.append(name, value)
  for (const [name, value] of Object.entries(mappedTo("querystring"))) url.searchParams.set(name, value)
  const headers = new Headers()
  for (const [name, values] of request.headers)
    if (name !== "Host") for (const value of values) headers.append(name, value)
  for (const [name, value] of Object.entries(mappedTo("header"))) headers.set(name, value)
  const { httpMethod = "ANY" } = integration
  const method = httpMethod === "ANY" ? request.method : httpMethod
  const hasBody = request.body.length > 0 && method !== "GET" && method !== "HEAD"
  const result = await fetched(host, integration, url, {
    method,
    headers,
    ...(hasBody && { body: new Uint8Array(request.body) }),
  })
  const named = [...result.headers].map(([name, values]) => [
    name,
    values.length === 1 ? (values[0] ?? "") : [...values],
  ])
  return { status: result.status, headers: Object.fromEntries(named), body: result.body }
}

/** Sends a server what parameter mappings and templates make of a request. Throws Refused. */
export function askServer(host: Host, integration: RestIntegration, asked: IntegrationRequest): Promise<Result> {
  const url = urlOf(host, asked.uri)
  for (const [name, value] of Object.entries(asked.query)) url.searchParams.set(name, value)
  const hasBody = asked.method !== "GET" && asked.method !== "HEAD"
  const { method, headers, body } = asked
  return fetched(host, integration, url, { method, headers, ...(hasBody && { body: sent(body) }) })
}

/** A body as `fetch` takes it. */
export const sent = (body: string | Buffer): string | Uint8Array<ArrayBuffer> =>
  typeof body === "string" ? body : new Uint8Array(body)

/** What a server answers within the time of the integration; addresses of AWS are this host's. Throws Refused. */
export async function fetched(host: Host, integration: RestIntegration, url: URL, init: RequestInit): Promise<Result> {
  const answering = fetch(url, { ...init, redirect: "manual" })
    .then(async answer => ({ answer, body: Buffer.from(await answer.arrayBuffer()) }))
    .catch(error => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      throw refusals.unreachable(`${url.origin}: ${cause instanceof Error ? cause.message : cause}`)
    })
  const received = await withinTime(host, integration.timeoutMs, answering)
  if (received === "late") throw refusals.late()
  const { answer, body } = received
  const headers = new Map<string, readonly string[]>()
  for (const [name, value] of answer.headers)
    if (!ofConnection.has(name) && name !== "set-cookie") headers.set(name, [value])
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) headers.set("set-cookie", cookies)
  return { status: answer.status, headers, body }
}

function urlOf(host: Host, uri: string): URL {
  if (!URL.canParse(uri)) throw refusals.configuration(`${uri} is no URL`)
  const url = new URL(uri)
  if (!url.hostname.endsWith(".amazonaws.com")) return url
  const [, api] = /^([a-z0-9]+)\.execute-api\./.exec(url.hostname) ?? []
  return new URL(`${api === undefined ? "" : `/_apis/${api}`}${url.pathname}${url.search}`, host.url)
}
