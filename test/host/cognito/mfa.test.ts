import {
  AdminGetUserCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider"
import { Amplify } from "aws-amplify"
import { confirmSignIn, signIn, signOut } from "aws-amplify/auth"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type CognitoService, createCognitoService } from "../../../src/host/cognito/service.ts"
import { totpCode } from "../../../src/host/cognito/totp.ts"
import { openTestHost, type TestHost } from "../events/testHost.ts"

const password = "Correct-Horse-1"
let local: TestHost
let cognito: CognitoService
let sdk: CognitoIdentityProviderClient

beforeAll(async () => {
  local = await openTestHost()
  cognito = createCognitoService(local.host)
  local.serve([cognito])
  const credentials = { accessKeyId: "local", secretAccessKey: "local" }
  sdk = new CognitoIdentityProviderClient({ endpoint: local.url, region: "eu-west-1", credentials, maxAttempts: 1 })
})

afterAll(async () => {
  sdk.destroy()
  await local.close()
})

/** A pool with one user, ada. */
async function poolWith(MfaConfiguration: string) {
  const pool = { UsernameAttributes: ["email"], MfaConfiguration, EnabledMfas: ["SOFTWARE_TOKEN_MFA"] }
  const { ref } = await local.create(cognito, "AWS::Cognito::UserPool", `Pool${MfaConfiguration}`, pool)
  const UserPoolId = String(ref)
  const flows = { ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }
  const name = `Client${MfaConfiguration}`
  const client = await local.create(cognito, "AWS::Cognito::UserPoolClient", name, { UserPoolId, ...flows })
  await cognito.addUser(UserPoolId, { email: "ada@example.com", password, groups: [] })
  return { UserPoolId, ClientId: String(client.ref) }
}

const begin = (ClientId: string) =>
  sdk.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId,
      AuthParameters: { USERNAME: "ada@example.com", PASSWORD: password },
    }),
  )

const now = () => local.host.clock.now()

describe("an authenticator app", () => {
  test("in a pool where it is optional is asked for once the user prefers it", async () => {
    const { ClientId, UserPoolId } = await poolWith("OPTIONAL")
    const { AuthenticationResult } = await begin(ClientId)
    const AccessToken = AuthenticationResult?.AccessToken
    const { SecretCode = "" } = await sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    const verify = (UserCode: string) => sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }))
    await expect(verify("000000")).rejects.toMatchObject({ name: "EnableSoftwareTokenMFAException" })
    expect((await verify(totpCode(SecretCode, now()))).Status).toBe("SUCCESS")
    expect((await begin(ClientId)).ChallengeName).toBeUndefined()

    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
    await sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }))
    const { ChallengeName, Session } = await begin(ClientId)
    expect(ChallengeName).toBe("SOFTWARE_TOKEN_MFA")
    const answer = (code: string) => {
      const ChallengeResponses = { USERNAME: "ada@example.com", SOFTWARE_TOKEN_MFA_CODE: code }
      return sdk.send(new RespondToAuthChallengeCommand({ ChallengeName, ClientId, Session, ChallengeResponses }))
    }
    await expect(answer("000000")).rejects.toMatchObject({ name: "CodeMismatchException" })
    expect((await answer(totpCode(SecretCode, now()))).AuthenticationResult?.IdToken).toBeDefined()
    const who = new AdminGetUserCommand({ UserPoolId, Username: "ada@example.com" })
    expect(await sdk.send(who)).toMatchObject({
      UserMFASettingList: ["SOFTWARE_TOKEN_MFA"],
      PreferredMfaSetting: "SOFTWARE_TOKEN_MFA",
    })

    const again = await begin(ClientId)
    const ChallengeResponses = { USERNAME: "ada@example.com", SOFTWARE_TOKEN_MFA_CODE: totpCode(SecretCode, now()) }
    const replay = { ChallengeName, ClientId, Session: again.Session, ChallengeResponses }
    await expect(sdk.send(new RespondToAuthChallengeCommand(replay))).rejects.toMatchObject({
      name: "ExpiredCodeException",
    })
  })

  test("in a pool that demands it is set up at the first sign-in, by Amplify too", async () => {
    const { ClientId, UserPoolId } = await poolWith("ON")
    Amplify.configure({
      Auth: { Cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint: local.url } },
    })
    const { nextStep } = await signIn({ username: "ada@example.com", password })
    if (nextStep.signInStep !== "CONTINUE_SIGN_IN_WITH_TOTP_SETUP") throw new Error(nextStep.signInStep)
    const secret = nextStep.totpSetupDetails.sharedSecret
    const done = await confirmSignIn({ challengeResponse: totpCode(secret, now()) })
    expect(done.isSignedIn).toBe(true)
    await signOut()

    local.host.clock.advance(60_000)
    const second = await signIn({ username: "ada@example.com", password })
    expect(second.nextStep.signInStep).toBe("CONFIRM_SIGN_IN_WITH_TOTP_CODE")
    expect((await confirmSignIn({ challengeResponse: totpCode(secret, now()) })).isSignedIn).toBe(true)
    await signOut()
  })
})

test("the codes are those of RFC 6238", () => {
  expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59_000)).toBe("287082")
  expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1_111_111_109_000)).toBe("081804")
})
