import { type AnyAggregate, fold, type StoredEvent, upcast } from "../aggregate.ts"
import { type App, aggregateNamed } from "../manifest.ts"
import { mapPersonal, masked, maskedData } from "../personal.ts"
import type { EventStore } from "../ports.ts"
import { streamOf } from "../stream.ts"

/** Which aggregate, and as of when. Without `tenant` the aggregate is its own tenant. */
export interface HistoryQuestion {
  readonly aggregate: string
  readonly id: string
  readonly tenant?: string | null
  readonly atVersion?: number | null
  readonly atTime?: string | null
  readonly limit?: number | null
}

/** Events and the state after the last of them, personal values masked. */
export interface History {
  readonly stream: string
  readonly version: number
  /** JSON text. */
  readonly state: string
  readonly events: readonly {
    readonly version: number
    readonly type: string
    readonly data: string
    readonly at: string
    readonly actor: string
    readonly traceId: string
    readonly commandId: string
  }[]
}

const eventsMax = 1_000

/** What happened to an aggregate, and its state then, up to the first event that this code does not know; null when nothing has. The last `limit` events are listed. */
export async function history(
  app: App,
  events: Pick<EventStore, "read">,
  asked: HistoryQuestion,
): Promise<History | null> {
  const owner = aggregateNamed(app, asked.aggregate)
  if (owner === undefined) throw new Error(`there is no aggregate ${asked.aggregate}`)
  const { aggregate } = owner
  const stream = streamOf({ tenant: asked.tenant ?? asked.id, aggregate: aggregate.name, id: asked.id })
  const limit = Math.min(asked.limit ?? 100, eventsMax)

  let state: unknown = aggregate.initial
  let last: StoredEvent[] = []
  let version = 0
  let folds = true
  for await (const event of events.read(stream, 1, asked.atVersion ?? undefined)) {
    if (asked.atTime != null && Date.parse(event.info.time) > Date.parse(asked.atTime)) break
    folds &&= upcast(aggregate, event) !== undefined
    if (folds) state = fold(aggregate, [event], state)
    if (folds) version = event.info.version
    last = [...last, event].slice(-limit)
  }
  if (last.length === 0) return null
  return {
    stream,
    version,
    state: JSON.stringify(mapPersonal(state, () => masked)),
    events: last.map(({ type, data, info }) => ({
      version: info.version,
      type,
      data: JSON.stringify(maskedEvent(aggregate, type, data)),
      at: info.time,
      actor: info.actor,
      traceId: info.traceId,
      commandId: info.commandId,
    })),
  }
}

/** An event's data as support may see it; of an event that this code does not know every value is masked. */
export function maskedEvent(
  aggregate: AnyAggregate | undefined,
  type: string,
  data: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const schema = aggregate?.events[type]?.schema
  if (schema !== undefined) return maskedData(schema, data)
  return Object.fromEntries(Object.keys(data).map(field => [field, masked]))
}
