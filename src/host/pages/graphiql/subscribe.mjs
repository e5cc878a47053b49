/** An observable of what AppSync's real-time endpoint pushes for a subscription. */
export const subscribe = ({ graphqlUrl, realtimeUrl }, headers, { query, operationName, variables }) => ({
  subscribe(observer) {
    const authorization = { host: new URL(graphqlUrl).host, ...headers }
    const socket = new WebSocket(realtimeUrl, ["graphql-ws", `header-${encoded(authorization)}`])
    const send = message => socket.send(JSON.stringify(message))
    const id = crypto.randomUUID()
    socket.onopen = () => send({ type: "connection_init" })
    socket.onmessage = ({ data }) => {
      const { type, payload } = JSON.parse(data)
      if (type === "connection_ack") {
        const request = JSON.stringify({ query, operationName, variables })
        send({ id, type: "start", payload: { data: request, extensions: { authorization } } })
      } else if (type === "data") observer.next(payload)
      else if (type === "error" || type === "connection_error") observer.error(payload)
      else if (type === "complete") observer.complete()
    }
    return { unsubscribe: () => socket.close() }
  },
})

const encoded = headers => btoa(JSON.stringify(headers)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
