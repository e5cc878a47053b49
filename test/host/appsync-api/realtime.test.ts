import { Sha256 } from "@aws-crypto/sha256-js"
import { SignatureV4 } from "@smithy/signature-v4"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import { type ApiHost, failed, resolversOf, result, startApi } from "./apiHost.ts"
import { connect, encoded, type RealtimeClient } from "./realtimeClient.ts"

const schema = `
type Query { a: Int }
type Mutation {
  say(id: ID!, room: String, text: String, stars: Int): Note
  close(room: String): Note
}
type Subscription {
  onNote(room: String, text: String): Note @aws_subscribe(mutations: ["say"])
  onFiltered(room: String): Note @aws_subscribe(mutations: ["say"])
  onForbidden: Note @aws_subscribe(mutations: ["say"])
  onWrongFilter: Note @aws_subscribe(mutations: ["say"])
}
type Note { id: ID!  room: String  text: String  stars: Int  body: Body }
type Body { size: Int }
`

const resolvers = resolversOf({
  "Mutation.say": ({ arguments: args }) => ({ ...args, body: { size: String(args.text).length } }),
  "Mutation.close": ({ arguments: args }) =>
    result({ value: { id: "x" }, invalidations: [{ subscriptionField: "onFiltered", payload: args }] }),
  "Subscription.onFiltered": ({ arguments: { room = null } }) =>
    result({
      subscriptionFilter: {
        filterGroup: [{ filters: [{ fieldName: "stars", operator: "gt", value: 3 }] }],
      },
      subscriptionInvalidationFilter: {
        filterGroup: [{ filters: [{ fieldName: "room", operator: "eq", value: room }] }],
      },
    }),
  "Subscription.onWrongFilter": () =>
    result({
      subscriptionFilter: { filterGroup: [{ filters: [{ fieldName: "stars", operator: "like", value: 3 }] }] },
    }),
  "Subscription.onForbidden": () => failed("Not for you", "Unauthorized"),
})

let api: ApiHost
let clients: RealtimeClient[] = []
beforeEach(async () => {
  api = await startApi({
    schema,
    resolvers,
    api: { AdditionalAuthenticationProviders: [{ AuthenticationType: "AWS_IAM" }] },
  })
})
afterEach(async () => {
  for (const client of clients) client.close()
  clients = []
  await api.stop()
})

const key = () => ({ host: new URL(api.url).host, "x-api-key": api.apiKey })
const open = async (protocols?: string[], headers?: Record<string, string>, query = "") => {
  const client = await connect(`${api.url}/graphql/realtime${query}`, protocols, headers)
  clients.push(client)
  return client
}
const openWithKey = () => open(["graphql-ws", `header-${Buffer.from(JSON.stringify(key())).toString("base64url")}`])
const say = (args: JsonObject, selection = "id room text stars body { size }") =>
  api.query(
    `mutation ($id: ID!, $room: String, $text: String, $stars: Int) { say(id: $id, room: $room, text: $text, stars: $stars) { ${selection} } }`,
    args,
  )
const subscribed = async (query: string, variables: object = {}, id = "s1") => {
  const client = await openWithKey()
  client.start(id, query, key(), variables)
  expect(await client.next()).toEqual({ type: "start_ack", id })
  return client
}

