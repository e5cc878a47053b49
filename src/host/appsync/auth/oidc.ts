import type { JWTPayload, JWTVerifyGetKey } from "jose"
import type { Clock } from "../../clock.ts"
import type { Json, JsonObject } from "../../host.ts"
import type { AuthProvider } from "../api.ts"
import { type Caller, Unauthorized } from "./caller.ts"

type OidcProvider = NonNullable<AuthProvider["oidc"]>

/** Verifies tokens of OpenID Connect issuers; their keys are found by discovery and kept. */
export function createOidc(clock: Clock): (provider: OidcProvider, token: string) => Promise<Caller> {
  const keys = new Map<string, Promise<JWTVerifyGetKey>>()

  const keysOf = (issuer: string) => {
    const found = keys.get(issuer) ?? discover(issuer)
    keys.set(issuer, found)
    found.catch(() => keys.delete(issuer))
    return found
  }

  return async (provider, token) => {
    const { errors, jwtVerify } = await import("jose")
    const key = await keysOf(provider.issuer)
    const now = clock.now()
    const { payload } = await jwtVerify(token, key, { currentDate: new Date(now) }).catch((error: unknown) => {
      throw new Unauthorized(error instanceof errors.JWTExpired ? "Token has expired." : "Unable to verify JWT token.")
    })
    if (!isAccepted(provider, payload, now)) throw new Unauthorized("You are not authorized to make this call.")
    const claims = JSON.parse(JSON.stringify(payload)) as JsonObject
    const identity = { sub: claims.sub ?? null, issuer: claims.iss ?? null, claims }
    return { mode: "OPENID_CONNECT", groups: [], identity }
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet } = await import("jose")
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`
  const response = await fetch(url).catch(() => undefined)
  const document = response?.ok ? ((await response.json()) as { jwks_uri?: Json }) : {}
  if (typeof document.jwks_uri !== "string") throw new Unauthorized(`Unable to fetch the JWKS of ${issuer}.`)
  return createRemoteJWKSet(new URL(document.jwks_uri))
}

function isAccepted({ clientId, iatTtlMs, authTtlMs }: OidcProvider, claims: JWTPayload, now: number): boolean {
  const clients = [claims.aud, claims.azp].flat().filter(one => typeof one === "string")
  if (clientId !== undefined && !clients.some(client => new RegExp(`^(?:${clientId})$`).test(client))) return false
  return isWithin(claims.iat, iatTtlMs, now) && isWithin(claims.auth_time, authTtlMs, now)
}

const isWithin = (seconds: unknown, ttlMs: number | undefined, now: number): boolean =>
  ttlMs === undefined || ttlMs === 0 || (typeof seconds === "number" && seconds * 1000 + ttlMs > now)
