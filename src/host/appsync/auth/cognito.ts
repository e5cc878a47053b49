import { AwsError, type Host, type Json, type JsonObject } from "../../host.ts"
import type { AuthProvider } from "../api.ts"
import type { AuthAttempt } from "./attempt.ts"
import { type Caller, Unauthorized } from "./caller.ts"

/**
 * The user behind an access or id token of a user pool, or undefined when no local pool issued it. Throws Unauthorized for an
 * expired or forged token, a pool that the API does not accept, and an app client that does not match.
 */
export async function authenticateCognito(
  host: Host,
  providers: readonly AuthProvider[],
  token: string,
  attempt: AuthAttempt,
): Promise<Caller | undefined> {
  const verified = await host.userPools.verify(token).catch((error: unknown) => {
    if (error instanceof AwsError) throw new Unauthorized(error.message)
    throw error
  })
  if (verified === undefined) return undefined
  const { poolId, claims } = verified
  const pool = providers.map(provider => provider.userPool).find(one => one?.poolId === poolId)
  if (pool === undefined) throw new Unauthorized("Token is not from a supported provider of this graphql API.")
  if (pool.appIdClientRegex !== undefined && !new RegExp(pool.appIdClientRegex).test(clientOf(claims))) {
    throw new Unauthorized("You are not authorized to make this call.")
  }
  const groups = groupsOf(claims["cognito:groups"])
  return {
    mode: "AMAZON_COGNITO_USER_POOLS",
    groups: groups ?? [],
    identity: {
      sub: claims.sub ?? null,
      issuer: claims.iss ?? null,
      username: claims["cognito:username"] ?? claims.username ?? null,
      claims,
      sourceIp: [...attempt.sourceIp],
      defaultAuthStrategy: pool.defaultAction,
      groups,
    },
  }
}

const clientOf = (claims: JsonObject): string => String(claims.client_id ?? claims.aud ?? "")

const groupsOf = (value: Json | undefined): string[] | null => (Array.isArray(value) ? value.map(String) : null)
