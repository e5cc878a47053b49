import { randomUUID } from "node:crypto"
import { Amplify } from "aws-amplify"
import { type GraphQLSubscription, generateClient } from "aws-amplify/api"
import { fetchAuthSession } from "aws-amplify/auth"
import { Hub } from "aws-amplify/utils"
import { WebSocket } from "ws"
import type { RunningHost } from "../../src/host/options.ts"
import { eventually, type Receipt } from "./person.ts"

/** Amplify always asks for wss; the host speaks plain ws. */
class PlainWebSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url.replace(/^wss:/, "ws:"), protocols)
  }
}

/** Points Amplify at a host, as a web app would at a deployed stage; gives back what undoes it. */
export function configureAmplify({ local }: RunningHost): () => void {
  const { userPoolId, clientId, endpointUrl, graphqlUrl, region } = local
  if (userPoolId === null || clientId === null) throw new Error("the template has no user pool")
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: endpointUrl } },
    API: { GraphQL: { endpoint: graphqlUrl, region, defaultAuthMode: "userPool" } },
  })
  const before = globalThis.WebSocket
  Object.assign(globalThis, { WebSocket: PlainWebSocket })
  return () => Object.assign(globalThis, { WebSocket: before })
}

const client = generateClient()

/** The token that carries the verified address; Amplify itself sends the access token, which has none. */
export const idToken = async () => (await fetchAuthSession()).tokens?.idToken?.toString() ?? ""

/** Asks; errors of the API reject as Amplify has them. Without a token it is Amplify's own choice. */
export async function ask<Data>(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  authToken?: string,
): Promise<Data> {
  const answer = await client.graphql({ query, variables: { ...variables }, ...(authToken && { authToken }) })
  return (answer as { data: Data }).data
}

/** What a subscription has pushed so far. */
export interface Listening<Value> {
  readonly heard: readonly Value[]
  readonly failures: readonly unknown[]
  end(): void
}

/** Subscribes to a field; resolves once the API has acknowledged it, so that nothing after is missed. */
export async function listen<Value>(
  field: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Listening<Value>> {
  const heard: Value[] = []
  const failures: unknown[] = []
  const acknowledged = subscriptionAck(variables)
  const subscription = client
    .graphql<GraphQLSubscription<Record<string, Value>>>({ query, variables: { ...variables } })
    .subscribe({ next: ({ data }) => heard.push(data[field] as Value), error: failure => failures.push(failure) })
  await Promise.race([acknowledged, eventually("a failure", async () => failures.length > 0).catch(() => {})])
  return { heard, failures, end: () => subscription.unsubscribe() }
}

const subscriptionAck = (variables: object) =>
  new Promise<void>(resolve => {
    const stop = Hub.listen("api", ({ payload }) => {
      const { variables: of } = (payload.data ?? {}) as { variables?: object }
      if (payload.event !== "Subscription ack" || JSON.stringify(of) !== JSON.stringify(variables)) return
      stop()
      resolve()
    })
  })

/** Sends a command under an id of this client and follows its receipt by pushes alone; gives every status heard. */
export async function run(name: string, input: Readonly<Record<string, unknown>>): Promise<readonly Receipt[]> {
  const commandId = randomUUID()
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
  const receipts = await listen<Receipt>(
    "onReceipt",
    "subscription ($commandId: ID!) { onReceipt(commandId: $commandId) { commandId status version aggregateId } }",
    { commandId },
  )
  await ask(`mutation ($input: ${type}) { ${name}(input: $input) { commandId status } }`, {
    input: { ...input, commandId },
  })
  const isOver = () => receipts.heard.some(({ status }) => ["PROJECTED", "REJECTED", "FAILED"].includes(status))
  await eventually(`a push with the outcome of ${name}`, async () => isOver())
  receipts.end()
  return receipts.heard
}
