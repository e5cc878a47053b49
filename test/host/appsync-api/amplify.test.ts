import { Amplify } from "aws-amplify"
import { CONNECTION_STATE_CHANGE, type GraphQLSubscription, generateClient } from "aws-amplify/api"
import { Hub } from "aws-amplify/utils"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { WebSocket } from "ws"
import { type ApiHost, resolversOf, startApi } from "./apiHost.ts"

const schema = `
type Query { note(id: ID!): Note }
type Mutation { say(id: ID!, text: String): Note }
type Subscription { onNote(id: ID): Note @aws_subscribe(mutations: ["say"]) }
type Note @aws_api_key @aws_cognito_user_pools { id: ID!  text: String  by: String }
`
const everyone = schema.replace(
  /^(type (?:Query|Mutation|Subscription)) /gm,
  "$1 @aws_api_key @aws_cognito_user_pools ",
)

const resolvers = resolversOf({
  "Query.note": ({ arguments: { id } }) => ({ id: String(id), text: "found" }),
  "Mutation.say": ({ arguments: args, identity }) => ({ ...args, by: identity?.username ?? null }),
})

/** Amplify always asks for wss; this host speaks plain ws. */
class PlainWebSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url.replace(/^wss:/, "ws:"), protocols)
  }
}

let api: ApiHost
let authToken = ""
const before = globalThis.WebSocket
beforeAll(async () => {
  Object.assign(globalThis, { WebSocket: PlainWebSocket })
  const pool = {
    AuthenticationType: "AMAZON_COGNITO_USER_POOLS",
    UserPoolConfig: { UserPoolId: "pool-1", DefaultAction: "ALLOW" },
  }
  api = await startApi({ schema: everyone, resolvers, api: { AdditionalAuthenticationProviders: [pool] } })
  authToken = await api.token({ sub: "1", username: "ada", client_id: "web", token_use: "access" })
  Amplify.configure({
    API: {
      GraphQL: { endpoint: `${api.url}/graphql`, region: "eu-west-1", defaultAuthMode: "apiKey", apiKey: api.apiKey },
    },
  })
})
afterAll(async () => {
  await api.stop()
  Object.assign(globalThis, { WebSocket: before })
})

interface Note {
  onNote: { id: string; text: string | null; by: string | null }
}

const connected = () =>
  new Promise<void>(resolve => {
    const stop = Hub.listen("api", ({ payload }) => {
      const state = (payload.data as { connectionState?: string } | undefined)?.connectionState
      if (payload.event !== CONNECTION_STATE_CHANGE || state !== "Connected") return
      stop()
      resolve()
    })
  })

describe.each(["apiKey", "lambda"] as const)("aws-amplify with mode %s", mode => {
  const auth = () => (mode === "apiKey" ? { authMode: mode } : { authMode: mode, authToken })
  const username = mode === "apiKey" ? null : "ada"

  test("queries and mutates", async () => {
    const client = generateClient()
    const query = "query ($id: ID!) { note(id: $id) { id text } }"
    expect(await client.graphql({ query, variables: { id: "7" }, ...auth() })).toMatchObject({
      data: { note: { id: "7", text: "found" } },
    })
    const say = 'mutation { say(id: 1, text: "hi") { id by } }'
    expect(await client.graphql({ query: say, ...auth() })).toMatchObject({ data: { say: { id: "1", by: username } } })
  })

  test("gets errors as rejections", async () => {
    await expect(generateClient().graphql({ query: "{ nope }", ...auth() })).rejects.toMatchObject({
      errors: [
        { message: "Validation error of type FieldUndefined: Field 'nope' in type 'Query' is undefined @ 'nope'" },
      ],
    })
  })

  test("subscribes, hears what passes, and unsubscribes", async () => {
    const client = generateClient()
    const heard: Note["onNote"][] = []
    const isConnected = connected()
    const query = "subscription ($id: ID) { onNote(id: $id) { id text by } }"
    const first = new Promise<void>((resolve, reject) => {
      const subscription = client
        .graphql<GraphQLSubscription<Note>>({ query, variables: { id: "2" }, ...auth() })
        .subscribe({
          next: ({ data }) => {
            heard.push(data.onNote)
            subscription.unsubscribe()
            resolve()
          },
          error: reject,
        })
    })
    await isConnected
    const say = (id: string) =>
      client.graphql({ query: `mutation { say(id: ${id}, text: "hi") { id text by } }`, ...auth() })
    await say("1")
    await say("2")
    await first
    await say("2")
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(heard).toEqual([{ id: "2", text: "hi", by: username }])
  })
})
