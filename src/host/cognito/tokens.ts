import { randomBytes, randomUUID } from "node:crypto"
import { decodeJwt, errors, jwtVerify, SignJWT } from "jose"
import type { DurableMap } from "../durable.ts"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import { notAuthorized } from "./cognitoErrors.ts"
import { loadSigningKey, type SigningKey } from "./signingKey.ts"
import type { ClaimChanges } from "./triggers.ts"
import type { PoolClient, User } from "./userPool.ts"

/** One sign-in: its refresh token and all tokens that came of it. Times are milliseconds since the epoch. */
export type Session = {
  poolId: string
  clientId: string
  username: string
  secret: string
  authTime: number
  expiresAt: number
  revoked: boolean
}

export interface VerifiedToken {
  readonly poolId: string
  readonly claims: JsonObject
}

/** Issues and checks the tokens of the local pools. */
export interface Tokens {
  /** The answer of a sign-in: access, id and refresh token. */
  issue(client: PoolClient, user: User, changes: ClaimChanges): Promise<JsonObject>
  /** Session of a refresh token. Throws NotAuthorizedException. */
  session(client: PoolClient, refreshToken: string): { id: string; session: Session }
  /** New access and id tokens of a session. */
  refresh(client: PoolClient, user: User, id: string, session: Session, changes: ClaimChanges): Promise<JsonObject>
  revoke(id: string): void
  /** Ends every session of a user. */
  signOut(poolId: string, username: string): void
  /** Claims of a valid token, undefined for one of another issuer. Throws AwsError UnauthorizedException. */
  verify(token: string): Promise<VerifiedToken | undefined>
  keySet(): Promise<JsonObject>
}

const unitSeconds: Record<string, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 }
const verifiedMax = 10_000

export function createTokens(
  host: Host,
  keys: DurableMap<string>,
  sessions: DurableMap<Session>,
  hasPool: (poolId: string) => boolean,
): Tokens {
  let loading: Promise<SigningKey> | undefined
  const key = () => {
    loading ??= loadSigningKey(keys)
    return loading
  }
  const verified = new Map<string, VerifiedToken>()
  for (const [id, { expiresAt }] of [...sessions.entries()]) if (expiresAt < host.clock.now()) sessions.delete(id)

  const sign = async (claims: JsonObject): Promise<string> => {
    const { id, privateKey } = await key()
    return new SignJWT(claims).setProtectedHeader({ kid: id, alg: "RS256" }).sign(privateKey)
  }

  const pair = async (client: PoolClient, user: User, id: string, session: Session, changes: ClaimChanges) => {
    const now = Math.floor(host.clock.now() / 1_000)
    const life = lifetimes(client)
    const groups = [...(changes.groups ?? user.groups)]
    const common = {
      sub: user.attributes.sub ?? user.username,
      ...(groups.length > 0 && { "cognito:groups": groups }),
      iss: `${host.url}/${client.pool.id}`,
      origin_jti: id,
      event_id: randomUUID(),
      auth_time: Math.floor(session.authTime / 1_000),
      iat: now,
    }
    const identity = changed(
      {
        ...common,
        ...identityClaims(user),
        "cognito:username": user.username,
        aud: client.id,
        token_use: "id",
        exp: now + life.id,
        jti: randomUUID(),
      },
      changes.id,
    )
    const access = changed(
      {
        ...common,
        client_id: client.id,
        version: 2,
        token_use: "access",
        scope: "aws.cognito.signin.user.admin",
        exp: now + life.access,
        jti: randomUUID(),
        username: user.username,
      },
      changes.access,
    )
    const [IdToken, AccessToken] = await Promise.all([sign(identity), sign(access)])
    return { AccessToken, ExpiresIn: life.access, IdToken, TokenType: "Bearer" }
  }

  const checkLive = ({ claims }: VerifiedToken): void => {
    if (Number(claims.exp) * 1_000 <= host.clock.now()) throw unauthorized("Token has expired.")
    if (sessions.get(String(claims.origin_jti))?.revoked) throw unauthorized("Token has been revoked.")
  }

  return {
    issue: async (client, user, changes) => {
      const now = host.clock.now()
      const id = randomUUID()
      const session: Session = {
        poolId: client.pool.id,
        clientId: client.id,
        username: user.username,
        secret: randomBytes(48).toString("base64url"),
        authTime: now,
        expiresAt: now + lifetimes(client).refresh * 1_000,
        revoked: false,
      }
      sessions.set(id, session)
      return { ...(await pair(client, user, id, session, changes)), RefreshToken: `${id}.${session.secret}` }
    },
    session: (client, refreshToken) => {
      const [id = "", secret] = refreshToken.split(".")
      const session = sessions.get(id)
      if (!session || session.secret !== secret || session.clientId !== client.id) {
        throw notAuthorized("Invalid Refresh Token")
      }
      if (session.revoked) throw notAuthorized("Refresh Token has been revoked")
      if (session.expiresAt <= host.clock.now()) throw notAuthorized("Refresh Token has expired")
      return { id, session }
    },
    refresh: pair,
    revoke: id => {
      const session = sessions.get(id)
      if (session) sessions.set(id, { ...session, revoked: true })
    },
    signOut: (poolId, username) => {
      for (const [id, session] of [...sessions.entries()]) {
        if (session.poolId !== poolId || session.username !== username || session.revoked) continue
        sessions.set(id, { ...session, revoked: true })
      }
    },
    verify: async token => {
      const known = verified.get(token)
      if (known) {
        checkLive(known)
        return known
      }
      const poolId = issuingPool(host, token)
      if (poolId === undefined || !hasPool(poolId)) return undefined
      const fresh = { poolId, claims: await claimsOf(host, token, (await key()).publicKey) }
      checkLive(fresh)
      verified.set(token, fresh)
      const [oldest] = verified.keys()
      if (verified.size > verifiedMax && oldest !== undefined) verified.delete(oldest)
      return fresh
    },
    keySet: async () => ({ keys: [(await key()).jwk] }),
  }
}

