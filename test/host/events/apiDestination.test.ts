import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createEventsService } from "../../../src/host/events/service.ts"
import type { EventBuses, JsonObject, Service } from "../../../src/host/host.ts"
import { eventually, openTestHost, settle, type TestHost } from "./testHost.ts"

const deadLetters = "arn:aws:sqs:eu-west-1:123456789012:dead"

let local: TestHost
let events: Service & EventBuses
let status = 200
const requests: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[] = []
const server = createServer(async (request, response) => {
  const { method = "", url = "", headers } = request
  requests.push({ method, url, headers, body: await text(request) })
  response.writeHead(url === "/token" ? 200 : status)
  response.end(url === "/token" ? '{"access_token":"fresh"}' : "")
})

beforeEach(async () => {
  status = 200
  requests.length = 0
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  local = await openTestHost({})
  events = createEventsService(local.host)
  await events.start?.()
})
afterEach(async () => {
  await events.stop?.()
  await local.close()
  await new Promise(resolve => server.close(resolve))
})

const serverUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

async function ruleWith(AuthParameters: JsonObject, target: JsonObject = {}, allowed = true): Promise<void> {
  const connection = await local.create(events, "AWS::Events::Connection", "Connection", { AuthParameters })
  const destination = await local.create(events, "AWS::Events::ApiDestination", "Destination", {
    ConnectionArn: connection.Arn ?? "",
    HttpMethod: "POST",
    InvocationEndpoint: `${serverUrl()}/things/*`,
  })
  const Allow = { Effect: "Allow", Action: "events:InvokeApiDestination", Resource: destination.Arn ?? "" }
  const RoleArn = await local.addRole("caller", allowed ? [Allow] : [])
  await local.create(events, "AWS::Events::Rule", "Rule", {
    EventPattern: { source: ["shop"] },
    Targets: [
      {
        Id: "api",
        Arn: destination.Arn ?? "",
        RoleArn,
        RetryPolicy: { MaximumRetryAttempts: 1 },
        DeadLetterConfig: { Arn: deadLetters },
        ...target,
      },
    ],
  })
}
const put = () => events.put([{ source: "shop", detailType: "Sold", detail: '{"id":"a/b"}' }])

describe("an API destination", () => {
  test("is called with the connection's key, and with path, query and headers of the target", async () => {
    await ruleWith(
      {
        ApiKeyAuthParameters: { ApiKeyName: "x-api-key", ApiKeyValue: "secret" },
        InvocationHttpParameters: { BodyParameters: [{ Key: "shop", Value: "1" }] },
      },
      {
        InputPath: "$.detail",
        HttpParameters: {
          PathParameterValues: ["a/b"],
          QueryStringParameters: { q: "1" },
          HeaderParameters: { "x-own": "yes" },
        },
      },
    )
    await put()
    const request = await eventually(() => requests[0])
    expect(request).toMatchObject({
      method: "POST",
      url: "/things/a%2Fb?q=1",
      headers: { "x-api-key": "secret", "x-own": "yes", "content-type": "application/json; charset=utf-8" },
    })
    expect(JSON.parse(request.body)).toEqual({ id: "a/b", shop: "1" })
  })

  test("is called with a token of the connection's client credentials", async () => {
    await ruleWith({
      OAuthParameters: {
        AuthorizationEndpoint: `${serverUrl()}/token`,
        HttpMethod: "POST",
        ClientParameters: { ClientID: "client", ClientSecret: "s" },
        OAuthHttpParameters: { BodyParameters: [{ Key: "grant_type", Value: "client_credentials" }] },
      },
    })
    await put()
    const [token, call] = await eventually(() => requests.length === 2 && requests)
    expect(token?.body).toBe("client_id=client&client_secret=s&grant_type=client_credentials")
    expect(call?.headers.authorization).toBe("Bearer fresh")
  })

  test("that answers a client error is not called again", async () => {
    status = 400
    await ruleWith({ BasicAuthParameters: { Username: "u", Password: "p" } })
    await put()
    const dead = await eventually(() => local.messages[0])
    expect(dead.attributes).toMatchObject({ RETRY_ATTEMPTS: { type: "Number", value: "0" } })
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Basic dTpw"])
  })

  test("that is overloaded is called again", async () => {
    status = 503
    await ruleWith({})
    await put()
    await eventually(() => requests.length === 1)
    await settle()
    status = 200
    local.host.clock.advance(300_000)
    await eventually(() => requests.length === 2)
    expect(local.messages).toEqual([])
  })

  test("is not called by a role that may not", async () => {
    await ruleWith({}, {}, false)
    await put()
    const dead = await eventually(() => local.messages[0])
    expect(dead.attributes).toMatchObject({ ERROR_CODE: "NO_PERMISSIONS" })
    expect(requests).toEqual([])
  })
})
