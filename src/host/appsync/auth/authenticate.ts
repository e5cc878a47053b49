import type { Host } from "../../host.ts"
import type { ApiConfig, AuthProvider } from "../api.ts"
import { type ApiKey, authenticateApiKey } from "./apiKey.ts"
import { type AuthAttempt, tokenOf, unverifiedClaims } from "./attempt.ts"
import { type Caller, Unauthorized } from "./caller.ts"
import { authenticateCognito } from "./cognito.ts"
import { authenticateIam } from "./iam.ts"
import { createLambdaAuthorizer } from "./lambdaAuthorizer.ts"
import { createOidc } from "./oidc.ts"

/** Finds who calls. Throws Unauthorized when the credential is missing, wrong, or of a mode that the API does not have. */
export type Authenticate = (
  config: ApiConfig,
  keys: ReadonlyMap<string, ApiKey>,
  attempt: AuthAttempt,
) => Promise<Caller>

/**
 * Authentication as AppSync does it: the shape of the headers decides the mode, and there is no falling back to another.
 * A signature wins over an API key, that over a token; a JWT belongs to a user pool or an issuer when the API has one.
 */
export function createAuthenticate(host: Host): Authenticate {
  const oidc = createOidc(host.clock)
  const lambdaAuthorizer = createLambdaAuthorizer(host)

  const byToken = async (config: ApiConfig, attempt: AuthAttempt, authorization: string): Promise<Caller> => {
    const providers = [config.defaultMode, ...config.additional]
    const ofTokens = providers.filter(one => one.userPool !== undefined || one.oidc !== undefined)
    const token = tokenOf(authorization)
    const claims = unverifiedClaims(token)
    if (claims !== undefined && ofTokens.length > 0) return byJwt(ofTokens, token, String(claims.iss), attempt)
    const authorizer = providers.find(one => one.lambda !== undefined)?.lambda
    if (authorizer !== undefined) return lambdaAuthorizer(config, authorizer, attempt)
    throw new Unauthorized(
      ofTokens.length > 0 ? "Unable to parse JWT token." : "Valid authorization header not provided.",
    )
  }

  const byJwt = async (
    providers: readonly AuthProvider[],
    token: string,
    issuer: string,
    attempt: AuthAttempt,
  ): Promise<Caller> => {
    const pools = providers.filter(one => one.userPool !== undefined)
    const user = pools.length > 0 ? await authenticateCognito(host, pools, token, attempt) : undefined
    if (user !== undefined) return user
    const issuers = providers.flatMap(one => (one.oidc === undefined ? [] : [one.oidc]))
    const onlyIssuer = providers.length === 1 ? issuers[0] : undefined
    const provider = issuers.find(one => sameIssuer(one.issuer, issuer)) ?? onlyIssuer
    if (provider === undefined) throw new Unauthorized("Token is not from a supported provider of this graphql API.")
    return oidc(provider, token)
  }

  return async (config, keys, attempt) => {
    const { authorization, "x-api-key": apiKey } = attempt.headers
    const accepts = (mode: Caller["mode"]) => [config.defaultMode, ...config.additional].some(one => one.mode === mode)
    if (authorization?.startsWith("AWS4-HMAC-SHA256") && accepts("AWS_IAM")) return authenticateIam(host, attempt)
    if (authorization?.startsWith("AWS4-HMAC-SHA256")) throw noCredential()
    if (apiKey !== undefined && accepts("API_KEY")) return authenticateApiKey(host.clock, keys, apiKey)
    if (authorization === undefined || apiKey !== undefined) throw noCredential()
    return byToken(config, attempt, authorization)
  }
}

const noCredential = () => new Unauthorized("Valid authorization header not provided.")

const sameIssuer = (one: string, other: string): boolean => one.replace(/\/$/, "") === other.replace(/\/$/, "")