describe("a connection", () => {
  test.each<[string, () => Promise<RealtimeClient>]>([
    ["the query", () => open(["graphql-ws"], {}, `?header=${encodeURIComponent(encoded(key()))}&payload=e30=`)],
    ["a sub-protocol", () => openWithKey()],
    ["HTTP headers", () => open(["graphql-ws"], key())],
  ])("is authorized by %s", async (_, connected) => {
    const client = await connected()
    expect(client.protocol).toBe("graphql-ws")
    client.send({ type: "connection_init" })
    expect(await client.next()).toEqual({ type: "connection_ack", payload: { connectionTimeoutMs: 300_000 } })
  })

  test("is authorized by a signature of /graphql/connect, and a start by one of /graphql", async () => {
    const roleArn = api.role("Listener", [
      { Effect: "Allow", Action: "appsync:GraphQL", Resource: `arn:aws:appsync:*:*:apis/${api.apiId}/*` },
    ])
    const signer = new SignatureV4({
      service: "appsync",
      region: "eu-west-1",
      credentials: api.host.iam.credentialsFor(roleArn, "s"),
      sha256: Sha256,
    })
    const sign = async (path: string, body: string) => {
      const { host, hostname } = new URL(api.url)
      const request = { method: "POST", protocol: "http:", hostname, path, query: {}, headers: { host }, body }
      return (await signer.sign(request)).headers
    }
    const client = await open([
      "graphql-ws",
      `header-${Buffer.from(JSON.stringify(await sign("/graphql/connect", "{}"))).toString("base64url")}`,
    ])
    client.send({ type: "connection_init" })
    expect((await client.next()).type).toBe("connection_ack")
    const data = JSON.stringify({ query: "subscription { onNote { id } }", variables: {} })
    const start = {
      id: "1",
      type: "start",
      payload: { data, extensions: { authorization: await sign("/graphql", data) } },
    }
    client.send(start)
    expect(await client.next()).toMatchObject({
      payload: { errors: [{ message: "Not Authorized to access onNote on type Subscription" }] },
    })
    client.send({ ...start, id: "2", payload: { ...start.payload, data: data.replace("{ id }", "{ id text }") } })
    expect(await client.next()).toMatchObject({ type: "error", id: "2", payload: { errors: [{ errorCode: 403 }] } })
  })

  test("without a credential hears why and is closed", async () => {
    const client = await open(["graphql-ws"])
    client.send({ type: "connection_init" })
    expect(await client.next()).toEqual({
      type: "connection_error",
      payload: {
        errors: [
          { errorType: "UnauthorizedException", message: "Valid authorization header not provided.", errorCode: 401 },
        ],
      },
    })
    await client.closed
  })

  test("in another sub-protocol is refused", async () => {
    const client = await open(["graphql-transport-ws"], key())
    client.send({ type: "connection_init" })
    expect(await client.next()).toEqual({
      type: "connection_error",
      payload: { errors: [{ message: "SubProtocolNotSupportedError", errorCode: 400 }] },
    })
    await client.closed
  })

  test("is kept alive every minute", async () => {
    const client = await openWithKey()
    const heard: string[] = []
    const listening = await import("ws").then(({ WebSocket }) => {
      const socket = new WebSocket(`${api.url.replace("http", "ws")}/graphql/realtime`, ["graphql-ws"], {
        headers: key(),
      })
      socket.on("message", data => heard.push(JSON.parse(String(data)).type))
      return new Promise<typeof socket>(resolve => socket.once("open", () => resolve(socket)))
    })
    client.send({ type: "connection_init" })
    await client.next()
    api.host.clock.advance(60_001)
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual(["ka"])
    listening.close()
  })
})

describe("a start", () => {
  test.each<[string, string, JsonObject]>([
    [
      "of a query",
      "query { a }",
      { errorType: "UnsupportedOperation", message: "query not supported through the realtime channel" },
    ],
    [
      "of an unknown field",
      "subscription { onNope { id } }",
      {
        message:
          "Validation error of type FieldUndefined: Field 'onNope' in type 'Subscription' is undefined @ 'onNope'",
      },
    ],
    [
      "with a variable of another type",
      "subscription ($id: ID!) { onNote(room: $id) { id } }",
      {
        message:
          "Validation error of type VariableTypeMismatch: Variable type 'ID!' doesn't match expected type 'String' @ 'onNote'",
      },
    ],
    [
      "that its resolver refuses",
      "subscription { onForbidden { id } }",
      { errorType: "Unauthorized", message: "Not for you" },
    ],
    [
      "whose filter has an unknown operator",
      "subscription { onWrongFilter { id } }",
      { errorType: "BadRequestException", message: "Invalid subscription filter operator 'like'." },
    ],
  ])("%s is answered with an error", async (_, query, error) => {
    const client = await openWithKey()
    client.start("1", query, key())
    expect(await client.next()).toEqual({ type: "error", id: "1", payload: { errors: [error] } })
  })

  test("without a credential is refused, and the connection stays", async () => {
    const client = await openWithKey()
    client.start("1", "subscription { onNote { id } }", {})
    expect(await client.next()).toMatchObject({
      type: "error",
      id: "1",
      payload: { errors: [{ errorType: "UnauthorizedException", errorCode: 401 }] },
    })
    client.start("1", "subscription { onNote { id } }", key())
    expect((await client.next()).type).toBe("start_ack")
  })

  test("with an id that is taken is refused", async () => {
    const client = await subscribed("subscription { onNote { id } }")
    client.start("s1", "subscription { onNote { id } }", key())
    expect(await client.next()).toMatchObject({
      id: "s1",
      payload: { errors: [{ errorType: "DuplicatedOperationError" }] },
    })
  })

  test("beyond 200 subscriptions of a connection is refused", async () => {
    const client = await openWithKey()
    for (let i = 1; i <= 201; i++) client.start(`${i}`, "subscription { onNote { id } }", key())
    expect(await client.next(message => message.type === "error")).toEqual({
      type: "error",
      id: "201",
      payload: {
        errors: [{ errorType: "MaxSubscriptionsReachedError", message: "Max number of 200 subscriptions reached" }],
      },
    })
  })

  test("in the form of another protocol is not understood", async () => {
    const client = await openWithKey()
    client.send({ id: "1", type: "subscribe", payload: { query: "subscription { onNote { id } }" } })
    expect(await client.next()).toMatchObject({
      payload: {
        errors: [{ errorType: "UnsupportedOperation", message: "unknown not supported through the realtime channel" }],
      },
    })
  })
})

