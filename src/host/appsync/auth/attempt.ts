import type { JsonObject, SignedRequest } from "../../host.ts"

/** What an authentication looks at, from an HTTP request or a real-time message. */
export interface AuthAttempt {
  readonly requestId: string
  /** Lower-case names; a repeated header is joined. */
  readonly headers: Readonly<Record<string, string>>
  readonly sourceIp: readonly string[]
  /** The request that a SigV4 signature covers. */
  readonly signed: Omit<SignedRequest, "headers">
  /** What a Lambda authorizer is told of the operation. */
  readonly operation: {
    readonly query: string | null
    readonly operationName: string | null
    readonly variables: JsonObject
  }
}

/** The bare token of an `authorization` header. */
export const tokenOf = (authorization: string): string => authorization.replace(/^Bearer\s+/i, "")

/** Claims of something that has the form of a JWT, unverified; undefined for any other text. */
export function unverifiedClaims(token: string): JsonObject | undefined {
  const [, payload, signature] = token.split(".")
  if (payload === undefined || signature === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString())
    return typeof claims === "object" && claims !== null ? (claims as JsonObject) : undefined
  } catch {
    return undefined
  }
}
