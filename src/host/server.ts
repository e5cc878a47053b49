import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { createAwsEndpoint, isAwsCall } from "./endpoint/awsEndpoint.ts"
import { allowBrowsers } from "./endpoint/cors.ts"
import { sendHtml, sendJson } from "./endpoint/respond.ts"
import { sendStatic } from "./endpoint/staticFiles.ts"
import type { Host, Service } from "./host.ts"

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** The one HTTP port of a host. Until `serve` it answers 503. */
export interface HostServer {
  readonly url: string
  serve(host: Host, services: readonly Service[], site: Site): void
  /** From now on `/healthz` answers 200. */
  ready(): void
  close(): Promise<void>
}

/** What a browser finds beside the services. */
export interface Site {
  readonly consoleFolder?: string | undefined
  readonly pages: Readonly<Record<string, PageHandler>>
  /** Lines of the plain page at `/` when there is no console. */
  links(): Record<string, string>
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<unknown>

/** Opens the port on 127.0.0.1 (0 takes a free one). Throws an Error with one line when it is taken. */
export async function openServer(port: number): Promise<HostServer> {
  let handle: Handler | undefined
  let upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer, url: URL) => boolean) | undefined
  let ownsCors = (_: IncomingMessage, _url: URL) => false
  let isReady = false

  const server = createServer({ keepAliveTimeout: 70_000 }, (request, response) => {
    const url = urlOf(request, base)
    if ((url === undefined || !ownsCors(request, url)) && allowBrowsers(request, response)) return
    if (url === undefined) return sendJson(response, 400, { message: "Bad Request: the URL is malformed" })
    if (url.pathname === "/healthz")
      return sendJson(response, isReady ? 200 : 503, { status: isReady ? "ok" : "starting" })
    if (handle === undefined) return sendJson(response, 503, { message: "the host is starting" })
    handle(request, response, url).catch(error => {
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, { message: error instanceof Error ? error.message : String(error) })
    })
  })
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy())
    const url = urlOf(request, base)
    if (url === undefined || !upgrade?.(request, socket, head, url))
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
  })

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE" ? new Error(`port ${port} is in use: stop the other program or set PORT=…`) : error,
      ),
    )
    server.listen(port, "127.0.0.1", resolve)
  })
  const address: AddressInfo | string | null = server.address()
  const base = `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`

  return {
    url: base,
    serve: (host, services, site) => {
      handle = createRouter(host, services, site)
      ownsCors = (request, url) => services.some(service => service.ownsCors?.(request, url))
      upgrade = (request, socket, head, url) => services.some(service => service.upgrade?.(request, socket, head, url))
    },
    ready: () => {
      isReady = true
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The URL of a request; undefined for one that no URL is made of, such as `//`. */
function urlOf(request: IncomingMessage, base: string): URL | undefined {
  const url = request.url ?? "/"
  return URL.canParse(url, base) ? new URL(url, base) : undefined
}

/** SDK calls go to the service that they are signed for, unless a service serves the path itself (GraphQL with IAM). */
function createRouter(host: Host, services: readonly Service[], site: Site): Handler {
  const byName = new Map(services.flatMap(service => service.signingNames.map(name => [name, service])))
  const awsEndpoint = createAwsEndpoint(host, name => byName.get(name))
  const withPaths = services.filter(service => service.http !== undefined)

  return async (request, response, url) => {
    const headers = plainHeaders(request)
    if (headers["x-amz-target"] !== undefined) return awsEndpoint(request, response, url, headers)
    for (const service of withPaths) if (await service.http?.(request, response, url)) return
    if (isAwsCall(headers, url.searchParams)) return awsEndpoint(request, response, url, headers)
    const page = site.pages[url.pathname]
    if (page !== undefined) return page(request, response)
    if (request.method !== "GET" && request.method !== "HEAD") return sendJson(response, 404, { message: "Not Found" })
    if (site.consoleFolder !== undefined && sendStatic(site.consoleFolder, url.pathname, response)) return
    if (url.pathname === "/") return sendHtml(response, linksPage(site.links()))
    return sendJson(response, 404, { message: `there is nothing at ${url.pathname}` })
  }
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value
  return headers
}

function linksPage(links: Record<string, string>): string {
  const rows = Object.entries(links).map(([name, url]) => `<tr><td>${name}<td><a href="${url}">${url}</a>`)
  return `<!doctype html><meta charset="utf-8"><title>Local host</title><style>body{font:16px system-ui;margin:3rem}td{padding:.3rem 1rem}</style><h1>The local host is running</h1><table>${rows.join("")}</table>`
}
