import { createServer, type IncomingMessage, type Server } from "node:http"
import { text } from "node:stream/consumers"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { InvokedBy, InvokeResult, Json, JsonObject } from "../../../src/host/host.ts"
import { account, createTestHost, fieldCall, region, resolversOf, roleArn } from "./testApi.ts"

const api = createTestHost()
const busArn = `arn:aws:events:${region}:${account}:event-bus/orders`
const functionArn = `arn:aws:lambda:${region}:${account}:function:work`

/** The functions of this test, and the events that reached a queue or the bus. */
const queued: Json[] = []
const published: unknown[] = []
const respond = (payload: Json): InvokeResult => {
  const input = payload as JsonObject
  if (input.fail === true) {
    return { payload: { errorMessage: "broken", errorType: "Error" }, functionError: "Unhandled", requestId: "1" }
  }
  if (Array.isArray(payload)) {
    const answers = payload.map(one =>
      (one as JsonObject).id === "bad" ? { errorMessage: "no", errorType: "Bad" } : { data: one },
    )
    return { payload: answers, requestId: "1" }
  }
  return { payload: { got: payload }, requestId: "1" }
}

let server: Server
let requests: { request: IncomingMessage; body: string }[] = []

beforeAll(async () => {
  api.serve("lambda", {
    invoke: async (arn: string, payload: Json, by: InvokedBy) => {
      api.host.iam.authorize(by.principal ?? { kind: "anonymous" }, "lambda:InvokeFunction", arn)
      return respond(payload)
    },
    invokeAsync: async (_: string, payload: Json) => {
      queued.push(payload)
      return { requestId: "1" }
    },
  })
  api.serve("buses", {
    put: async (entries: readonly { source?: string }[], bus: string) => {
      published.push([entries, bus])
      return entries.map(({ source }) =>
        source === "" ? { ErrorCode: "InvalidArgument", ErrorMessage: "Source" } : { EventId: "e1" },
      )
    },
  })
  server = createServer(async (request, response) => {
    requests.push({ request, body: await text(request) })
    response.writeHead(418, { "content-type": "text/plain", "x-answer": "yes" }).end("short and stout")
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  api.role("caller", [
    { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn },
    { Effect: "Allow", Action: "events:PutEvents", Resource: busArn },
  ])
  api.role("nobody", [])
})
afterAll(async () => {
  server.close()
  await api.close()
})

const port = () => {
  const address = server.address()
  return typeof address === "object" && address ? address.port : 0
}

const sourceOf = (Type: string, config: JsonObject, role = "caller") => ({
  dataSources: [{ name: "it", properties: { Type, ServiceRoleArn: roleArn(role), ...config } }],
})

const seen = `export function response(ctx) { return { result: ctx.result, error: ctx.error } }`
const codeOf = (request: string) => `export function request(ctx) { return ${request} }\n${seen}`

const send = async (request: string, definitions: ReturnType<typeof sourceOf>, args: JsonObject = {}) => {
  const { value, errors } = await resolversOf(api, { it: { code: codeOf(request), source: "it" } }, definitions).run(
    fieldCall("it", args),
  )
  expect(errors).toEqual([])
  return value as { result: Json; error?: { type: string; message: string } }
}

describe("a Lambda source", () => {
  const lambda = (role?: string) => sourceOf("AWS_LAMBDA", { LambdaConfig: { LambdaFunctionArn: functionArn } }, role)

  test("invokes with the payload and gives the result", async () => {
    expect((await send('({ operation: "Invoke", payload: ctx.args })', lambda(), { id: 1 })).result).toEqual({
      got: { id: 1 },
    })
  })

  test("gives the error of the function to ctx.error", async () => {
    const { error } = await send('({ operation: "Invoke", payload: { fail: true } })', lambda())
    expect(error).toEqual({ type: "Lambda:Unhandled", message: "broken" })
  })

  test("does not wait for an Event invocation", async () => {
    const { result } = await send('({ operation: "Invoke", invocationType: "Event", payload: 5 })', lambda())
    expect(result).toBeNull()
    expect(queued).toContain(5)
  })

  test("needs the permission of its role", async () => {
    const { error } = await send('({ operation: "Invoke", payload: 1 })', lambda("nobody"))
    expect(error?.message).toContain("is not authorized to perform: lambda:InvokeFunction")
  })

  test("without code gets the whole context", async () => {
    const resolvers = resolversOf(api, { it: { source: "it" } }, lambda())
    const { value } = await resolvers.run(fieldCall("it", { id: 1 }))
    expect(value).toMatchObject({ got: { arguments: { id: 1 }, source: null, prev: null, info: { fieldName: "it" } } })
  })

  test("runs a function of several pipelines as one invocation", async () => {
    const invocations: Json[] = []
    const service = api.host.lambda
    api.serve("lambda", {
      ...service,
      invoke: (arn: string, payload: Json, by: InvokedBy) => {
        invocations.push(payload)
        return service.invoke(arn, payload, by)
      },
    })
    const code = codeOf('({ operation: "BatchInvoke", payload: { id: ctx.prev.result.id } })')
    const functions = [{ functionId: "f", code, properties: { Name: "f", DataSourceName: "it", MaxBatchSize: 2 } }]
    const before = "export const request = ctx => ({ id: ctx.source.id }); export const response = ctx => ctx.result"
    const resolvers = resolversOf(api, { it: { code: before, functions: ["f"] } }, { ...lambda(), functions })
    const { request } = fieldCall("it")
    const calls = ["1", "2", "3"].map(id => resolvers.run(fieldCall("it", {}, { source: { id }, request })))
    const results = await Promise.all(calls)
    api.serve("lambda", service)
    expect(results.map(({ value }) => value)).toEqual(["1", "2", "3"].map(id => ({ result: { id } })))
    expect(invocations).toEqual([[{ id: "1" }, { id: "2" }], [{ id: "3" }]])
  })

  test("runs a batch as one invocation, where each field keeps its own answer", async () => {
    const resolvers = resolversOf(
      api,
      { it: { code: codeOf('({ operation: "BatchInvoke", payload: ctx.source })'), source: "it", maxBatchSize: 5 } },
      lambda(),
    )
    expect(resolvers.batchSize("Query", "it")).toBe(5)
    const results = await resolvers.runBatch(["1", "bad", "3"].map(id => fieldCall("it", {}, { source: { id } })))
    expect(results.map(({ value }) => value)).toEqual([
      { result: { id: "1" } },
      { result: null, error: { type: "Bad", message: "no" } },
      { result: { id: "3" } },
    ])
  })
})

describe("an EventBridge source", () => {
  const bus = (role?: string) => sourceOf("AMAZON_EVENTBRIDGE", { EventBridgeConfig: { EventBusArn: busArn } }, role)
  const event = (source: string) => `{ source: "${source}", detailType: "t", detail: { id: 1 } }`
  const put = (...events: string[]) => `({ operation: "PutEvents", events: [${events.join(", ")}] })`

  test("puts details as JSON text on its bus", async () => {
    const { result } = await send(put(event("app")), bus())
    expect(result).toEqual({ Entries: [{ EventId: "e1" }], FailedEntryCount: 0 })
    expect(published.at(-1)).toEqual([[{ source: "app", detailType: "t", detail: '{"id":1}' }], busArn])
  })

  test("leaves a partly failed batch to the handler", async () => {
    const { result, error } = await send(put(event("app"), event("")), bus())
    expect(result).toMatchObject({ FailedEntryCount: 1 })
    expect(error).toBeUndefined()
  })

  test("needs the permission of its role", async () => {
    const { error } = await send(put(event("app")), bus("nobody"))
    expect(error?.message).toContain("events:PutEvents")
  })
})

describe("an HTTP source", () => {
  const http = (more: JsonObject = {}) =>
    sourceOf("HTTP", { HttpConfig: { Endpoint: `http://127.0.0.1:${port()}`, ...more } })

  test("sends method, path, query, headers and body, and takes any status as a result", async () => {
    requests = []
    const { result } = await send(
      '({ method: "POST", resourcePath: "/v1/x", params: { query: { q: "a b" }, headers: { "x-key": "k", host: "no" }, body: { n: 1 } } })',
      http(),
    )
    expect(result).toMatchObject({ statusCode: 418, body: "short and stout", headers: { "x-answer": "yes" } })
    expect(requests[0]?.request).toMatchObject({ method: "POST", url: "/v1/x?q=a+b", headers: { "x-key": "k" } })
    expect(requests[0]?.body).toBe('{"n":1}')
  })

  test("signs as its role when it is told to", async () => {
    requests = []
    const config = {
      AuthorizationType: "AWS_IAM",
      AwsIamConfig: { SigningRegion: region, SigningServiceName: "states" },
    }
    await send('({ method: "POST", resourcePath: "/", params: { body: "{}" } })', http({ AuthorizationConfig: config }))
    const { request, body } = requests[0] ?? {}
    const signer = await api.host.iam.verify({
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: Object.fromEntries(Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)])),
      body: body ?? "",
    })
    expect(signer).toMatchObject({ kind: "role", roleName: "caller", sessionName: "APPSYNC_ASSUME_ROLE" })
    expect(request?.headers.authorization).toContain(`/${region}/states/aws4_request`)
  })

  test("that nobody answers leaves an error", async () => {
    const { error } = await send(
      '({ method: "GET", resourcePath: "/" })',
      sourceOf("HTTP", { HttpConfig: { Endpoint: "http://127.0.0.1:1" } }),
    )
    expect(error?.type).toBe("Http:ConnectionFailure")
  })
})

describe("a data source", () => {
  test("without its configuration is refused at start by name", () => {
    expect(() => resolversOf(api, {}, sourceOf("AMAZON_EVENTBRIDGE", {}))).toThrow(
      "The data source it (AMAZON_EVENTBRIDGE) needs EventBusArn",
    )
  })

  test("that takes longer than the request's 30 seconds fails the field", async () => {
    const resolvers = resolversOf(
      api,
      { it: { code: codeOf('({ operation: "Invoke", payload: 1 })'), source: "it" } },
      sourceOf("AWS_LAMBDA", { LambdaConfig: { LambdaFunctionArn: functionArn } }),
    )
    const { invoke } = api.host.lambda
    Object.assign(api.host.lambda, { invoke: () => new Promise(() => {}) })
    const { errors } = await resolvers.run(fieldCall("it", {}, { deadline: api.host.clock.now() + 20 }))
    Object.assign(api.host.lambda, { invoke })
    expect(errors).toMatchObject([{ errorType: "ExecutionTimeout" }])
  })
})
