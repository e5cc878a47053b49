import { randomUUID } from "node:crypto"
import { AwsError, type JsonObject } from "../host.ts"
import { invalidParameter, notAuthorized, wrongPassword } from "./cognitoErrors.ts"
import { createCustomSignIn, type Person, provedSteps, srpSteps } from "./customAuth.ts"
import { type CognitoParts, checkSecretHash, type Parameters, unknownUser } from "./parts.ts"
import { checkPassword } from "./passwordPolicy.ts"
import { createSecondFactor } from "./secondFactor.ts"
import { beginSrp, isPassword, passwordVerifier } from "./srp.ts"
import { claimChanges, runTrigger } from "./triggers.ts"
import type { PoolClient, User } from "./userPool.ts"

/** The sign-in flows: each gives `AuthenticationResult` or a challenge. */
export interface SignIn {
  withPassword(client: PoolClient, parameters: Parameters): Promise<JsonObject>
  withSrp(client: PoolClient, parameters: Parameters): Promise<JsonObject>
  /** By challenges that the pool's functions make, at once or after SRP. */
  withCustomChallenges(client: PoolClient, parameters: Parameters): Promise<JsonObject>
  withRefreshToken(
    client: PoolClient,
    refreshToken: string,
    names?: readonly string[],
    secretHash?: string,
  ): Promise<JsonObject>
  answer(
    client: PoolClient,
    challenge: string,
    responses: Parameters,
    session: string | undefined,
    clientMetadata?: Parameters,
  ): Promise<JsonObject>
}

