import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { hostWith, roleWith } from "./localHost.ts"

const schema = "type Query { me: AWSJSON  secret: String }"
const whoAmI = `export function request(ctx) { return { payload: ctx.identity } }
export function response(ctx) { return ctx.result }`
const apiId = { "Fn::GetAtt": ["Api", "ApiId"] }
const mayAsk = (field: string) =>
  roleWith({
    Effect: "Allow",
    Action: "appsync:GraphQL",
    Resource: { "Fn::Sub": `\${Api.Arn}/types/Query/fields/${field}` },
  })
const arn = (name: string) => ({ "Fn::GetAtt": [name, "Arn"] })
const person = { email: "ada@example.com", password: "Secret-1234", groups: ["admins"] }

const resources: JsonObject = {
  Users: { Type: "AWS::Cognito::UserPool", Properties: {} },
  Client: {
    Type: "AWS::Cognito::UserPoolClient",
    Properties: { UserPoolId: { Ref: "Users" }, ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] },
  },
  Pool: {
    Type: "AWS::Cognito::IdentityPool",
    Properties: {
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: [
        { ClientId: { Ref: "Client" }, ProviderName: { "Fn::GetAtt": ["Users", "ProviderName"] } },
      ],
    },
  },
  Roles: {
    Type: "AWS::Cognito::IdentityPoolRoleAttachment",
    Properties: {
      IdentityPoolId: { Ref: "Pool" },
      Roles: { authenticated: arn("Member"), unauthenticated: arn("Guest") },
    },
  },
  Guest: mayAsk("me"),
  Member: mayAsk("*"),
  Api: { Type: "AWS::AppSync::GraphQLApi", Properties: { Name: "api", AuthenticationType: "AWS_IAM" } },
  Schema: { Type: "AWS::AppSync::GraphQLSchema", Properties: { ApiId: apiId, Definition: schema } },
  None: { Type: "AWS::AppSync::DataSource", Properties: { ApiId: apiId, Name: "none", Type: "NONE" } },
  Me: {
    Type: "AWS::AppSync::Resolver",
    DependsOn: ["None", "Schema"],
    Properties: {
      ApiId: apiId,
      TypeName: "Query",
      FieldName: "me",
      DataSourceName: "none",
      Runtime: { Name: "APPSYNC_JS", RuntimeVersion: "1.0.0" },
      Code: whoAmI,
    },
  },
}

let running: RunningHost
beforeAll(async () => {
  running = await hostWith(resources, { demoUsers: [person] })
})
afterAll(() => running.stop())

async function call(service: string, operation: string, body: object) {
  const headers = { "x-amz-target": `${service}.${operation}`, "content-type": "application/x-amz-json-1.1" }
  const response = await fetch(running.url, { method: "POST", headers, body: JSON.stringify(body) })
  return (await response.json()) as Record<string, unknown>
}
const identity = (operation: string, body: object) => call("AWSCognitoIdentityService", operation, body)

async function login(): Promise<Record<string, string>> {
  const { AuthenticationResult } = await call("AWSCognitoIdentityProviderService", "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: running.local.clientId,
    AuthParameters: { USERNAME: person.email, PASSWORD: person.password },
  })
  const { IdToken } = AuthenticationResult as { IdToken: string }
  return { [`${running.url.replace("http://", "")}/${running.local.userPoolId}`]: IdToken }
}

async function credentials(Logins: Record<string, string> = {}) {
  const { IdentityId } = await identity("GetId", { IdentityPoolId: running.local.resources["app.Pool"], Logins })
  const { Credentials } = await identity("GetCredentialsForIdentity", { IdentityId, Logins })
  return { IdentityId, Credentials: Credentials as Record<string, string> }
}

async function ask(query: string, { AccessKeyId = "", SecretKey = "", SessionToken = "" }: Record<string, string>) {
  const { SignatureV4 } = await import("@smithy/signature-v4")
  const { Sha256 } = await import("@aws-crypto/sha256-js")
  const url = new URL(running.local.graphqlUrl)
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken }
  const signer = new SignatureV4({ credentials: keys, region: "eu-west-1", service: "appsync", sha256: Sha256 })
  const body = JSON.stringify({ query })
  const { headers } = await signer.sign({
    method: "POST",
    protocol: "http:",
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host },
    body,
  })
  const response = await fetch(url, { method: "POST", headers, body })
  return (await response.json()) as { data: { me: string } | null; errors?: { message: string }[] }
}

describe("an identity pool", () => {
  test("gives a guest the guest's role, and AppSync knows the identity", async () => {
    const { IdentityId, Credentials } = await credentials()
    const { data } = await ask("{ me }", Credentials)
    expect(JSON.parse(data?.me ?? "")).toMatchObject({
      cognitoIdentityPoolId: running.local.resources["app.Pool"],
      cognitoIdentityId: IdentityId,
      cognitoIdentityAuthType: "unauthenticated",
      cognitoIdentityAuthProvider: null,
    })
    expect(await ask("{ secret }", Credentials)).toMatchObject({
      errors: [{ message: "Not Authorized to access secret on type Query" }],
    })
  })

  test("gives a signed-in user one identity and the user's role", async () => {
    const first = await credentials(await login())
    const again = await credentials(await login())
    expect(again.IdentityId).toBe(first.IdentityId)
    const { data, errors } = await ask("{ me secret }", first.Credentials)
    expect(errors).toBeUndefined()
    expect(JSON.parse(data?.me ?? "")).toMatchObject({
      cognitoIdentityAuthType: "authenticated",
      cognitoIdentityAuthProvider: expect.stringContaining(":CognitoSignIn:"),
    })
  })

  test("refuses a token of somebody else, and credentials of another's identity", async () => {
    const [provider = ""] = Object.keys(await login())
    const { IdentityId } = await credentials(await login())
    expect(
      await identity("GetId", { IdentityPoolId: running.local.resources["app.Pool"], Logins: { [provider]: "x.y.z" } }),
    ).toMatchObject({ __type: "NotAuthorizedException" })
    expect(await identity("GetCredentialsForIdentity", { IdentityId })).toMatchObject({
      __type: "NotAuthorizedException",
    })
  })
})
