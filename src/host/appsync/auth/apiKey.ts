import type { Clock } from "../../clock.ts"
import { type Caller, Unauthorized } from "./caller.ts"

/** A key of an API; it works until `expiresAt` (seconds since the epoch). */
export type ApiKey = {
  readonly id: string
  readonly description: string | null
  readonly expiresAt: number
}

/** The caller behind an API key. Throws Unauthorized for an unknown or expired one. */
export function authenticateApiKey(clock: Clock, keys: ReadonlyMap<string, ApiKey>, key: string): Caller {
  const known = keys.get(key)
  if (known === undefined || known.expiresAt * 1000 <= clock.now()) {
    throw new Unauthorized("You are not authorized to make this call.")
  }
  return { mode: "API_KEY", identity: null, groups: [] }
}
