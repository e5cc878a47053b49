import { randomUUID } from "node:crypto"
import type { IncomingMessage } from "node:http"
import type { Host, JsonObject } from "../host.ts"
import type { HttpApi } from "./registry.ts"

/** A request to an API as its integration and authorizer hear of it. */
export interface ApiRequest {
  readonly api: HttpApi
  readonly stage: string
  readonly method: string
  /** Decoded, with the stage unless that is `$default`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly rawQuery: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly sourceIp: string
  readonly requestId: string
}

/** Reads a request that came for `api` under `path`. */
export function apiRequest(
  api: HttpApi,
  stage: string,
  path: string,
  incoming: IncomingMessage,
  url: URL,
  body: Buffer,
): ApiRequest {
  return {
    api,
    stage,
    method: incoming.method ?? "GET",
    path: decodeURIComponent(path.replace(/%(?![0-9a-f]{2})/gi, "%25")),
    query: url.searchParams,
    rawQuery: url.search.slice(1),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).flatMap(([name, value]) =>
        value === undefined || name === "cookie" ? [] : [[name, Array.isArray(value) ? value.join(",") : value]],
      ),
    ),
    body,
    sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
    requestId: randomUUID(),
  }
}

/** What both an authorizer and an integration get, in payload format 2.0. */
export function eventOf(
  host: Host,
  request: ApiRequest,
  routeKey: string,
  parameters: Readonly<Record<string, string>>,
): JsonObject {
  const { api, stage, method, path, headers, query, rawQuery, requestId, sourceIp } = request
  const variables = api.stages.get(stage) ?? {}
  const domainName = headers.host ?? ""
  const now = host.clock.now()
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    headers: { ...headers },
    ...(rawQuery === "" ? {} : { queryStringParameters: joined(query) }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: { ...parameters } }),
    ...(Object.keys(variables).length === 0 ? {} : { stageVariables: { ...variables } }),
    requestContext: {
      accountId: host.accountId,
      apiId: api.id,
      domainName,
      domainPrefix: domainName.split(".", 1)[0] ?? "",
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: headers["user-agent"] ?? "" },
      requestId,
      routeKey,
      stage,
      time: accessTime(now),
      timeEpoch: now,
    },
  }
}

/** The body as payload format 2.0 carries it: text as it is, everything else in base64. */
export function bodyOf({ body, headers }: ApiRequest): JsonObject {
  if (body.length === 0) return { isBase64Encoded: false }
  const type = headers["content-type"] ?? "application/json"
  const isText =
    /^(?:text\/|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))|application\/x-www-form-urlencoded)/i
  return isText.test(type)
    ? { body: body.toString("utf8"), isBase64Encoded: false }
    : { body: body.toString("base64"), isBase64Encoded: true }
}

const joined = (query: URLSearchParams): Record<string, string> => {
  const all: Record<string, string> = {}
  for (const name of new Set(query.keys())) all[name] = query.getAll(name).join(",")
  return all
}

/** `21/Nov/2026:14:00:00 +0000` */
function accessTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}
