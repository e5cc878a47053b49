import { type Facts, infoOf } from "./facts.ts"
import { type Finding, finding, textOf } from "./finding.ts"

/** P4: what went over the bus is what was committed, all of it and nothing else; track & trace heard the same. */
export function checkPublication(facts: Facts): Finding {
  const check = finding("published if and only if committed")
  check.mustEqual(
    "the bus",
    facts.onBus("domain").map(({ id, data }) => `${id} ${textOf(data)}`),
    facts.events.map(row => `${infoOf(row).id} ${textOf(row.opened)}`),
  )
  check.mustEqual(
    "the bus",
    facts.onBus("outcome").map(({ id }) => id),
    [
      ...facts.outbox
        .filter(({ opened }) => opened.events.length === 0)
        .map(({ opened }) => `${opened.info.id}/outcome`),
      ...facts.waiting.map(({ opened }) => `${opened.info.id}/parked`),
    ],
  )
  check.mustEqual(
    "track & trace",
    facts.steps.filter(({ kind }) => kind === "event").map(({ id, causeId }) => `${causeId} in ${id}`),
    facts.events.map(row => `${infoOf(row).id} in trace/${row.traceId}`),
  )
  for (const { stream, command, pending } of [...facts.outbox, ...facts.waiting])
    check.must(pending === undefined, `outbox row ${command} of ${stream} still waits for its publication`)
  return check.result
}
