import type { Evidence } from "../look.ts"
import type { Facts } from "./facts.ts"
import { type Finding, finding } from "./finding.ts"

/** Lambda tries an asynchronous event three times. */
const attemptsMax = 3
const final = ["PROJECTED", "REJECTED", "FAILED"]

/** P3: no receipt waits for ever, and a command that failed says why. */
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

/** P7: what is parked is what was poisoned, and nothing else: a marker stands where the stream's next event would. */
export function checkParked({ evidence, events, outbox, receipts }: Facts, poisoned: readonly string[] = []): Finding {
  const check = finding("parked is what was poisoned")
  const known = new Set(events.map(({ stream, version }) => `${stream}/${version}`))
  const markers = evidence.eventStore.filter(
    ({ stream, version }) => Number(version) > 0 && !known.has(`${stream}/${version}`),
  )
  check.mustEqual(
    "what is parked",
    markers.map(({ stream }) => String(stream)),
    poisoned,
  )
  const waiting = outbox.filter(({ opened }) => String(opened.outcome.status) === "PARKED")
  if (poisoned.length === 0) {
    for (const { command } of waiting) check.must(false, `${command} waits behind a stream that was not poisoned`)
    for (const { status, commandId } of receipts)
      check.must(status !== "PARKED", `the receipt of ${commandId} says PARKED`)
  }
  return check.result
}
