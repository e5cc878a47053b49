import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Sha256 } from "@aws-crypto/sha256-js"
import { SignatureV4 } from "@smithy/signature-v4"
import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { afterEach, describe, expect, test } from "vitest"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import { type ApiHost, type ApiOptions, resolversOf, startApi } from "./apiHost.ts"

const running: ApiHost[] = []
const start = async (options: ApiOptions) => {
  const api = await startApi(options)
  running.push(api)
  return api
}
afterEach(async () => {
  for (const api of running.splice(0)) await api.stop()
})

const whoAmI = resolversOf({
  "Query.me": call => JSON.stringify(call.identity),
  "Query.mode": call => call.authMode,
  "Query.post": () => ({ id: "1", title: "t", secret: "s" }),
})
const simple = "type Query { me: String  mode: String }"
const cognito = (more: JsonObject = {}) => ({
  AuthenticationType: "AMAZON_COGNITO_USER_POOLS",
  UserPoolConfig: { UserPoolId: "pool-1", AwsRegion: "eu-west-1", DefaultAction: "ALLOW", ...more },
})
const lambdaArn = "arn:aws:lambda:eu-west-1:123456789012:function:authorizer"
const lambda = (more: JsonObject = {}) => ({
  AuthenticationType: "AWS_LAMBDA",
  LambdaAuthorizerConfig: { AuthorizerUri: lambdaArn, ...more },
})
const identityOf = async (api: ApiHost, headers: Record<string, string>) =>
  JSON.parse(String((await api.query("{ me }", {}, headers)).data?.me))
const unauthorized = (message: string) => ({
  status: 401,
  body: { errors: [{ errorType: "UnauthorizedException", message }] },
})

describe("an API key", () => {
  test("has no identity", async () => {
    const api = await start({ schema: simple, resolvers: whoAmI })
    expect(await api.query("{ me mode }")).toEqual({ data: { me: "null", mode: "API_KEY" } })
  })

  test("that is missing, unknown or expired is refused", async () => {
    const api = await start({ schema: simple, resolvers: whoAmI })
    const missing = await api.post({ query: "{ me }" }, {})
    expect(missing).toMatchObject(unauthorized("Valid authorization header not provided."))
    expect(missing.headers.get("x-amzn-errortype")).toBe("UnauthorizedException")
    const refused = unauthorized("You are not authorized to make this call.")
    expect(await api.post({ query: "{ me }" }, { "x-api-key": "da2-nope" })).toMatchObject(refused)
    api.host.clock.advance(8 * 24 * 3_600_000)
    expect(await api.post({ query: "{ me }" })).toMatchObject(refused)
  })
})

describe("a user pool", () => {
  const claims = {
    sub: "s-1",
    "cognito:username": "ada",
    "cognito:groups": ["Admins"],
    aud: "client-1",
    token_use: "id",
  }

  test("gives the documented identity", async () => {
    const api = await start({ schema: simple, resolvers: whoAmI, api: cognito() })
    const token = await api.token(claims)
    const expected = {
      sub: "s-1",
      issuer: `${api.url}/pool-1`,
      username: "ada",
      claims: expect.objectContaining(claims),
      sourceIp: ["127.0.0.1"],
      defaultAuthStrategy: "ALLOW",
      groups: ["Admins"],
    }
    expect(await identityOf(api, { authorization: token })).toEqual(expected)
    expect(await identityOf(api, { authorization: `Bearer ${token}` })).toEqual(expected)
    const access = await api.token({ sub: "s-2", username: "bob", client_id: "client-1", token_use: "access" })
    expect(await identityOf(api, { authorization: access })).toMatchObject({ username: "bob", groups: null })
  })

  test("refuses what is no token, an expired one, and another app client", async () => {
    const api = await start({ schema: simple, resolvers: whoAmI, api: cognito({ AppIdClientRegex: "^client-1$" }) })
    const post = async (authorization: string) => api.post({ query: "{ me }" }, { authorization })
    expect(await post("nonsense")).toMatchObject(unauthorized("Unable to parse JWT token."))
    expect(await post(await api.token({ ...claims, exp: 1 }))).toMatchObject(unauthorized("Token has expired."))
    const other = await api.token({ ...claims, aud: "client-2" })
    expect(await post(other)).toMatchObject(unauthorized("You are not authorized to make this call."))
    expect((await post(await api.token(claims))).status).toBe(200)
    expect((await api.post({ query: "{ me }" })).status).toBe(401)
  })

  test("alone honours @aws_auth and the default action", async () => {
    const schema = 'type Query { me: String @aws_auth(cognito_groups: ["Admins"])  mode: String }'
    const api = await start({ schema, resolvers: whoAmI, api: cognito({ DefaultAction: "DENY" }) })
    const admin = { authorization: await api.token(claims) }
    const user = { authorization: await api.token({ ...claims, "cognito:groups": ["Users"] }) }
    expect((await api.query("{ me }", {}, admin)).data?.me).toContain("ada")
    const { data, errors } = await api.query("{ me mode }", {}, user)
    expect(data).toEqual({ me: null, mode: null })
    expect(errors?.[0]).toEqual({
      path: ["me"],
      data: null,
      errorType: "Unauthorized",
      errorInfo: null,
      locations: [{ line: 1, column: 3, sourceName: null }],
      message: "Not Authorized to access me on type Query",
    })
  })

  test("denies by default below the root too", async () => {
    const schema = `
    type Query { post: Post @aws_auth(cognito_groups: ["Admins"]) }
    type Post { id: ID @aws_auth(cognito_groups: ["Admins"])  secret: String }`
    const resolvers = resolversOf({ "Query.post": () => ({ id: "1", secret: "s" }) })
    const api = await start({ schema, resolvers, api: cognito({ DefaultAction: "DENY" }) })
    const answer = await api.query("{ post { id secret } }", {}, { authorization: await api.token(claims) })
    expect(answer.data).toEqual({ post: { id: "1", secret: null } })
    expect(answer.errors).toMatchObject([{ message: "Not Authorized to access secret on type Post" }])
  })
})

