import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** A request that a stand-in understands: JSON in, JSON out. */
export interface Call {
  readonly method: string
  /** Decoded parts of the path. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly json: unknown
}

export interface Reply {
  readonly status: number
  /** Text is a page for people; anything else goes as JSON. */
  readonly body: unknown
}

export type Answer = (call: Call) => Promise<Reply> | Reply

/** A server that runs. */
export interface Running {
  readonly url: string
  stop(): Promise<void>
}

const bytesMax = 32 * 1024 * 1024

/** Serves `answer` on 127.0.0.1; port 0 takes a free one. */
export async function serve(port: number, answer: Answer): Promise<Running> {
  const server = createServer({ keepAliveTimeout: 70_000 }, (request, response) => {
    read(request)
      .then(answer)
      .then(reply => write(response, reply))
      .catch(error => write(response, { status: 500, body: { message: String(error) } }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  return { url: `http://127.0.0.1:${portOf(server)}`, stop: () => stop(server) }
}

async function read(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new Error(`a body may have ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString("utf8")
  const url = new URL(request.url ?? "/", "http://stand-in")
  return {
    method: request.method ?? "GET",
    path: url.pathname.split("/").filter(Boolean).map(decodeURIComponent),
    query: url.searchParams,
    headers: request.headers as Record<string, string | undefined>,
    text,
    json: parsed(text),
  }
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

const write = (response: ServerResponse, { status, body }: Reply) =>
  typeof body === "string"
    ? response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(body)
    : response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))

const portOf = (server: Server) => (server.address() as AddressInfo).port

const stop = (server: Server) =>
  new Promise<void>(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
