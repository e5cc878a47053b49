import { randomUUID } from "node:crypto"
import type { WebSocket } from "ws"
import type { Host } from "../../host.ts"
import type { AuthAttempt } from "../auth/attempt.ts"
import type { Authenticate } from "../auth/authenticate.ts"
import { Unauthorized } from "../auth/caller.ts"
import type { GraphqlRequest } from "../execution/request.ts"
import type { Api } from "../registry.ts"
import type { Subscription } from "./hub.ts"
import { type RealtimeError, readClientMessage, readRequest, type ServerMessage } from "./messages.ts"
import { SubscriptionRefused, startSubscription } from "./subscription.ts"

const connectionTimeoutMs = 300_000
const keepAliveMs = 60_000
const connectionMaxMs = 24 * 3_600_000
const subscriptionsMax = 200

/** What a connection is opened with. */
export interface Opening {
  readonly api: Api
  /** Path of the GraphQL endpoint, which signatures of `start` cover. */
  readonly graphqlPath: string
  readonly sourceIp: readonly string[]
  /** HTTP headers of the upgrade. */
  readonly headers: Record<string, string | string[]>
}

/** Speaks AppSync's real-time protocol on an accepted socket until it closes. */
export function serveConnection(host: Host, authenticate: Authenticate, socket: WebSocket, opening: Opening): void {
  const { api } = opening
  /** Ids that are taken; the subscription follows when its start is through. */
  const started = new Map<string, Subscription | undefined>()
  const send = (message: ServerMessage) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const refuse = (error: RealtimeError, id?: string) =>
    send({ type: "error", ...(id && { id }), payload: { errors: [error] } })
  const keepAlive = repeat(host, keepAliveMs, () => send({ type: "ka" }))
  const lifetime = host.clock.after(connectionMaxMs, () => socket.close())

  const end = (id: string, message?: string) => {
    const subscription = started.get(id)
    started.delete(id)
    if (subscription !== undefined) api.hub.remove(subscription)
    send({ type: "complete", id, ...(message && { payload: { message } }) })
  }

  const whyNot = (id: string): RealtimeError | undefined => {
    if (started.has(id)) return { errorType: "DuplicatedOperationError", message: `Duplicated operation id ${id}` }
    if (started.size < subscriptionsMax) return undefined
    const message = `Max number of ${subscriptionsMax} subscriptions reached`
    return { errorType: "MaxSubscriptionsReachedError", message }
  }

  const start = async (id: string, data: string, authorization: Record<string, string>) => {
    const request = readRequest(data)
    if (request === undefined) return refuse(unsupported, id)
    const refused = whyNot(id)
    if (refused !== undefined) return refuse(refused, id)
    started.set(id, undefined)
    try {
      const caller = await authenticate(api.config, api.keys, startAttempt(opening, request, data, authorization))
      const context = { caller, headers: { ...opening.headers, ...authorization } }
      const subscription = await startSubscription(host, api, request, context, {
        data: payload => send({ type: "data", id, payload }),
        end: () => end(id, "Subscription complete."),
      })
      if (!started.has(id) || socket.readyState !== socket.OPEN) return
      started.set(id, subscription)
      api.hub.add(subscription)
      send({ type: "start_ack", id })
    } catch (error) {
      started.delete(id)
      send({ type: "error", id, payload: { errors: startErrors(error) } })
    }
  }

  const receive = (frame: string) => {
    const message = readClientMessage(frame)
    switch (message.type) {
      case "connection_init":
        send({ type: "connection_ack", payload: { connectionTimeoutMs } })
        return send({ type: "ka" })
      case "start":
        return void start(message.id, message.data, message.authorization)
      case "stop":
        if (started.has(message.id)) return end(message.id)
        return refuse({ errorType: "UnknownOperationError", message: `Unknown operation id ${message.id}` }, message.id)
      case "unknown":
        return refuse(unsupported, message.id)
    }
  }

  socket.on("message", data => receive(String(data)))
  socket.on("close", () => {
    keepAlive.cancel()
    lifetime.cancel()
    for (const subscription of started.values()) if (subscription !== undefined) api.hub.remove(subscription)
    started.clear()
  })
}

const unsupported: RealtimeError = {
  errorType: "UnsupportedOperation",
  message: "unknown not supported through the realtime channel",
}

function startAttempt(
  { graphqlPath, sourceIp }: Opening,
  { query, operationName, variables }: GraphqlRequest,
  data: string,
  headers: Record<string, string>,
): AuthAttempt {
  return {
    requestId: randomUUID(),
    headers,
    sourceIp,
    signed: { method: "POST", path: graphqlPath, query: new URLSearchParams(), body: data },
    operation: { query, operationName: operationName ?? null, variables },
  }
}

function startErrors(error: unknown): readonly RealtimeError[] {
  if (error instanceof SubscriptionRefused) return error.errors
  if (error instanceof Unauthorized)
    return [{ errorType: error.errorType, message: error.message, errorCode: error.status }]
  return [{ errorType: "InternalFailure", message: error instanceof Error ? error.message : String(error) }]
}

function repeat(host: Host, ms: number, task: () => void): { cancel(): void } {
  let timer = host.clock.after(ms, tick)
  function tick() {
    task()
    timer = host.clock.after(ms, tick)
  }
  return { cancel: () => timer.cancel() }
}
