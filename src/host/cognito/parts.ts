import { createHmac } from "node:crypto"
import type { z } from "zod"
import { constraintFailures } from "../constraints.ts"
import { AwsError, type Host, type JsonObject, type Principal } from "../host.ts"
import type { Challenges } from "./challenges.ts"
import { invalidParameter, notAuthorized, userNotFound, wrongPassword } from "./cognitoErrors.ts"
import type { Directory } from "./directory.ts"
import type { Tokens } from "./tokens.ts"
import type { PoolClient, User, UserPool } from "./userPool.ts"

/** What Cognito's calls work on. */
export interface CognitoParts {
  readonly host: Host
  readonly directory: Directory
  readonly tokens: Tokens
  readonly challenges: Challenges
}

/** `AuthParameters`, or the answers to a challenge. */
export type Parameters = Readonly<Record<string, string>>

export type Call = (input: JsonObject, principal: Principal) => Promise<JsonObject>

/** Reads a call's input. Throws AwsError InvalidParameterException naming what is wrong. */
export function read<T>(schema: z.ZodType<T>, input: JsonObject): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw invalidParameter(constraintFailures(result.error, input))
}

/** A client with a secret asks for its proof in each call. Throws NotAuthorizedException. */
export function checkSecretHash(client: PoolClient, names: readonly string[], given: string | undefined): void {
  if (client.secret === undefined) return
  if (given === undefined) {
    throw notAuthorized(`Client ${client.id} is configured with secret but SECRET_HASH was not received`)
  }
  const { secret, id } = client
  const isRight = names.some(name => createHmac("sha256", secret).update(`${name}${id}`).digest("base64") === given)
  if (!isRight) throw notAuthorized(`SecretHash does not match for the client: ${id}`)
}

/** What a client may hear of a user who does not exist. */
export function unknownUser({ properties }: PoolClient): AwsError {
  return properties.PreventUserExistenceErrors === "ENABLED" ? wrongPassword() : userNotFound()
}

/** The user behind an access token. Throws NotAuthorizedException. */
export async function userOfToken(
  { directory, tokens }: CognitoParts,
  accessToken: string,
): Promise<{ pool: UserPool; user: User; sessionId: string; clientId: string }> {
  const verified = await tokens.verify(accessToken).catch(error => {
    const reason = error instanceof AwsError ? error.message : ""
    if (reason.includes("expired")) throw notAuthorized("Access Token has expired")
    throw notAuthorized(reason.includes("revoked") ? "Access Token has been revoked" : "Invalid Access Token")
  })
  if (verified?.claims.token_use !== "access") throw notAuthorized("Invalid Access Token")
  const pool = directory.pool(verified.poolId)
  const user = directory.findUser(pool, String(verified.claims.username))
  if (!user) throw userNotFound()
  if (!user.enabled) throw notAuthorized("User is disabled.")
  const { origin_jti, client_id } = verified.claims
  return { pool, user, sessionId: String(origin_jti), clientId: String(client_id) }
}

/** `[{Name, Value}]` as an object. */
export function attributesOf(
  list: readonly { Name: string; Value?: string | undefined }[] = [],
): Record<string, string> {
  return Object.fromEntries(list.map(({ Name, Value = "" }) => [Name, Value]))
}

/** Attributes as `[{Name, Value}]`. */
export function attributeList(attributes: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
}
