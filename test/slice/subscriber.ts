import { randomUUID } from "node:crypto"
import { WebSocket } from "ws"
import type { RunningHost } from "../../src/host/options.ts"
import { eventually, type Person } from "./person.ts"

interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: {
    readonly data?: Readonly<Record<string, unknown>>
    readonly errors?: readonly { errorType?: string; message?: string }[]
  }
}

/** A person's open connection to the real-time endpoint. */
export interface Subscriber {
  /** Subscribes; resolves once the API has acknowledged it. Throws an Error with its errors when it refuses. */
  subscribe<Value>(field: string, query: string, variables: object): Promise<readonly Value[]>
  close(): void
}

/** Connects as a browser does: the token in a sub-protocol. */
export async function connect({ local }: RunningHost, { token }: Person): Promise<Subscriber> {
  const authorization = { host: new URL(local.graphqlUrl).host, Authorization: token }
  const encoded = Buffer.from(JSON.stringify(authorization)).toString("base64url")
  const socket = new WebSocket(local.realtimeUrl, ["graphql-ws", `header-${encoded}`])
  const messages: Message[] = []
  socket.on("message", data => messages.push(JSON.parse(String(data))))
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))
  const send = (message: object) => socket.send(JSON.stringify(message))
  send({ type: "connection_init" })
  await eventually("the connection's acknowledgement", async () =>
    messages.some(({ type }) => type === "connection_ack"),
  )

  return {
    subscribe: async <Value>(field: string, query: string, variables: object) => {
      const id = randomUUID()
      const heard: Value[] = []
      const data = JSON.stringify({ query, variables })
      send({ id, type: "start", payload: { data, extensions: { authorization } } })
      const answer = await eventually(`an answer to ${field}`, async () => messages.find(message => message.id === id))
      if (answer.type !== "start_ack") throw new Error(JSON.stringify(answer.payload?.errors))
      socket.on("message", frame => {
        const message: Message = JSON.parse(String(frame))
        if (message.id === id && message.type === "data") heard.push(message.payload?.data?.[field] as Value)
      })
      return heard
    },
    close: () => socket.close(),
  }
}
