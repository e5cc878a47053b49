import { Duration } from "aws-cdk-lib"
import {
  ApiKeySourceType,
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  LambdaIntegration,
  RequestAuthorizer,
  ResponseType,
  RestApi,
  TokenAuthorizer,
} from "aws-cdk-lib/aws-apigateway"
import { UserPool } from "aws-cdk-lib/aws-cognito"
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { tokenOf } from "../../../src/cli/api.ts"
import { signRequest } from "../../../src/host/endpoint/signRequest.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { functionWith, hostOf, region, synthTimeoutMs } from "./restApps.ts"

const echo = "exports.handler = async event => ({ statusCode: 200, body: JSON.stringify(event.requestContext) })"

const tokenGuard = `let calls = 0
exports.handler = async event => {
  const token = event.authorizationToken.replace("Bearer ", "")
  if (token === "nobody") throw new Error("Unauthorized")
  if (token === "broken") throw new Error("broken")
  if (token === "odd") return { principalId: "x" }
  if (token === "deep") return { principalId: "x", policyDocument: allow("Allow", "*"), context: { a: [1] } }
  const [api, stage] = event.methodArn.split("/")
  const resource = token === "first" ? api + "/" + stage + "/GET/kept" : event.methodArn
  return {
    principalId: token,
    policyDocument: allow(token === "bad" ? "Deny" : "Allow", token === "elsewhere" ? api + "/other/*" : resource),
    context: { calls: ++calls, isAdmin: true, arn: event.methodArn, type: event.type },
  }
}
const allow = (Effect, Resource) => ({ Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] })`

const requestGuard = `exports.handler = async event => ({
  principalId: "someone",
  policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" }] },
  context: { resource: event.resource, query: event.queryStringParameters.who, path: JSON.stringify(event.pathParameters), type: event.type },
  usageIdentifierKey: event.headers["x-own-key"],
})`

const user = { email: "owner@example.com", password: "Passw0rd!x", groups: [] }
let running: RunningHost
let url: string
let otherUrl: string
beforeAll(async () => {
  running = await hostOf(
    stack => {
      const echoed = new LambdaIntegration(functionWith(stack, "Echo", echo))
      const api = new RestApi(stack, "Api")
      const add = (name: string, options: Parameters<typeof api.root.addMethod>[2]) =>
        api.root.addResource(name).addMethod("GET", echoed, options)
      const handler = functionWith(stack, "TokenGuard", tokenGuard)
      const validationRegex = "(Bearer )?[a-z]+"
      add("kept", { authorizer: new TokenAuthorizer(stack, "Kept", { handler, validationRegex }) })
      const kept = api.root.getResource("kept")
      kept
        ?.addResource("{more}")
        .addMethod("GET", echoed, { authorizer: new TokenAuthorizer(stack, "More", { handler }) })
      const fresh = new TokenAuthorizer(stack, "Fresh", { handler, resultsCacheTtl: Duration.seconds(0) })
      add("fresh", { authorizer: fresh })
      const asking = functionWith(stack, "RequestGuard", requestGuard)
      const identitySources = ["method.request.querystring.who"]
      add("asked", { authorizer: new RequestAuthorizer(stack, "Asked", { handler: asking, identitySources }) })

      const pool = new UserPool(stack, "Pool")
      pool.addClient("Client", { authFlows: { userPassword: true } })
      const users = new CognitoUserPoolsAuthorizer(stack, "Users", { cognitoUserPools: [pool] })
      add("mine", { authorizer: users })
      add("scoped", { authorizer: users, authorizationScopes: ["aws.cognito.signin.user.admin"] })
      add("closed", { authorizer: users, authorizationScopes: ["books/write"] })

      add("signed", { authorizationType: AuthorizationType.IAM })
      const role = new Role(stack, "Caller", {
        assumedBy: new ServicePrincipal("ec2.amazonaws.com"),
        roleName: "caller",
      })
      role.addToPolicy(
        new PolicyStatement({ actions: ["execute-api:Invoke"], resources: [api.arnForExecuteApi("GET", "/signed")] }),
      )
      new Role(stack, "Stranger", { assumedBy: new ServicePrincipal("ec2.amazonaws.com"), roleName: "stranger" })

      add("keyed", { apiKeyRequired: true })
      const plan = api.addUsagePlan("Plan", {
        apiStages: [{ stage: api.deploymentStage }],
        throttle: { rateLimit: 1 },
      })
      plan.addApiKey(api.addApiKey("Key", { value: "a-key-of-twenty-letters" }))
      api.addApiKey("Unplanned", { value: "another-key-of-twenty-letters" })

      const other = new RestApi(stack, "Other", { apiKeySourceType: ApiKeySourceType.AUTHORIZER })
      const naming = new RequestAuthorizer(stack, "Naming", {
        handler: asking,
        identitySources: ["method.request.header.x-own-key"],
      })
      other.root.addMethod("GET", echoed, { apiKeyRequired: true, authorizer: naming })
      const wording = new TokenAuthorizer(stack, "Wording", { handler })
      other.root.addResource("worded").addMethod("GET", echoed, { authorizer: wording })
      other.addGatewayResponse("Denied", {
        type: ResponseType.ACCESS_DENIED,
        statusCode: "404",
        templates: { "application/json": '{"for":"$context.authorizer.principalId","by":"$context.authorizer.type"}' },
      })
      plan.addApiStage({ stage: other.deploymentStage })
    },
    { demoUsers: [user], print: line => lines.push(line) },
  )
  url = running.local.restUrl ?? ""
  const [, other] = Object.entries(running.local.resources).find(([name]) => /^app\.Other[0-9A-F]{8}$/.test(name)) ?? []
  otherUrl = `${running.url}/_apis/${other}/prod`
}, synthTimeoutMs)
afterAll(() => running.stop())
const lines: string[] = []

