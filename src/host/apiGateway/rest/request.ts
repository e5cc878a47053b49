import { randomUUID } from "node:crypto"
import type { IncomingMessage } from "node:http"
import type { JsonObject } from "../../host.ts"
import type { RestApi, RestMethod, RestResource, RestStage } from "./registry.ts"

/** A request to a stage of an API. */
export interface RestRequest {
  readonly api: RestApi
  readonly stageName: string
  readonly stage: RestStage
  readonly method: string
  /** Below the stage, as the client has encoded it. */
  readonly path: string
  readonly query: ReadonlyMap<string, readonly string[]>
  /** Values by name as the client writes it. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Buffer
  readonly domainName: string
  readonly sourceIp: string
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The request as it was sent, which is what its signature covers. */
  readonly sent: Sent
}

/** What a client sent. */
export interface Sent {
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** A request with the method that answers it, and what authorizers found out. */
export interface RoutedRequest extends RestRequest {
  readonly resource: RestResource
  readonly restMethod: RestMethod
  /** As the client has encoded them. */
  readonly parameters: Readonly<Record<string, string>>
  /** `requestContext.authorizer`. */
  readonly authorizer?: JsonObject
  /** Members of `requestContext.identity` that are known of the caller. */
  readonly identity?: JsonObject
}

/** What API Gateway keeps from integrations. */
const kept = new Set(["connection", "content-length", "transfer-encoding", "keep-alive", "upgrade"])
/** Names that reach integrations in one form, however the client writes them. */
const capitalized: Record<string, string> = { host: "Host", authorization: "Authorization", "user-agent": "User-Agent" }

/** The headers of a request, and those that API Gateway adds. */
export function headersOf(
  incoming: IncomingMessage,
  domainName: string,
  sourceIp: string,
): Map<string, readonly string[]> {
  const headers = new Map<string, string[]>()
  const spelled = new Map<string, string>()
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const [given = "", value = ""] = incoming.rawHeaders.slice(index, index + 2)
    const lower = given.toLowerCase()
    if (kept.has(lower) || (lower === "x-forwarded-host" && value === domainName)) continue
    const name = spelled.get(lower) ?? capitalized[lower] ?? given
    spelled.set(lower, name)
    headers.set(name, [...(headers.get(name) ?? []), value])
  }
  const trace = `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll("-", "").slice(0, 24)}`
  headers.set("Host", [domainName])
  for (const [name, value] of [
    ["X-Amzn-Trace-Id", trace],
    ["X-Forwarded-For", sourceIp],
    ["X-Forwarded-Port", "443"],
    ["X-Forwarded-Proto", "https"],
  ] as const)
    if (!spelled.has(name.toLowerCase())) headers.set(name, [value])
  return headers
}

/** The values of a header, whatever the case of its name. */
export function headerValues({ headers }: Pick<RestRequest, "headers">, name: string): readonly string[] {
  const exact = headers.get(name)
  if (exact !== undefined) return exact
  const lower = name.toLowerCase()
  return [...headers].find(([known]) => known.toLowerCase() === lower)?.[1] ?? []
}

/** The last value of a header. */
export const headerOf = (request: Pick<RestRequest, "headers">, name: string): string | undefined =>
  headerValues(request, name).at(-1)

/** Parameters of a query, each with its values. */
export function queryOf(search: URLSearchParams): Map<string, readonly string[]> {
  return new Map([...new Set(search.keys())].map(name => [name, search.getAll(name)]))
}

/** Of each name the last value, which is the one that API Gateway hands on where it hands on one. */
export const lastValues = (values: ReadonlyMap<string, readonly string[]>): Record<string, string> =>
  Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1) ?? ""]))

/** Of each name all values. */
export const allValues = (values: ReadonlyMap<string, readonly string[]>): Record<string, string[]> =>
  Object.fromEntries([...values].map(([name, all]) => [name, [...all]]))

/** `application/json` of `application/json; charset=utf-8`. */
export const mediaType = (contentType: string): string => contentType.split(";", 1)[0]?.trim().toLowerCase() ?? ""

/** Is this content type one of the API's binary ones? */
export function isBinary({ binaryMediaTypes }: RestApi, contentType: string | undefined): boolean {
  const type = mediaType(contentType ?? "")
  return binaryMediaTypes.some(one => {
    const known = mediaType(one)
    return known === "*/*" || known === type || (known.endsWith("/*") && type.startsWith(known.slice(0, -1)))
  })
}
