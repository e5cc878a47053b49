import { createHmac } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminListGroupsForUserCommand,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  ListUsersCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider"
import { Amplify } from "aws-amplify"
import { fetchAuthSession, signIn, signOut } from "aws-amplify/auth"
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type CognitoService, createCognitoService } from "../../../src/host/cognito/service.ts"
import type { JsonObject } from "../../../src/host/host.ts"
import { openTestHost, type TestHost } from "../events/testHost.ts"

const password = "Correct-Horse-1"
const flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
let local: TestHost
let cognito: CognitoService
let sdk: CognitoIdentityProviderClient
let poolId: string
let clientId: string

beforeAll(async () => {
  local = await openTestHost()
  cognito = createCognitoService(local.host)
  local.serve([cognito])
  poolId = await makePool("Pool", {})
  clientId = await makeClient("Client", poolId, { ExplicitAuthFlows: flows })
  for (const email of ["ada@example.com", "bob@example.com", "eve@example.com"]) {
    await cognito.addUser(poolId, { email, password, groups: email.startsWith("ada") ? ["support"] : [] })
  }
  sdk = new CognitoIdentityProviderClient({
    endpoint: local.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  })
})

afterAll(async () => {
  sdk.destroy()
  await local.close()
})

async function makePool(logicalId: string, properties: JsonObject): Promise<string> {
  const { ref } = await local.create(cognito, "AWS::Cognito::UserPool", logicalId, {
    UsernameAttributes: ["email"],
    AutoVerifiedAttributes: ["email"],
    ...properties,
  })
  return String(ref)
}

async function makeClient(logicalId: string, UserPoolId: string, properties: JsonObject): Promise<string> {
  const created = await local.create(cognito, "AWS::Cognito::UserPoolClient", logicalId, { UserPoolId, ...properties })
  return String(created.ref)
}

const signInWith = (name: string, secret = password, client = clientId) =>
  sdk.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: client,
      AuthParameters: { USERNAME: name, PASSWORD: secret },
    }),
  )

const tokensOf = async (name: string, secret = password, client = clientId) => {
  const {
    AccessToken = "",
    IdToken = "",
    RefreshToken = "",
  } = (await signInWith(name, secret, client)).AuthenticationResult ?? {
    AccessToken: "",
    IdToken: "",
    RefreshToken: "",
  }
  return { AccessToken, IdToken, RefreshToken }
}

const lastCode = () => /\d{6}/.exec(local.mails.at(-1)?.text ?? "")?.[0] ?? ""

