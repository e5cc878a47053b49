import { WebSocket } from "ws"

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: { data?: Record<string, unknown>; errors?: Record<string, unknown>[]; [key: string]: unknown }
}

/** A client of the real-time protocol: says what it is told to, keeps what it hears. */
export interface RealtimeClient {
  readonly protocol: string
  send(message: object): void
  start(id: string, query: string, authorization: object, variables?: object): void
  /** The next message that passes, heard before or to come. Keep-alives are left out. */
  next(passes?: (message: Message) => boolean): Promise<Message>
  readonly closed: Promise<void>
  close(): void
}

export const encoded = (headers: object): string => Buffer.from(JSON.stringify(headers)).toString("base64")

const waitMaxMs = 2000

export async function connect(
  url: string,
  protocols: string[] = ["graphql-ws"],
  headers: Record<string, string> = {},
): Promise<RealtimeClient> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), protocols, { headers })
  const heard: Message[] = []
  let wake: (() => void) | undefined
  socket.on("message", data => {
    const message: Message = JSON.parse(String(data))
    if (message.type !== "ka") heard.push(message)
    wake?.()
  })
  const closed = new Promise<void>(resolve => socket.once("close", () => resolve()))
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))

  const send = (message: object) => socket.send(JSON.stringify(message))
  return {
    protocol: socket.protocol,
    send,
    start: (id, query, authorization, variables = {}) => {
      const data = JSON.stringify({ query, variables })
      send({ id, type: "start", payload: { data, extensions: { authorization } } })
    },
    next: async (passes = () => true) => {
      const until = Date.now() + waitMaxMs
      for (;;) {
        const index = heard.findIndex(passes)
        const [found] = index < 0 ? [] : heard.splice(index, 1)
        if (found !== undefined) return found
        if (Date.now() > until) throw new Error(`no such message; heard ${JSON.stringify(heard)}`)
        await new Promise<void>(resolve => {
          wake = resolve
          setTimeout(resolve, 100)
        })
      }
    },
    closed,
    close: () => socket.close(),
  }
}
