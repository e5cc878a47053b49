import { randomUUID } from "node:crypto"
import { WebSocket } from "ws"
import { CliError } from "./cliError.ts"

interface Frame {
  readonly type: string
  readonly id?: string
  readonly payload?: { readonly data?: Readonly<Record<string, unknown>>; readonly errors?: unknown }
}

/** One connection to the real-time endpoint. */
export interface Subscriber {
  /** Resolves once the API has acknowledged it; `heard` gets the field's value of each message. Throws CliError when it is refused. */
  subscribe(
    field: string,
    query: string,
    variables: Readonly<Record<string, unknown>>,
    heard: (value: unknown) => void,
  ): Promise<void>
  close(): void
}

/** Connects as a browser does: the token in a sub-protocol. Throws CliError when the API does not let it in. */
export async function subscriber(
  { graphqlUrl, realtimeUrl }: { readonly graphqlUrl: string; readonly realtimeUrl: string },
  token: string,
): Promise<Subscriber> {
  const authorization = { host: new URL(graphqlUrl).host, Authorization: token }
  const header = Buffer.from(JSON.stringify(authorization)).toString("base64url")
  const socket = new WebSocket(realtimeUrl, ["graphql-ws", `header-${header}`])
  const hearing = new Map<string, (frame: Frame) => void>()
  socket.on("message", data => {
    const frame: Frame = JSON.parse(String(data))
    hearing.get(frame.id ?? frame.type)?.(frame)
  })
  const acknowledged = new Promise<void>((resolve, reject) => {
    hearing.set("connection_ack", () => resolve())
    hearing.set("connection_error", ({ payload }) => reject(new CliError(`not connected: ${JSON.stringify(payload)}`)))
    socket.once("error", reject)
  })
  socket.once("open", () => socket.send(JSON.stringify({ type: "connection_init" })))
  await acknowledged

  return {
    subscribe: (field, query, variables, heard) =>
      new Promise((resolve, reject) => {
        const id = randomUUID()
        hearing.set(id, ({ type, payload }) => {
          if (type === "start_ack") resolve()
          else if (type === "data") heard(payload?.data?.[field])
          else if (type === "error") reject(new CliError(`${field}: ${JSON.stringify(payload?.errors)}`))
        })
        const data = JSON.stringify({ query, variables })
        socket.send(JSON.stringify({ id, type: "start", payload: { data, extensions: { authorization } } }))
      }),
    close: () => socket.close(),
  }
}