describe("several modes", () => {
  const schema = `
  type Query { post: Post @aws_api_key @aws_cognito_user_pools(cognito_groups: ["Admins"])  mode: String }
  type Post @aws_api_key @aws_cognito_user_pools { id: ID  title: String  secret: String @aws_cognito_user_pools }
  `
  const api = { AdditionalAuthenticationProviders: [cognito(), { AuthenticationType: "AWS_IAM" }] }

  test("share a field by its directives, and the type's directives hold for its fields", async () => {
    const one = await start({ schema, resolvers: whoAmI, api })
    const byKey = await one.query("{ post { id secret } }")
    expect(byKey.data).toEqual({ post: { id: "1", secret: null } })
    expect(byKey.errors?.map(error => error.message)).toEqual(["Not Authorized to access secret on type Post"])
    const admin = { authorization: await one.token({ "cognito:groups": ["Admins"] }) }
    expect(await one.query("{ post { id secret } }", {}, admin)).toEqual({ data: { post: { id: "1", secret: "s" } } })
    const user = { authorization: await one.token({ "cognito:groups": ["Users"] }) }
    expect((await one.query("{ post { id } }", {}, user)).data).toEqual({ post: null })
  })

  test("leave what has no directive to the default mode", async () => {
    const one = await start({ schema, resolvers: whoAmI, api })
    expect((await one.query("{ mode }")).data).toEqual({ mode: "API_KEY" })
    const user = { authorization: await one.token({}) }
    expect(await one.query("{ mode }", {}, user)).toMatchObject({
      data: { mode: null },
      errors: [{ errorType: "Unauthorized" }],
    })
  })

  test("refuse each leaf of a type that lacks the directive", async () => {
    const leafy = "type Query { post: Post @aws_cognito_user_pools } type Post { id: ID title: String }"
    const one = await start({ schema: leafy, resolvers: whoAmI, api })
    const user = { authorization: await one.token({}) }
    expect(await one.query("{ post { id title } }", {}, user)).toMatchObject({
      data: { post: { id: null, title: null } },
      errors: [{ path: ["post", "id"] }, { path: ["post", "title"] }],
    })
  })
})

describe("a signed request", () => {
  const signer = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    new SignatureV4({ service: "appsync", region: "eu-west-1", credentials, sha256: Sha256 })

  const signed = async (api: ApiHost, credentials: Parameters<typeof signer>[0], query: string) => {
    const body = JSON.stringify({ query })
    const { host, hostname, port } = new URL(api.url)
    const request = await signer(credentials).sign({
      method: "POST",
      protocol: "http:",
      hostname,
      port: Number(port),
      path: "/graphql",
      query: {},
      headers: { host, "content-type": "application/json" },
      body,
    })
    return api.post(body, request.headers)
  }

  const iam = { AuthenticationType: "AWS_IAM" }

  test("is the signer's, and each root field needs appsync:GraphQL", async () => {
    const api = await start({ schema: simple, resolvers: whoAmI, api: iam })
    const roleArn = api.role("Caller", [
      {
        Effect: "Allow",
        Action: "appsync:GraphQL",
        Resource: `arn:aws:appsync:*:*:apis/${api.apiId}/types/Query/fields/me`,
      },
    ])
    const { body } = await signed(api, api.host.iam.credentialsFor(roleArn, "session"), "{ me mode }")
    expect(JSON.parse(String(body.data?.me))).toEqual({
      accountId: "123456789012",
      cognitoIdentityPoolId: null,
      cognitoIdentityId: null,
      sourceIp: ["127.0.0.1"],
      username: expect.stringMatching(/^AROA[0-9A-F]{17}:session$/),
      userArn: "arn:aws:sts::123456789012:assumed-role/Caller/session",
      cognitoIdentityAuthType: null,
      cognitoIdentityAuthProvider: null,
    })
    expect(body.errors).toMatchObject([{ message: "Not Authorized to access mode on type Query" }])
  })

  test("with a wrong signature is refused", async () => {
    const api = await start({ schema: simple, resolvers: whoAmI, api: iam })
    const credentials = api.host.iam.credentialsFor(api.role("Caller", []), "session")
    const { status, body } = await signed(api, { ...credentials, secretAccessKey: "wrong" }, "{ me }")
    expect(status).toBe(403)
    expect(body.errors?.[0]?.errorType).toMatch(/Signature/)
  })

  test("to an API without IAM is refused", async () => {
    const api = await start({ schema: simple, resolvers: whoAmI })
    const credentials = api.host.iam.credentialsFor(api.role("Caller", []), "session")
    expect((await signed(api, credentials, "{ me }")).status).toBe(401)
  })
})

