import { randomUUID } from "node:crypto"
import type { Clock } from "../clock.ts"
import type { JsonObject } from "../host.ts"
import { notAuthorized } from "./cognitoErrors.ts"
import type { SrpExchange } from "./srp.ts"
import type { PoolClient } from "./userPool.ts"

const lifeMs = 180_000
const challengesMax = 10_000

/** What a step of a custom sign-in came to, as the pool's functions are told. */
export type Step = { challengeName: string; challengeResult: boolean; challengeMetadata: string | null }

/** A custom sign-in under way: the steps so far, and what only the pool's functions know of the current one. */
export interface CustomAuth {
  readonly steps: readonly Step[]
  readonly secrets: JsonObject
  readonly metadata: string | null
}

/** A sign-in that waits for an answer. */
export interface Challenge {
  readonly clientId: string
  readonly username: string
  readonly exchange?: SrpExchange
  /** The code that was sent as a second factor. */
  readonly code?: string
  /** MFA_SETUP: the user has proved the new authenticator. */
  readonly isSetUp?: boolean
  /** After this password comes what DefineAuthChallenge says. */
  readonly isCustom?: boolean
  readonly custom?: CustomAuth
}

/** The sign-ins that wait; each for three minutes, by the session that its client was given. */
export interface Challenges {
  /** Gives the session, a made-up one unless there is one already. */
  open(challenge: Challenge, session?: string): string
  /** Throws NotAuthorizedException for a session that is unknown, over or another client's. */
  peek(session: string | undefined, client?: PoolClient): Challenge
  /** Looks and ends it. */
  take(session: string | undefined, client?: PoolClient): Challenge
}

export function createChallenges(clock: Clock): Challenges {
  const waiting = new Map<string, Challenge & { readonly expiresAt: number }>()

  const peek: Challenges["peek"] = (session = "", client) => {
    const challenge = waiting.get(session)
    if (!challenge || (client !== undefined && challenge.clientId !== client.id)) {
      throw notAuthorized("Invalid session for the user.")
    }
    if (challenge.expiresAt > clock.now()) return challenge
    waiting.delete(session)
    throw notAuthorized("Invalid session for the user, session is expired.")
  }

  return {
    open: (challenge, session = randomUUID()) => {
      waiting.set(session, { ...challenge, expiresAt: clock.now() + lifeMs })
      const [oldest] = waiting.keys()
      if (waiting.size > challengesMax && oldest !== undefined) waiting.delete(oldest)
      return session
    },
    peek,
    take: (session = "", client) => {
      const challenge = peek(session, client)
      waiting.delete(session)
      return challenge
    },
  }
}
