import type { DurableMap } from "../durable.ts"
import type { Host, Json, JsonObject } from "../host.ts"
import { runtimeFailure } from "./language/failure.ts"

/** One event as GetExecutionHistory answers it; times in milliseconds here. */
export type HistoryEvent = { id: number; previousEventId: number; timestamp: number; type: string; details: JsonObject }

/** AWS ends an execution whose history is this long. */
const eventsMax = 25_000

/** Where one line of an execution, the main one or a branch, has got to in its history. */
export interface Trail {
  /** Records an event after the last one of this line. `details` is the one member that the type has. Throws StateFailure when the history is full. */
  record(type: string, details?: JsonObject): number
  lastId(): number
  /** A line that goes on from here, beside this one. */
  fork(): Trail
}

/** The histories of the executions: durable ones of Standard state machines, none of Express ones. */
export interface Histories {
  of(executionArn: string): readonly HistoryEvent[]
  /** The main line of an execution, from its last event on. */
  trail(executionArn: string): Trail
  forget(executionArn: string): void
}

export function createHistories(host: Host, kept: DurableMap<HistoryEvent>): Histories {
  const events = new Map<string, HistoryEvent[]>()
  const all = (arn: string) => {
    const known = events.get(arn) ?? []
    events.set(arn, known)
    return known
  }
  for (const [key, event] of kept.entries()) all(key.slice(0, key.lastIndexOf("|"))).push(event)
  for (const list of events.values()) list.sort((a, b) => a.id - b.id)

  const trailOf = (arn: string, from: number): Trail => {
    let last = from
    return {
      lastId: () => last,
      fork: () => trailOf(arn, last),
      record: (type, details = {}) => {
        const history = all(arn)
        const id = history.length + 1
        if (id > eventsMax && !type.startsWith("Execution"))
          throw runtimeFailure("The execution reached the maximum number of history events (25000).")
        const event = { id, previousEventId: last, timestamp: host.clock.now(), type, details }
        history.push(event)
        kept.set(keyOf(arn, id), event)
        last = id
        return id
      },
    }
  }

  return {
    of: arn => events.get(arn) ?? [],
    trail: arn => trailOf(arn, events.get(arn)?.at(-1)?.id ?? 0),
    forget: arn => {
      for (const { id } of events.get(arn) ?? []) kept.delete(keyOf(arn, id))
      events.delete(arn)
    },
  }
}

const keyOf = (arn: string, id: number) => `${arn}|${id}`

/** The line of an Express execution: it has numbers, and nobody can ask for its events. */
export function unkeptTrail(): Trail {
  const count = { last: 0 }
  const trailFrom = (from: number): Trail => {
    let last = from
    return {
      lastId: () => last,
      fork: () => trailFrom(last),
      record: () => {
        last = ++count.last
        return last
      },
    }
  }
  return trailFrom(0)
}

/** Text of a payload beside the note that it is whole. */
export const included = (name: "input" | "output", value: Json): JsonObject => ({
  [name]: JSON.stringify(value),
  [`${name}Details`]: { truncated: false },
})
