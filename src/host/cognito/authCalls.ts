import { z } from "zod"
import type { JsonObject, Principal } from "../host.ts"
import { invalidParameter, notAuthorized } from "./cognitoErrors.ts"
import { type Call, type CognitoParts, type Parameters, read, userOfToken } from "./parts.ts"
import { createSignIn, type SignIn } from "./signIn.ts"
import type { PoolClient } from "./userPool.ts"

const texts = z.record(z.string(), z.string())
const InitiateAuth = z.object({ AuthFlow: z.string(), ClientId: z.string(), AuthParameters: texts.optional() })
const Respond = z.object({
  ChallengeName: z.string(),
  ClientId: z.string(),
  ChallengeResponses: texts.optional(),
  Session: z.string().optional(),
  ClientMetadata: texts.optional(),
})
const OfPool = z.object({ UserPoolId: z.string() })
const TokensFromRefreshToken = z.object({
  RefreshToken: z.string(),
  ClientId: z.string(),
  ClientSecret: z.string().optional(),
})
const RevokeToken = z.object({ Token: z.string(), ClientId: z.string(), ClientSecret: z.string().optional() })
const AccessToken = z.object({ AccessToken: z.string() })

const flowsByDefault = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_CUSTOM_AUTH"]

/** Sign-in, refresh and sign-out. */
export function authCalls(parts: CognitoParts): Record<string, Call> {
  const { host, directory, tokens } = parts
  const signIn = createSignIn(parts)

  const administered = (input: JsonObject, action: string, principal: Principal): PoolClient => {
    const pool = directory.pool(read(OfPool, input).UserPoolId)
    host.iam.authorize(principal, `cognito-idp:${action}`, pool.arn)
    const client = directory.client(String(input.ClientId))
    if (client.pool.id !== pool.id) throw invalidParameter(`Client ${client.id} does not belong to ${pool.id}.`)
    return client
  }

  /** Some calls prove the client by its secret itself; what follows then needs no hash. */
  const provenClient = (id: string, secret: string | undefined): PoolClient => {
    const { secret: expected, ...client } = directory.client(id)
    if (expected !== secret) throw notAuthorized("Invalid client secret.")
    return client
  }

  return {
    InitiateAuth: async input => {
      const { AuthFlow, ClientId, AuthParameters = {} } = read(InitiateAuth, input)
      const client = directory.client(ClientId)
      checkFlow(client, AuthFlow, userFlows)
      return runFlow(signIn, client, AuthFlow, AuthParameters)
    },
    AdminInitiateAuth: async (input, principal) => {
      const client = administered(input, "AdminInitiateAuth", principal)
      const { AuthFlow, AuthParameters = {} } = read(InitiateAuth, input)
      checkFlow(client, AuthFlow, adminFlows)
      return runFlow(signIn, client, AuthFlow, AuthParameters)
    },
    RespondToAuthChallenge: async input => {
      const { ChallengeName, ClientId, ChallengeResponses = {}, Session, ClientMetadata } = read(Respond, input)
      return signIn.answer(directory.client(ClientId), ChallengeName, ChallengeResponses, Session, ClientMetadata)
    },
    AdminRespondToAuthChallenge: async (input, principal) => {
      const client = administered(input, "AdminRespondToAuthChallenge", principal)
      const { ChallengeName, ChallengeResponses = {}, Session, ClientMetadata } = read(Respond, input)
      return signIn.answer(client, ChallengeName, ChallengeResponses, Session, ClientMetadata)
    },
    GetTokensFromRefreshToken: async input => {
      const { RefreshToken, ClientId, ClientSecret } = read(TokensFromRefreshToken, input)
      const client = provenClient(ClientId, ClientSecret)
      return signIn.withRefreshToken(client, RefreshToken)
    },
    RevokeToken: async input => {
      const { Token, ClientId, ClientSecret } = read(RevokeToken, input)
      tokens.revoke(tokens.session(provenClient(ClientId, ClientSecret), Token).id)
      return {}
    },
    GlobalSignOut: async input => {
      const { pool, user } = await userOfToken(parts, read(AccessToken, input).AccessToken)
      tokens.signOut(pool.id, user.username)
      return {}
    },
  }
}

/** Flow → what a client must allow for it. */
const userFlows: Record<string, readonly string[]> = {
  USER_SRP_AUTH: ["ALLOW_USER_SRP_AUTH"],
  USER_PASSWORD_AUTH: ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"],
  CUSTOM_AUTH: ["ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"],
  REFRESH_TOKEN_AUTH: ["ALLOW_REFRESH_TOKEN_AUTH"],
  REFRESH_TOKEN: ["ALLOW_REFRESH_TOKEN_AUTH"],
}
const adminFlows: Record<string, readonly string[]> = {
  ...userFlows,
  ADMIN_USER_PASSWORD_AUTH: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"],
  ADMIN_NO_SRP_AUTH: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"],
}

function checkFlow({ properties }: PoolClient, flow: string, known: Record<string, readonly string[]>): void {
  const allowedBy = known[flow]
  if (!allowedBy) throw invalidParameter(`The local host does not support the flow ${flow} here.`)
  const allowed = properties.ExplicitAuthFlows ?? flowsByDefault
  const isOld = allowed.every(name => !name.startsWith("ALLOW_"))
  const isFreeForOld = isOld && (flow === "USER_SRP_AUTH" || flow.startsWith("REFRESH_TOKEN"))
  if (isFreeForOld || allowedBy.some(name => allowed.includes(name))) return
  if (flow === "USER_SRP_AUTH") throw invalidParameter("USER_SRP_AUTH is not enabled for the client.")
  const isAdmin = flow.startsWith("ADMIN_")
  throw invalidParameter(isAdmin ? "Auth flow not enabled for this client" : `${flow} flow not enabled for this client`)
}

function runFlow(signIn: SignIn, client: PoolClient, flow: string, parameters: Parameters): Promise<JsonObject> {
  if (flow === "USER_SRP_AUTH") return signIn.withSrp(client, parameters)
  if (flow === "CUSTOM_AUTH") return signIn.withCustomChallenges(client, parameters)
  if (!flow.startsWith("REFRESH_TOKEN")) return signIn.withPassword(client, parameters)
  const { REFRESH_TOKEN = "", USERNAME = "", SECRET_HASH } = parameters
  return signIn.withRefreshToken(client, REFRESH_TOKEN, [USERNAME], SECRET_HASH)
}