const call = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers })
const refusal = async (answer: Promise<Response>) => {
  const { status, headers } = await answer
  return [status, headers.get("x-amzn-errortype"), await (await answer).text()]
}
const contextOf = async (answer: Promise<Response>) => JSON.parse(await (await answer).text())
const unauthorized = [401, "UnauthorizedException", '{"message":"Unauthorized"}']

describe("a TOKEN authorizer", () => {
  const kept = (authorization: string) => call("/kept", { authorization })

  test("is asked with the token and the method's ARN, and hands its context on as texts", async () => {
    const { authorizer } = await contextOf(kept("Bearer good"))
    const api = url.split("/")[4]
    expect(authorizer).toMatchObject({
      principalId: "good",
      isAdmin: "true",
      type: "TOKEN",
      arn: `arn:aws:execute-api:${region}:123456789012:${api}/prod/GET/kept`,
    })
    expect(authorizer.integrationLatency).toEqual(expect.any(Number))
  })

  test("is not asked without a token, nor about one that does not fit its expression", async () => {
    expect(await refusal(call("/kept"))).toEqual(unauthorized)
    expect(await refusal(kept("Basic 1234"))).toEqual(unauthorized)
  })

  test.each([
    [
      "bad",
      403,
      "AccessDeniedException",
      '{"Message":"User is not authorized to access this resource with an explicit deny"}',
    ],
    ["elsewhere", 403, "AccessDeniedException", '{"Message":"User is not authorized to access this resource"}'],
    ["nobody", ...unauthorized],
    ["broken", 500, "AuthorizerConfigurationException", '{"message":null}'],
    ["odd", 500, "AuthorizerConfigurationException", '{"message":null}'],
    ["deep", 500, "AuthorizerConfigurationException", '{"message":null}'],
  ])("that says so of %s refuses as AWS does", async (token, ...answer) => {
    expect(await refusal(kept(token))).toEqual(answer)
  })

  test("that refuses gives words to a gateway response", async () => {
    const answer = fetch(`${otherUrl}/worded`, { headers: { authorization: "bad" } })
    expect(await refusal(answer)).toEqual([404, "AccessDeniedException", '{"for":"bad","by":"TOKEN"}'])
  })

  test("is asked again only after its time to live, and a kept policy is applied to each method", async () => {
    const calls = async (path: string) => (await contextOf(call(path, { authorization: "again" }))).authorizer.calls
    expect(await calls("/kept")).toBe(await calls("/kept"))
    running.host.clock.advance(301_000)
    const later = await calls("/kept")
    expect(Number(await calls("/fresh"))).toBe(Number(later) + 1)
    expect(Number(await calls("/fresh"))).toBe(Number(later) + 2)

    const more = (path: string) => call(path, { authorization: "once" })
    expect((await more("/kept/1")).status).toBe(200)
    expect((await more("/kept/2")).status).toBe(403)
  })
})

describe("a REQUEST authorizer", () => {
  test("is asked with the request", async () => {
    const { authorizer } = await contextOf(call("/asked?who=me"))
    expect(authorizer).toMatchObject({
      principalId: "someone",
      resource: "/asked",
      query: "me",
      path: "{}",
      type: "REQUEST",
    })
  })

  test("is not asked without its identity source", async () =>
    expect(await refusal(call("/asked"))).toEqual(unauthorized))
})

