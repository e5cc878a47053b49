import type { Facts } from "./facts.ts"
import { infoOf } from "./facts.ts"
import { type Finding, finding, textOf } from "./finding.ts"

/** P2: streams run from 1 without a gap, and every event stands in the record and the outbox row of its command. */
export function checkStreams(facts: Facts): Finding {
  const check = finding("streams contiguous")
  for (const [stream, rows] of facts.streams)
    check.mustEqual(
      `stream ${stream}`,
      rows.map(({ version }) => `version ${version}`),
      rows.map((_, index) => `version ${index + 1}`),
    )
  const decided = facts.outbox.flatMap(({ stream, command, opened }) =>
    opened.events.map(
      ({ type, data, info }) => `${textOf([stream, info.id, type, data])} by ${command.split("/").at(-1)}`,
    ),
  )
  const stored = facts.events.map(
    row => `${textOf([row.stream, infoOf(row).id, row.type, row.opened])} by ${row.commandId}`,
  )
  check.mustEqual("what the outbox rows say was stored", decided, stored)
  for (const { id, data } of facts.records.values())
    if (data.outcome.status === "COMMITTED") {
      const { version, eventCount } = data.outcome
      const covered = (facts.streams.get(data.stream) ?? []).filter(
        row => row.version > version - eventCount && row.version <= version,
      )
      const commandId = id.slice(id.lastIndexOf("/") + 1)
      check.must(
        covered.length === eventCount && covered.every(row => row.commandId === commandId),
        `command ${id} (trace ${data.traceId}) committed ${eventCount} events up to version ${version} of ${data.stream}, the store has ${covered.length} of it`,
      )
    }
  return check.result
}

/** Each claim is held by the one stream whose state holds it, and no claim is left over. */
export function checkClaims({ states, claims }: Facts): Finding {
  const check = finding("unique claims")
  const wanted = [...states].flatMap(([stream, { aggregate, state }]) =>
    Object.entries(aggregate.unique ?? {}).flatMap(([name, { holds }]) => {
      const value = holds(state)
      if (value === undefined) return []
      return [`claim/${aggregate.name}.${name}/${value.normalize("NFKC").trim().toLowerCase()} held by ${stream}`]
    }),
  )
  check.mustEqual(
    "the event store",
    claims.map(({ stream, holder }) => `${stream} held by ${holder}`),
    wanted,
  )
  return check.result
}