export function createSignIn(parts: CognitoParts): SignIn {
  const { host, directory, tokens, challenges } = parts
  const find = (client: PoolClient, { USERNAME: name, SECRET_HASH: hash }: Parameters): User | undefined => {
    if (name === undefined) throw invalidParameter("Missing required parameter USERNAME")
    const user = directory.findUser(client.pool, name)
    checkSecretHash(client, [name, user?.username ?? name], hash)
    return user
  }

  /** The password was right: what else stands between the user and the tokens? */
  const admit = async (client: PoolClient, user: User): Promise<JsonObject> => {
    refuseUnfit(user)
    if (user.status === "RESET_REQUIRED") {
      throw new AwsError("PasswordResetRequiredException", "Password reset required for the user")
    }
    if (user.status === "FORCE_CHANGE_PASSWORD") return demandNewPassword(client, user)
    await runTrigger(host, "PreAuthentication", "Authentication", { pool: client.pool, user, clientId: client.id })
    return afterPassword(client, user, "Authentication")
  }

  /** Tokens, or the challenge of a second factor. */
  const afterPassword = async (client: PoolClient, user: User, source: string): Promise<JsonObject> =>
    secondFactor.ask(client, user) ?? complete(client, user, source)

  const complete = async (client: PoolClient, user: User, source: string): Promise<JsonObject> => {
    const subject = { pool: client.pool, user, clientId: client.id }
    const changes = await claimChanges(host, source, subject, user)
    const result = await tokens.issue(client, user, changes)
    await runTrigger(host, "PostAuthentication", "Authentication", subject)
    return { ChallengeParameters: {}, AuthenticationResult: result }
  }

  const secondFactor = createSecondFactor(parts, (client, user) => complete(client, user, "Authentication"))
  const custom = createCustomSignIn(parts, (client, user) => complete(client, user, "Authentication"))

  /** Who wants to sign in by custom challenges: a user who may, or nobody where the client must not tell so. */
  const personOf = (client: PoolClient, parameters: Parameters): Person => {
    const user = find(client, parameters)
    if (!user && client.properties.PreventUserExistenceErrors !== "ENABLED") throw unknownUser(client)
    if (user) refuseUnfit(user)
    return { client, user, username: user?.username ?? parameters.USERNAME ?? "" }
  }

  const answerCustom = (
    client: PoolClient,
    responses: Parameters,
    session: string | undefined,
    clientMetadata?: Parameters,
  ): Promise<JsonObject> => {
    const { username, custom: current } = challenges.take(session, client)
    if (current === undefined) throw notAuthorized("Invalid session for the user.")
    checkSecretHash(client, [responses.USERNAME ?? "", username], responses.SECRET_HASH)
    if (responses.ANSWER === undefined) throw invalidParameter("Missing required parameter ANSWER")
    const person = { client, username, user: directory.findUser(client.pool, username) }
    return custom.answer(person, current, responses.ANSWER, clientMetadata)
  }

  const demandNewPassword = (client: PoolClient, user: User): JsonObject => {
    const session = challenges.open({ clientId: client.id, username: user.username })
    const { sub: _, ...userAttributes } = user.attributes
    return {
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session: session,
      ChallengeParameters: {
        USER_ID_FOR_SRP: user.username,
        requiredAttributes: "[]",
        userAttributes: JSON.stringify(userAttributes),
      },
    }
  }

  const beginWithSrp = (client: PoolClient, parameters: Parameters, isCustom = false): JsonObject => {
    const user = find(client, parameters)
    if (!user && client.properties.PreventUserExistenceErrors !== "ENABLED") throw unknownUser(client)
    const { name: poolName } = client.pool
    const username = user?.username ?? parameters.USERNAME ?? ""
    // Without a user the exchange runs with a password that nobody knows, so that it looks the same from outside.
    const verifier = user?.password ?? passwordVerifier(poolName, username, randomUUID())
    const exchange = beginSrp(parameters.SRP_A ?? "", verifier, poolName, username)
    if (!exchange) throw invalidParameter("Invalid SRP_A value")
    const block = Buffer.from(`${randomUUID()}${randomUUID()}`).toString("base64")
    challenges.open({ clientId: client.id, username, exchange, isCustom }, block)
    return {
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeParameters: {
        SALT: verifier.salt,
        SECRET_BLOCK: block,
        SRP_B: exchange.serverPublic,
        USERNAME: username,
        USER_ID_FOR_SRP: username,
      },
    }
  }

  const verifyPassword = async (client: PoolClient, responses: Parameters): Promise<JsonObject> => {
    const {
      PASSWORD_CLAIM_SECRET_BLOCK: block = "",
      PASSWORD_CLAIM_SIGNATURE: signature = "",
      TIMESTAMP = "",
    } = responses
    const { username, exchange, isCustom } = challenges.take(block, client)
    const user = directory.findUser(client.pool, username)
    checkSecretHash(client, [responses.USERNAME ?? "", username], responses.SECRET_HASH)
    if (!user || !exchange?.proves(Buffer.from(block, "base64"), TIMESTAMP, signature)) throw wrongPassword()
    return isCustom ? custom.next({ client, user, username }, provedSteps) : admit(client, user)
  }

  const setNewPassword = async (client: PoolClient, responses: Parameters, session: string | undefined) => {
    const { username } = challenges.take(session, client)
    const user = directory.user(client.pool, username)
    const password = responses.NEW_PASSWORD ?? ""
    checkPassword(client.pool, password)
    const given = Object.entries(responses).filter(([name]) => name.startsWith("userAttributes."))
    const attributes = Object.fromEntries(given.map(([name, value]) => [name.slice(15), value]))
    const confirmed = directory.saveUser(client.pool, {
      ...user,
      status: "CONFIRMED",
      attributes: { ...user.attributes, ...attributes },
      password: passwordVerifier(client.pool.name, user.username, password),
    })
    return afterPassword(client, confirmed, "NewPasswordChallenge")
  }

  return {
    withPassword: async (client, parameters) => {
      const user = find(client, parameters)
      if (!user) throw unknownUser(client)
      const { PASSWORD: password = "" } = parameters
      const isRight = user.password && isPassword(user.password, client.pool.name, user.username, password)
      if (!isRight) throw wrongPassword()
      return admit(client, user)
    },
    withSrp: async (client, parameters) => beginWithSrp(client, parameters),
    withCustomChallenges: async (client, parameters) => {
      const person = personOf(client, parameters)
      const { user } = person
      if (user)
        await runTrigger(host, "PreAuthentication", "Authentication", { pool: client.pool, user, clientId: client.id })
      if (parameters.CHALLENGE_NAME !== "SRP_A") return custom.next(person, [])
      return custom.next(person, srpSteps, { askPassword: () => beginWithSrp(client, parameters, true) })
    },
    withRefreshToken: async (client, refreshToken, names = [], secretHash) => {
      const { id, session } = tokens.session(client, refreshToken)
      checkSecretHash(client, [...names, session.username], secretHash)
      const user = directory.findUser(client.pool, session.username)
      if (!user) throw notAuthorized("Invalid Refresh Token")
      if (!user.enabled) throw notAuthorized("User is disabled.")
      const subject = { pool: client.pool, user, clientId: client.id }
      const changes = await claimChanges(host, "RefreshTokens", subject, user)
      return { ChallengeParameters: {}, AuthenticationResult: await tokens.refresh(client, user, id, session, changes) }
    },
    answer: async (client, challenge, responses, session, clientMetadata) => {
      if (challenge === "CUSTOM_CHALLENGE") return answerCustom(client, responses, session, clientMetadata)
      if (challenge === "PASSWORD_VERIFIER") return verifyPassword(client, responses)
      if (challenge === "NEW_PASSWORD_REQUIRED") return setNewPassword(client, responses, session)
      const answered = secondFactor.answer(client, challenge, responses, session)
      if (answered !== undefined) return answered
      throw invalidParameter(`The local host does not support the challenge ${challenge}.`)
    },
  }
}

function refuseUnfit({ enabled, status }: User): void {
  if (!enabled) throw notAuthorized("User is disabled.")
  if (status === "UNCONFIRMED") throw new AwsError("UserNotConfirmedException", "User is not confirmed.")
}
