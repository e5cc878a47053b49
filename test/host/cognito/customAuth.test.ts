import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider"
import { Amplify } from "aws-amplify"
import { confirmSignIn, signIn, signOut } from "aws-amplify/auth"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type CognitoService, createCognitoService } from "../../../src/host/cognito/service.ts"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import { objectOf } from "../../../src/host/json.ts"
import { openTestHost, type TestHost } from "../events/testHost.ts"

const username = "ada@example.com"
const password = "Correct-Horse-1"
const arnOf = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`
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

/** Three wrong answers fail, a right one gives tokens; a sign-in that begins with SRP asks for the password first. */
function define(session: JsonObject[]): JsonObject {
  const last = session.at(-1)
  if (last?.challengeName === "SRP_A") return { challengeName: "PASSWORD_VERIFIER", issueTokens: false }
  if (last?.challengeName === "CUSTOM_CHALLENGE" && last.challengeResult === true) return { issueTokens: true }
  const wrong = session.filter(({ challengeResult }) => challengeResult === false).length
  return wrong >= 3 ? { failAuthentication: true } : { challengeName: "CUSTOM_CHALLENGE" }
}

/** The three functions of the flow, as an app has them. */
function respond(functionArn: string, payload: Json): Json {
  const event = objectOf(payload)
  const request = objectOf(event.request)
  const name = functionArn.split(":").at(-1)
  const response: Record<string, () => JsonObject> = {
    define: () => define((request.session as JsonObject[]) ?? []),
    create: () => ({
      publicChallengeParameters: { hint: "sum" },
      privateChallengeParameters: { answer: "42" },
      challengeMetadata: "SUM",
    }),
    verify: () => ({ answerCorrect: request.challengeAnswer === objectOf(request.privateChallengeParameters).answer }),
  }
  return { ...event, response: response[name ?? ""]?.() ?? {} }
}

async function poolWith(name: string, LambdaConfig: JsonObject, client: JsonObject = {}) {
  const pool = { UsernameAttributes: ["email"], LambdaConfig }
  const { ref } = await local.create(cognito, "AWS::Cognito::UserPool", name, pool)
  const UserPoolId = String(ref)
  const made = await local.create(cognito, "AWS::Cognito::UserPoolClient", `${name}Client`, {
    UserPoolId,
    ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    ...client,
  })
  await cognito.addUser(UserPoolId, { email: username, password, groups: [] })
  local.respond = respond
  return { UserPoolId, ClientId: String(made.ref) }
}

const functions = {
  DefineAuthChallenge: arnOf("define"),
  CreateAuthChallenge: arnOf("create"),
  VerifyAuthChallengeResponse: arnOf("verify"),
}
const begin = (ClientId: string, USERNAME = username) =>
  sdk.send(new InitiateAuthCommand({ AuthFlow: "CUSTOM_AUTH", ClientId, AuthParameters: { USERNAME } }))
const answer = (ClientId: string, Session: string | undefined, ANSWER: string) =>
  sdk.send(
    new RespondToAuthChallengeCommand({
      ChallengeName: "CUSTOM_CHALLENGE",
      ClientId,
      Session,
      ChallengeResponses: { USERNAME: username, ANSWER },
      ClientMetadata: { device: "laptop" },
    }),
  )

describe("signing in by custom challenges", () => {
  test("asks what CreateAuthChallenge makes until DefineAuthChallenge is content", async () => {
    const { ClientId } = await poolWith("Sums", functions)
    const first = await begin(ClientId)
    expect(first.ChallengeName).toBe("CUSTOM_CHALLENGE")
    expect(first.ChallengeParameters).toEqual({ USERNAME: expect.any(String), hint: "sum" })
    const second = await answer(ClientId, first.Session, "41")
    expect(second.ChallengeName).toBe("CUSTOM_CHALLENGE")
    expect(local.invocations.findLast(({ functionArn }) => functionArn === arnOf("define"))?.payload).toMatchObject({
      triggerSource: "DefineAuthChallenge_Authentication",
      request: {
        userAttributes: { email: username },
        session: [{ challengeName: "CUSTOM_CHALLENGE", challengeResult: false, challengeMetadata: "SUM" }],
        clientMetadata: { device: "laptop" },
      },
    })
    const done = await answer(ClientId, second.Session, "42")
    expect(done.AuthenticationResult?.IdToken).toBeDefined()
    await expect(answer(ClientId, second.Session, "42")).rejects.toMatchObject({ name: "NotAuthorizedException" })
  })

  test("fails when DefineAuthChallenge says so", async () => {
    const { ClientId } = await poolWith("Strict", functions)
    let { Session } = await begin(ClientId)
    for (const wrong of ["1", "2"]) Session = (await answer(ClientId, Session, wrong)).Session
    await expect(answer(ClientId, Session, "3")).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Incorrect username or password.",
    })
  })

  test("of a name that nobody has looks the same where the client must not tell", async () => {
    const { ClientId } = await poolWith("Silent", functions, { PreventUserExistenceErrors: "ENABLED" })
    const { Session } = await begin(ClientId, "nobody@example.com")
    expect(local.invocations.at(-1)?.payload).toMatchObject({ request: { userNotFound: true } })
    await expect(answer(ClientId, Session, "42")).rejects.toMatchObject({ name: "NotAuthorizedException" })
    const telling = await poolWith("Telling", functions)
    await expect(begin(telling.ClientId, "nobody@example.com")).rejects.toMatchObject({ name: "UserNotFoundException" })
  })

  test("of a pool without DefineAuthChallenge is refused", async () => {
    const { ClientId } = await poolWith("Plain", {})
    await expect(begin(ClientId)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Custom auth lambda trigger is not configured for the user pool.",
    })
  })

  test.each(["CUSTOM_WITHOUT_SRP", "CUSTOM_WITH_SRP"] as const)("works with Amplify's %s", async authFlowType => {
    const { UserPoolId, ClientId } = await poolWith(authFlowType.replaceAll("_", ""), functions)
    Amplify.configure({
      Auth: { Cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint: local.url } },
    })
    const withPassword = authFlowType === "CUSTOM_WITH_SRP" ? { password } : {}
    const { nextStep } = await signIn({ username, ...withPassword, options: { authFlowType } })
    expect(nextStep.signInStep).toBe("CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE")
    expect((await confirmSignIn({ challengeResponse: "42" })).isSignedIn).toBe(true)
    await signOut()
  })
})