describe("a subscription", () => {
  test("hears of a mutation what that selected", async () => {
    const client = await subscribed("subscription { note: onNote { id text body { size } } }")
    await say({ id: "1", text: "hello" }, "key: id body { size }")
    expect(await client.next()).toEqual({
      type: "data",
      id: "s1",
      payload: { data: { note: { id: "1", text: null, body: { size: 5 } } } },
    })
  })

  test("that asks for a required field which the mutation left out hears an error", async () => {
    const client = await subscribed("subscription { onNote { id text } }")
    await say({ id: "1", text: "hello" }, "text")
    expect(await client.next()).toMatchObject({
      payload: {
        data: { onNote: null },
        errors: [{ message: "Cannot return null for non-nullable type: 'ID' within parent 'Note' (/onNote/id)" }],
      },
    })
  })

  test("with arguments hears what equals them; null, or a variable without a value, asks for null", async () => {
    const inRoom = await subscribed("subscription ($room: String) { onNote(room: $room) { id } }", { room: "kitchen" })
    const nowhere = await subscribed("subscription { onNote(room: null) { id } }")
    const unsaid = await subscribed("subscription ($room: String) { onNote(room: $room) { id } }")
    await say({ id: "1", room: "hall" })
    await say({ id: "2", room: "kitchen" })
    await say({ id: "3" })
    expect((await inRoom.next()).payload?.data).toEqual({ onNote: { id: "2" } })
    expect((await nowhere.next()).payload?.data).toEqual({ onNote: { id: "3" } })
    expect((await unsaid.next()).payload?.data).toEqual({ onNote: { id: "3" } })
  })

  test("with a filter of its own is not filtered by its arguments", async () => {
    const client = await subscribed('subscription { onFiltered(room: "kitchen") { id } }')
    await say({ id: "1", room: "kitchen", stars: 3 })
    await say({ id: "2", room: "hall", stars: 4 })
    expect((await client.next()).payload?.data).toEqual({ onFiltered: { id: "2" } })
  })

  test("ends when a mutation invalidates it", async () => {
    const client = await subscribed('subscription { onFiltered(room: "kitchen") { id } }')
    await api.query('mutation { close(room: "hall") { id } }')
    await api.query('mutation { close(room: "kitchen") { id } }')
    expect(await client.next()).toEqual({ type: "complete", id: "s1", payload: { message: "Subscription complete." } })
    client.start("s1", "subscription { onNote { id } }", key())
    expect((await client.next()).type).toBe("start_ack")
  })

  test("is invalidated in at most five ways by one request, a repeat is no new one", async () => {
    const close = (rooms: string[]) =>
      api.query(`mutation { ${rooms.map((room, index) => `r${index}: close(room: "${room}") { id }`).join(" ")} }`)
    expect((await close(["a", "b", "c", "d", "e", "a"])).errors).toBeUndefined()
    const client = await subscribed('subscription { onFiltered(room: "f") { id } }')
    const { data, errors } = await close(["a", "b", "c", "d", "e", "f"])
    expect(data?.r5).toEqual({ id: "x" })
    expect(errors).toMatchObject([{ path: ["r5"], errorType: "LimitExceededError" }])
    await say({ id: "1", stars: 4 })
    expect((await client.next()).type).toBe("data")
  })

  test("hears nothing more once it is stopped", async () => {
    const client = await subscribed("subscription { onNote { id } }")
    client.send({ type: "stop", id: "s1" })
    expect(await client.next()).toEqual({ type: "complete", id: "s1" })
    await say({ id: "1" })
    client.send({ type: "stop", id: "s1" })
    expect(await client.next()).toMatchObject({
      type: "error",
      payload: { errors: [{ errorType: "UnknownOperationError" }] },
    })
  })

  test("keeps the order of the mutations", async () => {
    const client = await subscribed("subscription { onNote { id } }")
    for (let i = 0; i < 20; i++) await say({ id: `${i}` })
    const ids: unknown[] = []
    for (let i = 0; i < 20; i++) ids.push((await client.next()).payload?.data?.onNote)
    expect(ids).toEqual(Array.from({ length: 20 }, (_, i) => ({ id: `${i}` })))
  })

  test("does not get a payload over 240 KB", async () => {
    const client = await subscribed("subscription { onNote { id text } }")
    await say({ id: "1", text: "x".repeat(241 * 1024) })
    await say({ id: "2", text: "small" })
    expect((await client.next()).payload?.data).toEqual({ onNote: { id: "2", text: "small" } })
  })
})

test("a mutation that gives null or fails tells nobody", async () => {
  const client = await subscribed("subscription { onNote { id } }")
  expect((await api.query('mutation { say(id: "1") { nope } }')).data).toBeNull()
  await say({ id: "2" })
  expect((await client.next()).payload?.data).toEqual({ onNote: { id: "2" } })
})
