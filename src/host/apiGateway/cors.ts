import type { IncomingMessage } from "node:http"
import type { JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"

/** Which pages of other origins may call an API. */
export interface Cors {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly credentials: boolean
  readonly maxAgeSeconds: number | undefined
}

/** The `CorsConfiguration` of a template; undefined: pages of other origins get no headers, as at AWS. */
export function corsOf(properties: JsonObject): Cors | undefined {
  const configuration = objectOf(properties.CorsConfiguration)
  if (Object.keys(configuration).length === 0) return undefined
  const texts = (name: string) => listOf(configuration[name]).map(String)
  return {
    origins: texts("AllowOrigins"),
    methods: texts("AllowMethods"),
    headers: texts("AllowHeaders").map(name => name.toLowerCase()),
    exposed: texts("ExposeHeaders"),
    credentials: configuration.AllowCredentials === true || configuration.AllowCredentials === "true",
    maxAgeSeconds: configuration.MaxAge === undefined ? undefined : Number(configuration.MaxAge),
  }
}

export const isPreflight = ({ method, headers }: IncomingMessage) =>
  method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined

/** Headers of an answer to a page of `origin`; none for one that may not call. */
export function corsHeaders(cors: Cors | undefined, origin: string | undefined): Record<string, string> {
  if (cors === undefined || origin === undefined) return {}
  const allowed = cors.origins.some(one => one === "*" || one === origin || fits(one, origin))
  if (!allowed) return {}
  return {
    "access-control-allow-origin": cors.origins.includes("*") && !cors.credentials ? "*" : origin,
    ...(cors.credentials ? { "access-control-allow-credentials": "true" } : {}),
    ...(cors.exposed.length > 0 ? { "access-control-expose-headers": cors.exposed.join(",") } : {}),
  }
}

/** What a preflight is told besides. */
export const preflightHeaders = (cors: Cors): Record<string, string> => ({
  ...(cors.methods.length > 0 ? { "access-control-allow-methods": cors.methods.join(",") } : {}),
  ...(cors.headers.length > 0 ? { "access-control-allow-headers": cors.headers.join(",") } : {}),
  ...(cors.maxAgeSeconds === undefined ? {} : { "access-control-max-age": String(cors.maxAgeSeconds) }),
})

/** `https://*.example.org` */
const fits = (pattern: string, origin: string) =>
  pattern.includes("*") && new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`).test(origin)

const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&")
