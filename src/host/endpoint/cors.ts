import type { IncomingMessage, ServerResponse } from "node:http"

/** Lets a page of any origin read the answer. Returns true when the request was a preflight and is answered. */
export function allowBrowsers(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader("access-control-allow-origin", "*")
  response.setHeader(
    "access-control-expose-headers",
    "x-amzn-requestid, x-amzn-errortype, x-amzn-errormessage, date, etag",
  )
  if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return false
  response.writeHead(204, {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
    "access-control-max-age": "86400",
  })
  response.end()
  return true
}
