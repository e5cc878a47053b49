import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { hostWith } from "./localHost.ts"

let running: RunningHost
beforeAll(async () => {
  running = await hostWith({
    Api: { Type: "AWS::AppSync::GraphQLApi", Properties: { Name: "api", AuthenticationType: "API_KEY" } },
    Schema: {
      Type: "AWS::AppSync::GraphQLSchema",
      Properties: { ApiId: { "Fn::GetAtt": ["Api", "ApiId"] }, Definition: "type Query { hello: String }" },
    },
    Pool: { Type: "AWS::Cognito::UserPool", Properties: { AutoVerifiedAttributes: ["email"] } },
    Client: { Type: "AWS::Cognito::UserPoolClient", Properties: { UserPoolId: { Ref: "Pool" } } },
    Key: { Type: "AWS::AppSync::ApiKey", Properties: { ApiId: { "Fn::GetAtt": ["Api", "ApiId"] } } },
  })
})
afterAll(() => running?.stop())

const page = (path: string, init?: RequestInit) => fetch(`${running.url}${path}`, init)
const advance = (body: string) => page("/_host/clock", { method: "POST", body })

describe("GraphiQL", () => {
  test("comes whole from this host: every file that its page names, and none of another site", async () => {
    const html = await (await page("/graphiql")).text()
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? "")
    const scripts = await (await page("/graphiql/page.mjs")).text()
    const imported = [...scripts.matchAll(/from "\.\/([^"]+)"/g)].map(([, name]) => `/graphiql/${name}`)
    const paths = [...named, ...imported].filter(path => path !== "data:,")
    expect(paths.length).toBeGreaterThanOrEqual(7)
    for (const path of paths) expect((await page(path)).status, path).toBe(200)
  })

  test("knows the API and its key", async () => {
    const { graphqlUrl, apiKey } = (await (await page("/graphiql/local.json")).json()) as RunningHost["local"]
    const answer = await fetch(graphqlUrl, {
      method: "POST",
      headers: { "x-api-key": apiKey ?? "" },
      body: JSON.stringify({ query: "{ __typename }" }),
    })
    expect(await answer.json()).toEqual({ data: { __typename: "Query" } })
  })
})

describe("the clock", () => {
  test("moves forward when asked", async () => {
    const before = running.host.clock.now()
    const { now } = (await (await advance('{"advanceMs": 604800000}')).json()) as { now: string }
    expect(Date.parse(now) - before).toBeGreaterThanOrEqual(604_800_000)
    expect(running.host.clock.now()).toBeGreaterThanOrEqual(Date.parse(now))
  })

  test.each(["", "{}", '{"advanceMs": -1}', '{"advanceMs": "1"}'])("refuses %j", async body => {
    const answer = await advance(body)
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { message: "advanceMs must be a number of milliseconds, 0 or more" },
    ])
  })
})

describe("the mail page", () => {
  test("shows the confirmation code of somebody who signs up", async () => {
    const signUp = await page("/", {
      method: "POST",
      headers: {
        "x-amz-target": "AWSCognitoIdentityProviderService.SignUp",
        "content-type": "application/x-amz-json-1.1",
      },
      body: JSON.stringify({
        ClientId: running.local.clientId,
        Username: "new",
        Password: "Passw0rd!x",
        UserAttributes: [{ Name: "email", Value: "new@example.org" }],
      }),
    })
    expect(signUp.status).toBe(200)
    const html = await (await page("/mail")).text()
    expect(html).toContain("new@example.org")
    expect(html).toMatch(/\b\d{6}\b/)
  })
})