describe("signing in", () => {
  test("works with Amplify's default SRP flow, and the session refreshes", async () => {
    Amplify.configure({
      Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: local.url } },
    })
    const result = await signIn({ username: "ada@example.com", password })
    expect(result).toEqual({ isSignedIn: true, nextStep: { signInStep: "DONE" } })
    const session = await fetchAuthSession()
    expect(session.tokens?.accessToken.payload["cognito:groups"]).toEqual(["support"])
    const refreshed = await fetchAuthSession({ forceRefresh: true })
    expect(refreshed.tokens?.accessToken.toString()).not.toBe(session.tokens?.accessToken.toString())
    await signOut()
  })

  test("with a wrong password fails in SRP as in the password flow", async () => {
    await expect(signIn({ username: "ada@example.com", password: "Wrong-Horse-1" })).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Incorrect username or password.",
    })
    await expect(signInWith("ada@example.com", "Wrong-Horse-1")).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Incorrect username or password.",
    })
  })

  test("gives an id token and an access token with Cognito's claims, signed by the published key", async () => {
    const { IdToken, AccessToken } = await tokensOf("ada@example.com")
    const keys = createRemoteJWKSet(new URL(`${local.url}/${poolId}/.well-known/jwks.json`))
    const issuer = `${local.url}/${poolId}`
    const { payload: id } = await jwtVerify(IdToken, keys, { issuer, audience: clientId })
    const { payload: access } = await jwtVerify(AccessToken, keys, { issuer })
    expect(id).toMatchObject({
      email: "ada@example.com",
      email_verified: true,
      "cognito:groups": ["support"],
      "cognito:username": id.sub,
      token_use: "id",
    })
    expect(access).toMatchObject({
      client_id: clientId,
      username: id.sub,
      token_use: "access",
      version: 2,
      scope: "aws.cognito.signin.user.admin",
      origin_jti: id.origin_jti,
    })
    expect(access).not.toHaveProperty("email")
    expect(Number(access.exp) - Number(access.iat)).toBe(3_600)
    const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
    expect(discovery).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` })
  })

  test("of a person who does not exist tells so only where the client allows it", async () => {
    await expect(signInWith("nobody@example.com")).rejects.toMatchObject({
      name: "UserNotFoundException",
      message: "User does not exist.",
    })
    const discreet = await makeClient("Discreet", poolId, {
      ExplicitAuthFlows: flows,
      PreventUserExistenceErrors: "ENABLED",
    })
    await expect(signInWith("nobody@example.com", password, discreet)).rejects.toMatchObject({
      name: "NotAuthorizedException",
    })
    const challenge = await sdk.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_SRP_AUTH",
        ClientId: discreet,
        AuthParameters: { USERNAME: "nobody@example.com", SRP_A: "abcdef" },
      }),
    )
    expect(challenge.ChallengeName).toBe("PASSWORD_VERIFIER")
  })

  test("by a flow that the client does not allow is refused", async () => {
    const srpOnly = await makeClient("SrpOnly", poolId, { ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"] })
    await expect(signInWith("ada@example.com", password, srpOnly)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "USER_PASSWORD_AUTH flow not enabled for this client",
    })
  })

  test("through a client with a secret needs the hash of it", async () => {
    const created = await local.create(cognito, "AWS::Cognito::UserPoolClient", "Secretive", {
      UserPoolId: poolId,
      GenerateSecret: true,
      ExplicitAuthFlows: flows,
    })
    const [id, secret] = [String(created.ref), String(created.ClientSecret)]
    const attempt = (hash?: string) =>
      sdk.send(
        new InitiateAuthCommand({
          AuthFlow: "USER_PASSWORD_AUTH",
          ClientId: id,
          AuthParameters: { USERNAME: "ada@example.com", PASSWORD: password, ...(hash && { SECRET_HASH: hash }) },
        }),
      )
    await expect(attempt()).rejects.toThrow(`Client ${id} is configured with secret but SECRET_HASH was not received`)
    await expect(attempt("d3Jvbmc=")).rejects.toThrow(`SecretHash does not match for the client: ${id}`)
    const hash = createHmac("sha256", secret).update(`ada@example.com${id}`).digest("base64")
    expect((await attempt(hash)).AuthenticationResult?.TokenType).toBe("Bearer")
  })

  test("of a disabled user is refused", async () => {
    await sdk.send(new AdminDisableUserCommand({ UserPoolId: poolId, Username: "eve@example.com" }))
    await expect(signInWith("eve@example.com")).rejects.toThrow("User is disabled.")
  })
})

describe("tokens", () => {
  test("are verified for the services of the host, and foreign ones are not ours", async () => {
    const { AccessToken } = await tokensOf("bob@example.com")
    expect(await cognito.verify(AccessToken)).toMatchObject({ poolId, claims: { token_use: "access" } })
    expect(await cognito.verify("opaque")).toBeUndefined()
    const forged = `${AccessToken.slice(0, -8)}AAAAAAAA`
    await expect(cognito.verify(forged)).rejects.toMatchObject({ code: "UnauthorizedException" })
  })

  test("refresh until they are revoked, and a revoked session's access token is refused", async () => {
    const { AccessToken, RefreshToken } = await tokensOf("bob@example.com")
    const refresh = () =>
      sdk.send(
        new InitiateAuthCommand({
          AuthFlow: "REFRESH_TOKEN_AUTH",
          ClientId: clientId,
          AuthParameters: { REFRESH_TOKEN: RefreshToken },
        }),
      )
    const { AuthenticationResult } = await refresh()
    expect(AuthenticationResult?.RefreshToken).toBeUndefined()
    const again = decodeJwt(AuthenticationResult?.AccessToken ?? "")
    expect(again.origin_jti).toBe(decodeJwt(AccessToken).origin_jti)
    await sdk.send(new RevokeTokenCommand({ ClientId: clientId, Token: RefreshToken }))
    await expect(refresh()).rejects.toThrow("Refresh Token has been revoked")
    await expect(sdk.send(new GetUserCommand({ AccessToken }))).rejects.toThrow("Access Token has been revoked")
    await expect(cognito.verify(AccessToken)).rejects.toThrow("Token has been revoked.")
  })

  test("all end with a global sign-out", async () => {
    const first = await tokensOf("bob@example.com")
    const second = await tokensOf("bob@example.com")
    await sdk.send(new GlobalSignOutCommand({ AccessToken: first.AccessToken }))
    await expect(cognito.verify(second.AccessToken)).rejects.toThrow("Token has been revoked.")
  })
})

describe("signing up", () => {
  const SignUp = (email: string, secret = password) =>
    new SignUpCommand({ ClientId: clientId, Username: email, Password: secret })

  test("sends a code, and the confirmed address is verified", async () => {
    const { UserConfirmed, CodeDeliveryDetails } = await sdk.send(SignUp("new@example.com"))
    expect(UserConfirmed).toBe(false)
    expect(CodeDeliveryDetails).toEqual({
      AttributeName: "email",
      DeliveryMedium: "EMAIL",
      Destination: "n***@e***",
    })
    await expect(signInWith("new@example.com")).rejects.toMatchObject({ name: "UserNotConfirmedException" })
    await sdk.send(new ResendConfirmationCodeCommand({ ClientId: clientId, Username: "new@example.com" }))
    const confirm = (ConfirmationCode: string) =>
      sdk.send(new ConfirmSignUpCommand({ ClientId: clientId, Username: "new@example.com", ConfirmationCode }))
    await expect(confirm("nope")).rejects.toMatchObject({ name: "CodeMismatchException" })
    await confirm(lastCode())
    await expect(confirm(lastCode())).rejects.toThrow("User cannot be confirmed. Current status is CONFIRMED")
    const { IdToken } = await tokensOf("new@example.com")
    expect(decodeJwt(IdToken).email_verified).toBe(true)
  })

  test("with a taken address, a bad address or a weak password is refused in Cognito's words", async () => {
    await expect(sdk.send(SignUp("ada@example.com"))).rejects.toMatchObject({
      name: "UsernameExistsException",
      message: "An account with the given email already exists.",
    })
    await expect(sdk.send(SignUp("ada"))).rejects.toThrow("Username should be an email.")
    const refusals = { "Ab-1": "Password not long enough", "lower-case-1": "Password must have uppercase characters" }
    for (const [weak, reason] of Object.entries(refusals)) {
      await expect(sdk.send(SignUp("weak@example.com", weak))).rejects.toMatchObject({
        name: "InvalidPasswordException",
        message: `Password did not conform with policy: ${reason}`,
      })
    }
  })

  test("is decided by a PreSignUp function, and its error reaches the client", async () => {
    const PreSignUp = "arn:aws:lambda:eu-west-1:123456789012:function:gate"
    const gated = await makePool("Gated", { LambdaConfig: { PreSignUp } })
    const client = await makeClient("GatedClient", gated, { ExplicitAuthFlows: flows })
    local.respond = (_arn, payload) => ({
      ...(payload as JsonObject),
      response: { autoConfirmUser: true, autoVerifyEmail: true },
    })
    const command = new SignUpCommand({ ClientId: client, Username: "quick@example.com", Password: password })
    expect((await sdk.send(command)).UserConfirmed).toBe(true)
    expect(local.invocations.at(-1)).toMatchObject({
      functionArn: PreSignUp,
      payload: { triggerSource: "PreSignUp_SignUp", userPoolId: gated, callerContext: { clientId: client } },
      by: { service: "cognito-idp.amazonaws.com" },
    })
    const { IdToken } = await tokensOf("quick@example.com", password, client)
    expect(decodeJwt(IdToken).email_verified).toBe(true)
  })
})

describe("an account", () => {
  test("changes its password and its address, which is then unverified until its code comes back", async () => {
    await cognito.addUser(poolId, { email: "kim@example.com", password, groups: [] })
    const { AccessToken } = await tokensOf("kim@example.com")
    const ProposedPassword = "Battery-Staple-2"
    await expect(
      sdk.send(new ChangePasswordCommand({ AccessToken, PreviousPassword: "Nope-Nope-1", ProposedPassword })),
    ).rejects.toThrow("Incorrect username or password.")
    await sdk.send(new ChangePasswordCommand({ AccessToken, PreviousPassword: password, ProposedPassword }))
    await expect(signInWith("kim@example.com")).rejects.toThrow("Incorrect username or password.")

    const UserAttributes = [{ Name: "email", Value: "kim@new.example.com" }]
    await sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    const verified = async () => {
      const { UserAttributes = [] } = await sdk.send(new GetUserCommand({ AccessToken }))
      return UserAttributes.find(({ Name }) => Name === "email_verified")?.Value
    }
    expect(await verified()).toBe("false")
    await sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: "email", Code: lastCode() }))
    expect(await verified()).toBe("true")
    expect((await signInWith("kim@new.example.com", ProposedPassword)).AuthenticationResult).toBeDefined()
    await expect(signInWith("kim@example.com", ProposedPassword)).rejects.toThrow("User does not exist.")
  })

  test("with a forgotten password gets a new one by code", async () => {
    await cognito.addUser(poolId, { email: "lee@example.com", password, groups: [] })
    await sdk.send(new ForgotPasswordCommand({ ClientId: clientId, Username: "lee@example.com" }))
    const reset = (ConfirmationCode: string) =>
      new ConfirmForgotPasswordCommand({
        ClientId: clientId,
        Username: "lee@example.com",
        Password: "Brand-New-Day-3",
        ConfirmationCode,
      })
    const code = lastCode()
    await expect(sdk.send(reset(code === "000000" ? "111111" : "000000"))).rejects.toMatchObject({
      name: "CodeMismatchException",
    })
    await sdk.send(reset(code))
    expect((await signInWith("lee@example.com", "Brand-New-Day-3")).AuthenticationResult).toBeDefined()
  })

  test("made by an administrator gets its first password by mail and must change it", async () => {
    await sdk.send(
      new AdminCreateUserCommand({
        UserPoolId: poolId,
        Username: "guest@example.com",
        TemporaryPassword: "Temporary-Pass-1",
        UserAttributes: [{ Name: "email_verified", Value: "true" }],
      }),
    )
    expect(local.mails.at(-1)).toMatchObject({
      to: ["guest@example.com"],
      text: "Your username is guest@example.com and temporary password is Temporary-Pass-1.",
    })
    const { ChallengeName, Session } = await signInWith("guest@example.com", "Temporary-Pass-1")
    expect(ChallengeName).toBe("NEW_PASSWORD_REQUIRED")
    const { AuthenticationResult } = await sdk.send(
      new RespondToAuthChallengeCommand({
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        ClientId: clientId,
        Session,
        ChallengeResponses: { USERNAME: "guest@example.com", NEW_PASSWORD: password },
      }),
    )
    expect(AuthenticationResult?.AccessToken).toBeDefined()
    const { Users = [] } = await sdk.send(
      new ListUsersCommand({ UserPoolId: poolId, Filter: 'email = "guest@example.com"' }),
    )
    expect(Users.map(({ UserStatus }) => UserStatus)).toEqual(["CONFIRMED"])
  })

  test("shows its groups to an administrator only", async () => {
    const Groups = new AdminListGroupsForUserCommand({ UserPoolId: poolId, Username: "ada@example.com" })
    expect((await sdk.send(Groups)).Groups?.map(({ GroupName }) => GroupName)).toEqual(["support"])
    const roleArn = await local.addRole("reader", [])
    const { accessKeyId, secretAccessKey, sessionToken } = local.host.iam.credentialsFor(roleArn, "test")
    const reader = new CognitoIdentityProviderClient({
      endpoint: local.url,
      region: "eu-west-1",
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    })
    await expect(reader.send(Groups)).rejects.toMatchObject({ name: "AccessDeniedException" })
    reader.destroy()
  })
})

test("a pool lists its app clients, not those of another pool", async () => {
  const other = await makePool("Other", {})
  const otherClient = await makeClient("OtherClient", other, { ClientName: "web" })
  const { UserPoolClients } = await sdk.send(new ListUserPoolClientsCommand({ UserPoolId: other }))
  expect(UserPoolClients).toEqual([{ ClientId: otherClient, UserPoolId: other, ClientName: "web" }])
})

test("users, passwords, groups and sign-ins outlive a restart", async () => {
  const folder = mkdtempSync(`${tmpdir()}/cognito-`)
  const run = async <T>(work: (service: CognitoService, on: TestHost, pool: string) => Promise<T>): Promise<T> => {
    const on = await openTestHost({ folder })
    Object.assign(on.host, { url: "http://127.0.0.1:4000" })
    const service = createCognitoService(on.host)
    const { ref } = await on.create(service, "AWS::Cognito::UserPool", "Kept", { UsernameAttributes: ["email"] })
    try {
      return await work(service, on, String(ref))
    } finally {
      await on.close()
    }
  }
  const signInOn = async (service: CognitoService, on: TestHost, UserPoolId: string): Promise<string> => {
    const properties = { UserPoolId, ExplicitAuthFlows: flows }
    const { ref } = await on.create(service, "AWS::Cognito::UserPoolClient", "KeptClient", properties)
    on.serve([service])
    const address = on.url
    const keeper = new CognitoIdentityProviderClient({ endpoint: address, region: "eu-west-1" })
    const { AuthenticationResult } = await keeper.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: String(ref),
        AuthParameters: { USERNAME: "kept@example.com", PASSWORD: password },
      }),
    )
    keeper.destroy()
    return AuthenticationResult?.AccessToken ?? ""
  }
  const before = await run(async (service, on, pool) => {
    await service.addUser(pool, { email: "kept@example.com", password, groups: ["support"] })
    return signInOn(service, on, pool)
  })
  await run(async (service, on, pool) => {
    expect(await service.verify(before)).toMatchObject({ claims: { "cognito:groups": ["support"] } })
    const after = decodeJwt(await signInOn(service, on, pool))
    expect(after.sub).toBe(decodeJwt(before).sub)
  })
  rmSync(folder, { recursive: true })
})

test("an access token ends by the host's clock, and its lifetime is the client's", async () => {
  const brief = await makeClient("Brief", poolId, {
    ExplicitAuthFlows: flows,
    AccessTokenValidity: 5,
    TokenValidityUnits: { AccessToken: "minutes" },
  })
  const { AccessToken } = await tokensOf("ada@example.com", password, brief)
  expect(await cognito.verify(AccessToken)).toBeDefined()
  local.host.clock.advance(5 * 60_000)
  await expect(cognito.verify(AccessToken)).rejects.toThrow("Token has expired.")
})