async function claimsOf(host: Host, token: string, publicKey: SigningKey["publicKey"]): Promise<JsonObject> {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: ["RS256"],
      currentDate: new Date(host.clock.now()),
    })
    return JSON.parse(JSON.stringify(payload))
  } catch (error) {
    throw unauthorized(error instanceof errors.JWTExpired ? "Token has expired." : "Unable to parse JWT token.")
  }
}

function issuingPool(host: Host, token: string): string | undefined {
  try {
    const { iss = "" } = decodeJwt(token)
    return iss.startsWith(`${host.url}/`) ? iss.slice(host.url.length + 1) : undefined
  } catch {
    return undefined
  }
}

function identityClaims({ attributes }: User): JsonObject {
  const claims: JsonObject = {}
  for (const [name, value] of Object.entries(attributes)) {
    claims[name] = name.endsWith("_verified") ? value === "true" : value
  }
  return claims
}

function changed(claims: JsonObject, { add, suppress }: ClaimChanges["id"]): JsonObject {
  const kept = Object.entries({ ...claims, ...add }).filter(([name]) => !suppress.includes(name))
  return Object.fromEntries(kept)
}

/** Lifetimes of a client's tokens in seconds. */
function lifetimes({ properties }: PoolClient): { access: number; id: number; refresh: number } {
  const { TokenValidityUnits: units = {} } = properties
  const seconds = (value: number | undefined, unit: string, byDefault: number) =>
    value === undefined || value === 0 ? byDefault : value * (unitSeconds[unit] ?? 1)
  return {
    access: seconds(properties.AccessTokenValidity, units.AccessToken ?? "hours", 3_600),
    id: seconds(properties.IdTokenValidity, units.IdToken ?? "hours", 3_600),
    refresh: seconds(properties.RefreshTokenValidity, units.RefreshToken ?? "days", 30 * 86_400),
  }
}

function unauthorized(message: string): AwsError {
  return new AwsError("UnauthorizedException", message, 401)
}
