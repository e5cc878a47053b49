import type { JsonObject } from "../host.ts"
import { objectOf } from "../json.ts"
import type { CustomAuth, Step } from "./challenges.ts"
import { invalidParameter, wrongPassword } from "./cognitoErrors.ts"
import type { CognitoParts } from "./parts.ts"
import { runTrigger, type TriggerSubject } from "./triggers.ts"
import type { PoolClient, User } from "./userPool.ts"

/** A person who signs in; the user is undefined for a name that nobody has, where the client must not tell so. */
export interface Person {
  readonly client: PoolClient
  readonly username: string
  readonly user: User | undefined
}

interface More {
  readonly clientMetadata?: JsonObject | undefined
  readonly askPassword?: () => JsonObject
}

export interface CustomSignIn {
  /**
   * Goes on after these steps: tokens, a challenge, or NotAuthorizedException, as DefineAuthChallenge decides. `askPassword`
   * gives the challenge of SRP, where that may come next.
   */
  next(person: Person, steps: readonly Step[], more?: More): Promise<JsonObject>
  /** Has the answer to a CUSTOM_CHALLENGE verified, and goes on. */
  answer(
    person: Person,
    current: CustomAuth,
    answer: string,
    clientMetadata?: JsonObject | undefined,
  ): Promise<JsonObject>
}

/** The first steps of a sign-in that begins with SRP, and the same with the password proved. */
export const srpSteps = [{ challengeName: "SRP_A", challengeResult: true, challengeMetadata: null }]
export const provedSteps = [
  ...srpSteps,
  { challengeName: "PASSWORD_VERIFIER", challengeResult: true, challengeMetadata: null },
]

/**
 * The custom authentication flow: DefineAuthChallenge decides what comes next, CreateAuthChallenge makes a challenge and
 * VerifyAuthChallengeResponse judges its answer. `complete` gives tokens.
 */
export function createCustomSignIn(
  { host, challenges }: CognitoParts,
  complete: (client: PoolClient, user: User) => Promise<JsonObject>,
): CustomSignIn {
  const subjectOf = ({ client, username, user }: Person): TriggerSubject => ({
    pool: client.pool,
    clientId: client.id,
    user: user ?? { username, attributes: {} },
  })
  const common = ({ client, user }: Person, clientMetadata: JsonObject | undefined): JsonObject => ({
    ...(client.properties.PreventUserExistenceErrors === "ENABLED" && { userNotFound: user === undefined }),
    ...(clientMetadata !== undefined && { clientMetadata }),
  })

  const challenge = async (person: Person, steps: readonly Step[], clientMetadata: JsonObject | undefined) => {
    const challengeName = "CUSTOM_CHALLENGE"
    const made = await runTrigger(
      host,
      "CreateAuthChallenge",
      "Authentication",
      subjectOf(person),
      { challengeName, session: [...steps], ...common(person, clientMetadata) },
      { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
    )
    const { challengeMetadata } = made
    const custom = {
      steps,
      secrets: objectOf(made.privateChallengeParameters),
      metadata: typeof challengeMetadata === "string" ? challengeMetadata : null,
    }
    return {
      ChallengeName: challengeName,
      Session: challenges.open({ clientId: person.client.id, username: person.username, custom }),
      ChallengeParameters: { USERNAME: person.username, ...objectOf(made.publicChallengeParameters) },
    }
  }

  const next: CustomSignIn["next"] = async (person, steps, { clientMetadata, askPassword } = {}) => {
    if (person.client.pool.properties.LambdaConfig?.DefineAuthChallenge === undefined)
      throw invalidParameter("Custom auth lambda trigger is not configured for the user pool.")
    const decided = await runTrigger(
      host,
      "DefineAuthChallenge",
      "Authentication",
      subjectOf(person),
      { session: [...steps], ...common(person, clientMetadata) },
      { challengeName: null, issueTokens: null, failAuthentication: null },
    )
    if (decided.failAuthentication === true) throw wrongPassword()
    if (decided.issueTokens === true) {
      if (person.user === undefined) throw wrongPassword()
      return complete(person.client, person.user)
    }
    if (decided.challengeName === "CUSTOM_CHALLENGE") return challenge(person, steps, clientMetadata)
    if (decided.challengeName === "PASSWORD_VERIFIER" && askPassword !== undefined) return askPassword()
    throw invalidParameter(`DefineAuthChallenge asked for ${String(decided.challengeName)}, which cannot come here.`)
  }

  return {
    next,
    answer: async (person, { steps, secrets, metadata }, answer, clientMetadata) => {
      const judged = await runTrigger(
        host,
        "VerifyAuthChallengeResponse",
        "Authentication",
        subjectOf(person),
        { privateChallengeParameters: secrets, challengeAnswer: answer, ...common(person, clientMetadata) },
        { answerCorrect: null },
      )
      const step = {
        challengeName: "CUSTOM_CHALLENGE",
        challengeResult: judged.answerCorrect === true,
        challengeMetadata: metadata,
      }
      return next(person, [...steps, step], { clientMetadata })
    },
  }
}
