import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  AssociateSoftwareTokenCommand,
  type ChallengeNameType,
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
async function poolWith(MfaConfiguration: string, EnabledMfas = ["SOFTWARE_TOKEN_MFA"]) {
  const pool = { UsernameAttributes: ["email"], MfaConfiguration, EnabledMfas }
  const suffix = `${MfaConfiguration}${EnabledMfas.join("")}`.replaceAll("_", "")
  const { ref } = await local.create(cognito, "AWS::Cognito::UserPool", `Pool${suffix}`, pool)
  const UserPoolId = String(ref)
  const flows = { ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }
  const name = `Client${suffix}`
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

describe("a code", () => {
  const lastMail = () => local.mails.at(-1)
  const lastCode = () => /\d{6}/.exec(lastMail()?.text ?? "")?.[0] ?? ""
  const answer = (ClientId: string, ChallengeName: ChallengeNameType, Session: string | undefined, given: object) => {
    const ChallengeResponses = { USERNAME: "ada@example.com", ...given }
    return sdk.send(new RespondToAuthChallengeCommand({ ChallengeName, ClientId, Session, ChallengeResponses }))
  }

  test("by mail is demanded of everyone where the pool says so, by Amplify too", async () => {
    const { ClientId, UserPoolId } = await poolWith("ON", ["EMAIL_OTP"])
    const { ChallengeName, ChallengeParameters, Session } = await begin(ClientId)
    expect([ChallengeName, ChallengeParameters]).toEqual([
      "EMAIL_OTP",
      {
        USER_ID_FOR_SRP: expect.any(String),
        CODE_DELIVERY_DELIVERY_MEDIUM: "EMAIL",
        CODE_DELIVERY_DESTINATION: "a***@e***",
      },
    ])
    await expect(answer(ClientId, "EMAIL_OTP", Session, { EMAIL_OTP_CODE: "x" })).rejects.toMatchObject({
      name: "CodeMismatchException",
    })
    const done = await answer(ClientId, "EMAIL_OTP", Session, { EMAIL_OTP_CODE: lastCode() })
    expect(done.AuthenticationResult?.AccessToken).toBeDefined()

    Amplify.configure({
      Auth: { Cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint: local.url } },
    })
    const { nextStep } = await signIn({ username: "ada@example.com", password })
    expect(nextStep.signInStep).toBe("CONFIRM_SIGN_IN_WITH_EMAIL_CODE")
    expect((await confirmSignIn({ challengeResponse: lastCode() })).isSignedIn).toBe(true)
    await signOut()
  })

  test("by SMS needs a verified number, and the user chooses among several factors", async () => {
    const { ClientId, UserPoolId } = await poolWith("OPTIONAL", ["SMS_MFA", "EMAIL_OTP"])
    const { AuthenticationResult } = await begin(ClientId)
    const AccessToken = AuthenticationResult?.AccessToken
    const prefer = (more: object) => sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, ...more }))
    await expect(prefer({ SMSMfaSettings: { Enabled: true } })).rejects.toMatchObject({
      name: "InvalidParameterException",
    })
    const UserAttributes = [
      { Name: "phone_number", Value: "+15552345678" },
      { Name: "phone_number_verified", Value: "true" },
    ]
    const Username = "ada@example.com"
    await sdk.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes }))
    await prefer({ SMSMfaSettings: { Enabled: true }, EmailMfaSettings: { Enabled: true } })

    const { ChallengeName, ChallengeParameters, Session } = await begin(ClientId)
    expect([ChallengeName, ChallengeParameters?.MFAS_CAN_CHOOSE]).toEqual([
      "SELECT_MFA_TYPE",
      '["SMS_MFA","EMAIL_OTP"]',
    ])
    const asked = await answer(ClientId, "SELECT_MFA_TYPE", Session, { ANSWER: "SMS_MFA" })
    expect([asked.ChallengeName, asked.ChallengeParameters?.CODE_DELIVERY_DESTINATION]).toEqual([
      "SMS_MFA",
      "+*******5678",
    ])
    expect(lastMail()?.to).toEqual(["+15552345678"])
    const done = await answer(ClientId, "SMS_MFA", asked.Session, { SMS_MFA_CODE: lastCode() })
    expect(done.AuthenticationResult?.IdToken).toBeDefined()
    expect(await sdk.send(new AdminGetUserCommand({ UserPoolId, Username }))).toMatchObject({
      UserMFASettingList: ["SMS_MFA", "EMAIL_OTP"],
    })
    await prefer({ EmailMfaSettings: { Enabled: true, PreferredMfa: true } })
    expect((await begin(ClientId)).ChallengeName).toBe("EMAIL_OTP")
  })
})

test("the codes are those of RFC 6238", () => {
  expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59_000)).toBe("287082")
  expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1_111_111_109_000)).toBe("081804")
})