describe("a user pool's authorizer", () => {
  const tokens = async () => ({
    IdToken: await tokenOf(user.email, user.password, running.local),
    AccessToken: await tokenOf(user.email, user.password, running.local, "AccessToken"),
  })

  test("takes an id token where no scopes are asked for, and gives its claims", async () => {
    const { IdToken, AccessToken } = await tokens()
    const { authorizer } = await contextOf(call("/mine", { authorization: IdToken }))
    expect(authorizer.claims).toMatchObject({ email: user.email, token_use: "id", exp: expect.any(String) })
    expect((await call("/mine", { authorization: `Bearer ${IdToken}` })).status).toBe(200)
    expect(await refusal(call("/mine", { authorization: AccessToken }))).toEqual(unauthorized)
    expect(await refusal(call("/mine", { authorization: "forged" }))).toEqual(unauthorized)
    expect(await refusal(call("/mine"))).toEqual(unauthorized)
  })

  test("takes an access token with one of the scopes that are asked for", async () => {
    const { IdToken, AccessToken } = await tokens()
    expect((await contextOf(call("/scoped", { authorization: AccessToken }))).authorizer.claims.token_use).toBe(
      "access",
    )
    expect(await refusal(call("/scoped", { authorization: IdToken }))).toEqual(unauthorized)
    expect(await refusal(call("/closed", { authorization: AccessToken }))).toEqual([
      403,
      "AccessDeniedException",
      '{"Message":"User is not authorized to access this resource"}',
    ])
  })

  test("says that a token has expired", async () => {
    const { IdToken } = await tokens()
    running.host.clock.advance(2 * 3_600_000)
    expect(await refusal(call("/mine", { authorization: IdToken }))).toEqual([
      401,
      "UnauthorizedException",
      '{"message":"The incoming token has expired"}',
    ])
  })
})

describe("a method for signers", () => {
  const signed = async (roleName: string, path = "/signed") => {
    const credentials = running.host.iam.credentialsFor(`arn:aws:iam::123456789012:role/${roleName}`, "session")
    const asked = { method: "GET", url: new URL(`${url}${path}`), headers: {}, body: undefined }
    return call(path, await signRequest(asked, credentials, region, "execute-api"))
  }

  test("lets those in whose policies allow it, and tells who they are", async () => {
    const { identity } = await contextOf(signed("caller"))
    expect(identity).toMatchObject({
      accountId: "123456789012",
      userArn: "arn:aws:sts::123456789012:assumed-role/caller/session",
    })
  })

  test("takes a signature for the API's own address, which functions use", async () => {
    const domainName = `${url.split("/")[4]}.execute-api.${region}.amazonaws.com`
    const credentials = running.host.iam.credentialsFor("arn:aws:iam::123456789012:role/caller", "session")
    const asked = { method: "GET", url: new URL(`https://${domainName}/prod/signed?a=1`), headers: {}, body: undefined }
    const headers = await signRequest(asked, credentials, region, "execute-api")
    const statusFor = async (host: string) =>
      (await call("/signed?a=1", { ...headers, "x-forwarded-host": host })).status
    expect(await statusFor(domainName)).toBe(200)
    expect(await statusFor(`other.execute-api.${region}.amazonaws.com`)).toBe(403)
  })

  test("refuses others in AWS's words", async () => {
    const [status, errorType, body] = await refusal(signed("stranger"))
    expect([status, errorType]).toEqual([403, "AccessDeniedException"])
    expect(body).toContain(
      "User: arn:aws:sts::123456789012:assumed-role/stranger/session is not authorized to perform: execute-api:Invoke",
    )
    expect(await refusal(call("/signed"))).toEqual([
      403,
      "MissingAuthenticationTokenException",
      '{"message":"Missing Authentication Token"}',
    ])
  })
})

describe("a method with a key", () => {
  const forbidden = [403, "ForbiddenException", '{"message":"Forbidden"}']

  test("takes keys of the usage plans of its stage", async () => {
    const { identity } = await contextOf(call("/keyed", { "X-API-Key": "a-key-of-twenty-letters" }))
    expect(identity).toMatchObject({ apiKey: "a-key-of-twenty-letters", apiKeyId: expect.any(String) })
    expect(await refusal(call("/keyed", { "x-api-key": "another-key-of-twenty-letters" }))).toEqual(forbidden)
    expect(await refusal(call("/keyed", { "x-api-key": "wrong" }))).toEqual(forbidden)
    expect(await refusal(call("/keyed"))).toEqual(forbidden)
  })

  test("takes the key that an authorizer names, where the API says so", async () => {
    const asked = (key: string) => fetch(otherUrl, { headers: { "x-own-key": key } })
    expect((await contextOf(asked("a-key-of-twenty-letters"))).identity.apiKey).toBe("a-key-of-twenty-letters")
    expect(await refusal(asked("wrong"))).toEqual(forbidden)
  })

  test("has plans whose rates are named as without effect", () =>
    expect(lines.join("\n")).toContain("AWS::ApiGateway::UsagePlan: property Throttle has no effect here"))
})
