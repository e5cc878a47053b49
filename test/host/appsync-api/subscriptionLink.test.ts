import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client"
import { createSubscriptionHandshakeLink } from "aws-appsync-subscription-link"
import { afterAll, beforeAll, expect, test } from "vitest"
import { WebSocket } from "ws"
import { type ApiHost, resolversOf, startApi } from "./apiHost.ts"

const schema = `
type Query { a: Int }
type Mutation { say(id: ID!): Note }
type Subscription { onNote(id: ID): Note @aws_subscribe(mutations: ["say"]) }
type Note { id: ID! }
`

let api: ApiHost
const before = globalThis.WebSocket
beforeAll(async () => {
  Object.assign(globalThis, { WebSocket })
  api = await startApi({ schema, resolvers: resolversOf({ "Mutation.say": call => ({ ...call.arguments }) }) })
})
afterAll(async () => {
  Object.assign(globalThis, { WebSocket: before })
  await api.stop()
})

test("aws-appsync-subscription-link subscribes with its filter and hears what passes", async () => {
  const url = `${api.url}/graphql`
  const auth = { type: "API_KEY", apiKey: api.apiKey } as const
  const http = new HttpLink({ uri: url, headers: { "x-api-key": api.apiKey } })
  // The link's types are those of Apollo's CommonJS build, which TypeScript holds for another class.
  const subscriptions = createSubscriptionHandshakeLink({ url, region: "eu-west-1", auth }) as unknown as ApolloLink
  const isSubscription = ({ query }: ApolloLink.Operation) =>
    query.definitions.some(node => node.kind === "OperationDefinition" && node.operation === "subscription")
  const link = ApolloLink.split(isSubscription, subscriptions, http)
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const heard: unknown[] = []
  const subscription = client
    .subscribe({ query: gql`subscription { onNote(id: "2") { id } }` })
    .subscribe(({ data }) => heard.push(data))
  const say = (id: string) =>
    client.mutate({ mutation: gql`mutation ($id: ID!) { say(id: $id) { id } }`, variables: { id } })
  for (let tries = 0; heard.length === 0 && tries < 1_000; tries++) {
    await say("1")
    await say("2")
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  subscription.unsubscribe()
  expect(heard[0]).toMatchObject({ onNote: { id: "2" } })
})
