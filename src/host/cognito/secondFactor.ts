import { AwsError, type JsonObject } from "../host.ts"
import { sendSignInCode } from "./codes.ts"
import { invalidParameter } from "./cognitoErrors.ts"
import { type Factor, factorsOf, factorsToSetUp, withCodeUsed } from "./factors.ts"
import { type CognitoParts, checkSecretHash, type Parameters } from "./parts.ts"
import type { PoolClient, User } from "./userPool.ts"

/** What stands between the right password and the tokens. */
export interface SecondFactor {
  /** The challenge of a second factor; undefined when the user needs none. */
  ask(client: PoolClient, user: User): Promise<JsonObject> | undefined
  /** Takes the answer to such a challenge; undefined for a challenge of another kind. */
  answer(
    client: PoolClient,
    challenge: string,
    responses: Parameters,
    session: string | undefined,
  ): Promise<JsonObject> | undefined
}

const codeNames = {
  SOFTWARE_TOKEN_MFA: "SOFTWARE_TOKEN_MFA_CODE",
  SMS_MFA: "SMS_MFA_CODE",
  EMAIL_OTP: "EMAIL_OTP_CODE",
} as const

/** Second factors by authenticator app, SMS and mail; the codes that are sent lie in the mailbox. `complete` gives tokens. */
export function createSecondFactor(
  { host, directory, challenges }: CognitoParts,
  complete: (client: PoolClient, user: User) => Promise<JsonObject>,
): SecondFactor {
  const open = (client: PoolClient, user: User, code?: string): string =>
    challenges.open({ clientId: client.id, username: user.username, ...(code !== undefined && { code }) })

  const challenge = async (client: PoolClient, user: User, factor: Factor): Promise<JsonObject> => {
    const USER_ID_FOR_SRP = user.username
    if (factor === "SOFTWARE_TOKEN_MFA") {
      const { deviceName = null } = user.authenticator ?? {}
      const ChallengeParameters = { USER_ID_FOR_SRP, ...(deviceName !== null && { FRIENDLY_DEVICE_NAME: deviceName }) }
      return { ChallengeName: factor, Session: open(client, user), ChallengeParameters }
    }
    const { code, medium, destination } = await sendSignInCode(host, client, user, factor)
    return {
      ChallengeName: factor,
      Session: open(client, user, code),
      ChallengeParameters: {
        USER_ID_FOR_SRP,
        CODE_DELIVERY_DELIVERY_MEDIUM: medium,
        CODE_DELIVERY_DESTINATION: destination,
      },
    }
  }

  const checkCode = async (
    client: PoolClient,
    factor: Factor,
    responses: Parameters,
    session: string | undefined,
  ): Promise<JsonObject> => {
    const { username, code: sent } = challenges.peek(session, client)
    checkSecretHash(client, [responses.USERNAME ?? "", username], responses.SECRET_HASH)
    const given = responses[codeNames[factor]] ?? ""
    const user = directory.user(client.pool, username)
    if (factor !== "SOFTWARE_TOKEN_MFA") {
      if (sent === undefined || sent !== given)
        throw new AwsError("CodeMismatchException", "Invalid code or auth state for the user.")
      challenges.take(session, client)
      return complete(client, user)
    }
    const used = withCodeUsed(user, given, host.clock.now())
    challenges.take(session, client)
    return complete(client, directory.saveUser(client.pool, used))
  }

  const choose = (client: PoolClient, responses: Parameters, session: string | undefined): Promise<JsonObject> => {
    const user = directory.user(client.pool, challenges.take(session, client).username)
    const factor = factorsOf(client.pool, user).available.find(one => one === responses.ANSWER)
    if (factor === undefined) throw invalidParameter("Invalid MFA type for the user.")
    return challenge(client, user, factor)
  }

  const finishSetUp = (client: PoolClient, session: string | undefined): Promise<JsonObject> => {
    const { username, isSetUp } = challenges.take(session, client)
    if (!isSetUp) throw invalidParameter("Please verify the software token before setting up MFA")
    const user = directory.user(client.pool, username)
    const { authenticator } = user
    const enabled = authenticator && { authenticator: { ...authenticator, isEnabled: true, isPreferred: true } }
    return complete(client, directory.saveUser(client.pool, { ...user, ...enabled }))
  }

  return {
    ask: (client, user) => {
      const { available, preferred, isDemanded } = factorsOf(client.pool, user)
      const [only, ...others] = available
      const factor = preferred ?? (others.length === 0 ? only : undefined)
      if (factor !== undefined) return challenge(client, user, factor)
      if (only === undefined && !isDemanded) return undefined
      const [name, parameter, factors] =
        only === undefined
          ? (["MFA_SETUP", "MFAS_CAN_SETUP", factorsToSetUp(client.pool)] as const)
          : (["SELECT_MFA_TYPE", "MFAS_CAN_CHOOSE", available] as const)
      return Promise.resolve({
        ChallengeName: name,
        Session: open(client, user),
        ChallengeParameters: { USER_ID_FOR_SRP: user.username, [parameter]: JSON.stringify(factors) },
      })
    },
    answer: (client, name, responses, session) => {
      if (name === "MFA_SETUP") return finishSetUp(client, session)
      if (name === "SELECT_MFA_TYPE") return choose(client, responses, session)
      const factor = (Object.keys(codeNames) as Factor[]).find(one => one === name)
      return factor === undefined ? undefined : checkCode(client, factor, responses, session)
    },
  }
}
