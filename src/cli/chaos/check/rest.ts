import type { Evidence } from "../look.ts"
import type { Facts } from "./facts.ts"
import { type Finding, finding } from "./finding.ts"

/** Lambda tries an asynchronous event three times. */
const attemptsMax = 3
const final = ["PROJECTED", "REJECTED", "FAILED", "PARKED"]

/** P3: no receipt is without an end, unless it is parked, and a command that failed says why. */
export function checkReceipts({ receipts, records, evidence }: Facts): Finding {
  const check = finding("receipts settled")
  for (const { status, commandId, traceId } of receipts)
    check.must(final.includes(status), `the receipt of ${commandId} (trace ${traceId}) stands at ${status}`)
  const failed = [...records.values()].filter(({ data }) => data.outcome.status === "FAILED")
  for (const { id, data } of failed)
    check.must(
      data.outcome.status === "FAILED" && isFailureEarned(evidence, id, data.outcome.reason),
      `command ${id} (trace ${data.traceId}) FAILED though nothing was done to it that must fail it: ${JSON.stringify(data.outcome)}`,
    )
  return check.result
}

/** A command may fail when it was in the way of others too long, or when every attempt on it was lost. */
function isFailureEarned({ faults }: Evidence, id: string, reason: string): boolean {
  if (reason.startsWith("still contended")) return true
  const commandId = id.slice(id.lastIndexOf("/") + 1)
  const losses = faults.filter(
    ({ hop, kind, messageId }) =>
      (hop === "lambda" || hop === "asyncLambda") && isLoss(kind) && messageId.includes(`|${commandId}|`),
  )
  return losses.length >= attemptsMax
}

const isLoss = (kind: string) => kind.startsWith("kill") || kind === "timeout" || kind === "drop"

/** P3: every asynchronous hop gave up what it had: no queue holds a message. */
export function checkQueues({ evidence }: Facts): Finding {
  const check = finding("nothing left in queues")
  for (const [queue, count] of Object.entries(evidence.queues))
    check.must(count === 0, `${queue} holds ${count} messages`)
  return check.result
}

/** P7: what is parked is what was poisoned, and nothing else; only what waits behind it says so, and nothing was decided there. */
export function checkParked({ evidence, events, waiting, receipts }: Facts): Finding {
  const check = finding("parked is what was poisoned")
  const poisoned = new Map(evidence.poisoned.map(({ stream, version }) => [stream, version]))
  const known = new Set([...events, ...evidence.poisoned].map(({ stream, version }) => `${stream}/${version}`))
  const markers = evidence.eventStore.filter(
    ({ stream, version }) => Number(version) > 0 && !known.has(`${stream}/${version}`),
  )
  // Nobody knows that a stream is poisoned before somebody asks something of it.
  const behind = [...new Set(waiting.map(({ stream }) => stream))]
  check.mustEqual(
    "what is parked",
    markers.map(({ stream, version }) => `${stream} at ${version}`),
    behind.map(stream => `${stream} at ${(poisoned.get(stream) ?? 0) + 1}`),
  )
  for (const { command, stream } of waiting)
    check.must(poisoned.has(stream), `${command} waits behind ${stream}, which was not poisoned`)
  for (const { stream, version } of events)
    check.must(version < (poisoned.get(stream) ?? Infinity), `${stream}/${version} was decided on what nobody can fold`)
  const waits = new Set(waiting.map(({ opened: { info } }) => `${info.actor.id} ${info.commandId}`))
  for (const { status, actor, commandId } of receipts)
    check.must(status !== "PARKED" || waits.has(`${actor} ${commandId}`), `the receipt of ${commandId} says PARKED`)
  return check.result
}
