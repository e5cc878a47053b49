import type { IncomingMessage } from "node:http"

/** Request headers as `ctx.request.headers` shows them: a repeated one is a list, cookies are left out. */
export function plainHeaders(request: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    if (name !== "cookie") headers[name] = values.length === 1 ? (values[0] ?? "") : values
  }
  return headers
}

/** Request headers with repeated ones joined, as a signature and a Lambda authorizer see them. */
export function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value
  }
  return headers
}
