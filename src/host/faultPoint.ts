import { type Fault, type Hop, noFaults } from "./faults.ts"
import type { Host } from "./host.ts"

const idsMax = 50_000

/** What the plan has for this try of a message; a message is named only when there is a plan. */
export type FaultPoint = (messageId: () => string) => Fault | undefined

/** Asks the fault plan at one hop: a message that comes again makes its next attempt. The latest messages are remembered, so many at the most. */
export function createFaultPoint(host: Pick<Host, "faults">, hop: Hop): FaultPoint {
  const attempts = new Map<string, number>()
  const nextAttempt = (messageId: string): number => {
    const attempt = (attempts.get(messageId) ?? 0) + 1
    attempts.delete(messageId)
    attempts.set(messageId, attempt)
    const oldest = attempts.size > idsMax ? attempts.keys().next().value : undefined
    if (oldest !== undefined) attempts.delete(oldest)
    return attempt
  }
  return nameOf => {
    if (host.faults === noFaults) return undefined
    const messageId = nameOf()
    return host.faults.at(hop, messageId, nextAttempt(messageId))
  }
}