describe("a Lambda authorizer", () => {
  const startWith = async (answer: (event: JsonObject) => Json, more: JsonObject = {}) => {
    const api = await start({ schema: simple, resolvers: whoAmI, api: lambda(more) })
    const events: JsonObject[] = []
    api.functions.set(lambdaArn, event => {
      events.push(event as JsonObject)
      return answer(event as JsonObject)
    })
    return {
      api,
      events,
      post: (token: string) => api.post({ query: "query Q { me mode }" }, { authorization: token }),
    }
  }

  test("gives its context as identity and denies fields", async () => {
    const answer = { isAuthorized: true, resolverContext: { plan: "free" }, deniedFields: ["Query.mode"] }
    const { api, events, post } = await startWith(() => answer)
    const { body } = await post("custom-token")
    expect(body.data).toEqual({ me: '{"resolverContext":{"plan":"free"}}', mode: null })
    expect(body.errors).toMatchObject([{ errorType: "Unauthorized", path: ["mode"] }])
    expect(events[0]).toMatchObject({
      authorizationToken: "custom-token",
      requestContext: {
        apiId: api.apiId,
        accountId: "123456789012",
        requestId: expect.any(String),
        queryString: "query Q { me mode }",
        operationName: null,
        variables: {},
      },
      requestHeaders: { authorization: "custom-token" },
    })
  })

  test("is asked again when its answer is old", async () => {
    const { api, events, post } = await startWith(() => ({ isAuthorized: true, ttlOverride: 10 }))
    await post("t")
    await post("t")
    expect(events).toHaveLength(1)
    api.host.clock.advance(11_000)
    await post("t")
    await post("other")
    expect(events).toHaveLength(3)
  })

  test.each<[string, () => Json]>([
    ["says no", () => ({ isAuthorized: false })],
    ["answers nothing", () => ({})],
    [
      "throws",
      () => {
        throw new Error("boom")
      },
    ],
  ])("that %s refuses", async (_, answer) => {
    const { post } = await startWith(answer)
    expect(await post("t")).toMatchObject(unauthorized("You are not authorized to make this call."))
  })

  test("is not asked about a token of another form", async () => {
    const { events, post } = await startWith(() => ({ isAuthorized: true }), { IdentityValidationExpression: "^ok-" })
    expect((await post("no")).status).toBe(401)
    expect((await post("ok-1")).status).toBe(200)
    expect(events).toHaveLength(1)
  })
})

describe("an OpenID Connect issuer", () => {
  test("is found by discovery", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256")
    const jwk = { ...(await exportJWK(publicKey)), kid: "k", alg: "ES256" }
    const server = createServer((request, response) => {
      const isDiscovery = request.url === "/.well-known/openid-configuration"
      response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/jwks` } : { keys: [jwk] }))
    })
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const oidc = { AuthenticationType: "OPENID_CONNECT", OpenIDConnectConfig: { Issuer: issuer, ClientId: "web|app" } }
    const api = await start({ schema: simple, resolvers: whoAmI, api: oidc })
    const token = (audience: string, expires = "1h") =>
      new SignJWT({ sub: "u" })
        .setProtectedHeader({ alg: "ES256", kid: "k" })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(privateKey)
    expect(await identityOf(api, { authorization: await token("web") })).toEqual({
      sub: "u",
      issuer,
      claims: expect.objectContaining({ aud: "web" }),
    })
    const post = async (authorization: string) => api.post({ query: "{ me }" }, { authorization })
    expect(await post(await token("other"))).toMatchObject(unauthorized("You are not authorized to make this call."))
    expect(await post(await token("web", "-1h"))).toMatchObject(unauthorized("Token has expired."))
    expect((await post(`${await token("web")}x`)).status).toBe(401)
    server.closeAllConnections()
    server.close()
  })
})
