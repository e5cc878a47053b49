import { createHash } from "node:crypto"

/** An id of 26 lower-case letters and digits, as AppSync makes them; the same for the same name, so that it survives a restart. */
export function stableId(name: string): string {
  const number = BigInt(`0x${createHash("sha256").update(name).digest("hex")}`)
  return number.toString(36).slice(0, 26).padEnd(26, "a")
}

/** The secret of an API key, which is also its id. */
export const apiKeyId = (name: string): string => `da2-${stableId(name)}`
