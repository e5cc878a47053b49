import type { Host, JsonObject, Principal } from "../host.ts"
import { contentId } from "./putEvents.ts"

const rememberedMax = 10_000

/** Decides which entries of a role's PutEvents fail as planned; each further try of the same content is a further attempt. */
export function createIngestFaults(host: Host): (event: JsonObject, by: Principal | undefined) => boolean {
  const attempts = new Map<string, number>()
  return (event, by) => {
    if (by?.kind !== "role") return false
    const messageId = `put|${contentId(event)}`
    const attempt = (attempts.get(messageId) ?? 0) + 1
    if (host.faults.at("bus", messageId, attempt)?.kind !== "partialFailure") return false
    attempts.set(messageId, attempt)
    const [oldest] = attempts.keys()
    if (attempts.size > rememberedMax && oldest !== undefined) attempts.delete(oldest)
    return true
  }
}
