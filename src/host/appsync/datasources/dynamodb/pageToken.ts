import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto"
import type { JsonObject } from "../../../host.ts"
import { BadRequest } from "../dataSource.ts"

const algorithm = "aes-256-gcm"
const ivBytes = 12
const tagBytes = 16

const keyFor = (resolverId: string): Buffer => createHash("sha256").update(`page token of ${resolverId}`).digest()

/** An opaque `nextToken` for a last key; only the resolver that gave it can read it. */
export function sealKey(resolverId: string, lastKey: JsonObject): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, keyFor(resolverId), iv)
  const text = Buffer.concat([cipher.update(JSON.stringify(lastKey), "utf8"), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64")
}

/** The last key of a token. Throws {@link BadRequest} when it is not a token of this resolver. */
export function openKey(resolverId: string, token: string): JsonObject {
  try {
    const sealed = Buffer.from(token, "base64")
    const decipher = createDecipheriv(algorithm, keyFor(resolverId), sealed.subarray(0, ivBytes))
    decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
    const text = Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
    return JSON.parse(text.toString("utf8"))
  } catch {
    throw new BadRequest("Invalid pagination token given.")
  }
}
