import { randomUUID } from "node:crypto"
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import { type WebSocket, WebSocketServer } from "ws"
import type { Host } from "../../host.ts"
import type { AuthAttempt } from "../auth/attempt.ts"
import type { Authenticate } from "../auth/authenticate.ts"
import { Unauthorized } from "../auth/caller.ts"
import { joinedHeaders, plainHeaders } from "../headers.ts"
import type { Api } from "../registry.ts"
import { serveConnection } from "./connection.ts"
import { type RealtimeError, readEncodedHeaders } from "./messages.ts"

const subProtocol = "graphql-ws"
const headerProtocol = /^header-(.+)$/
const patienceMs = 1000

/** The real-time endpoint of every API. */
export interface Realtime {
  /** Takes over the socket of an upgrade request; `graphqlPath` is the path of the API's GraphQL endpoint. */
  accept(api: Api, graphqlPath: string, request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void
  stop(): void
}

/** Accepts WebSockets: the credential comes in the query, in a sub-protocol or in the HTTP headers. */
export function createRealtime(host: Host, authenticate: Authenticate): Realtime {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: offered => (offered.has(subProtocol) ? subProtocol : ([...offered][0] ?? false)),
  })

  const open = async (api: Api, graphqlPath: string, request: IncomingMessage, socket: WebSocket, url: URL) => {
    const early: unknown[] = []
    const keep = (data: unknown) => early.push(data)
    socket.on("message", keep)
    socket.on("error", () => socket.terminate())
    const sourceIp = [request.socket.remoteAddress ?? "127.0.0.1"]
    const error = speaksProtocol(request)
      ? await authenticate(api.config, api.keys, connectAttempt(graphqlPath, sourceIp, request, url)).catch(asError)
      : { message: "SubProtocolNotSupportedError", errorCode: 400 }
    socket.off("message", keep)
    if (!("mode" in error)) return refuse(socket, error, early.length > 0)
    serveConnection(host, authenticate, socket, { api, graphqlPath, sourceIp, headers: plainHeaders(request) })
    for (const data of early) socket.emit("message", data)
  }

  return {
    accept: (api, graphqlPath, request, socket, head, url) =>
      server.handleUpgrade(request, socket, head, accepted => void open(api, graphqlPath, request, accepted, url)),
    stop: () => {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

const offeredProtocols = (request: IncomingMessage): string[] =>
  (request.headers["sec-websocket-protocol"] ?? "").split(",").map(one => one.trim())

const speaksProtocol = (request: IncomingMessage): boolean => offeredProtocols(request).includes(subProtocol)

function connectAttempt(graphqlPath: string, sourceIp: string[], request: IncomingMessage, url: URL): AuthAttempt {
  const inQuery = url.searchParams.get("header")
  const inProtocol = offeredProtocols(request).flatMap(one => headerProtocol.exec(one)?.[1] ?? [])[0]
  const encoded = inQuery ?? inProtocol
  return {
    requestId: randomUUID(),
    headers: encoded === undefined ? joinedHeaders(request) : readEncodedHeaders(encoded),
    sourceIp,
    signed: { method: "POST", path: `${graphqlPath}/connect`, query: new URLSearchParams(), body: "{}" },
    operation: { query: null, operationName: "DeepDish:Connect", variables: {} },
  }
}

function asError(error: unknown): RealtimeError {
  if (error instanceof Unauthorized)
    return { errorType: error.errorType, message: error.message, errorCode: error.status }
  return {
    errorType: "InternalFailure",
    message: error instanceof Error ? error.message : String(error),
    errorCode: 500,
  }
}

/** Says why and closes. It waits for the client's first message, since clients listen only once they have spoken. */
function refuse(socket: WebSocket, error: RealtimeError, hasSpoken: boolean): void {
  const close = () => {
    clearTimeout(patience)
    socket.send(JSON.stringify({ type: "connection_error", payload: { errors: [error] } }))
    socket.close()
  }
  const patience = setTimeout(close, hasSpoken ? 0 : patienceMs)
  socket.once("message", close)
  socket.once("close", () => clearTimeout(patience))
}
