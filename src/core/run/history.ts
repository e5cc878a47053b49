import { z } from "zod"
import { type AnyAggregate, fold, type StoredEvent, upcast } from "../aggregate.ts"
import { type App, aggregateNamed } from "../manifest.ts"
import { mapPersonal, masked, maskedData } from "../personal.ts"
import type { EventStore } from "../ports.ts"
import { streamOf } from "../stream.ts"
import { isRevealed } from "./reveal.ts"

/** Which aggregate, and as of when. Without `tenant` the aggregate is its own tenant. */
export const HistoryQuestion = z.object({
  aggregate: z.string(),
  id: z.string(),
  tenant: z.string().nullish(),
  atVersion: z.number().int().nullish(),
  atTime: z.string().nullish(),
  limit: z.number().int().nullish(),
  /** Id of the event by which `reveal` recorded that the asker may see the personal values. */
  reveal: z.string().nullish(),
})
export type HistoryQuestion = z.output<typeof HistoryQuestion>

/** Who asks, and when. */
export interface Asker {
  readonly actor: string
  readonly now: string
}

/** Thrown when somebody asks to see personal values without leave, or after it has ended. */
export class NotRevealedError extends Error {
  override readonly name = "NotRevealedError"
  constructor() {
    super("Personal values are shown for 15 minutes after somebody has said why. Reveal them again.")
  }
}

/** Events and the state after the last of them; personal values masked, unless they were revealed. */
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

/**
 * What happened to an aggregate, and its state then, up to the first event that this code does not know; null when nothing has.
 * The last `limit` events are listed. Throws NotRevealedError.
 */
export async function history(
  app: App,
  events: Pick<EventStore, "read">,
  asked: HistoryQuestion,
  asker: Asker,
): Promise<History | null> {
  const owner = aggregateNamed(app, asked.aggregate)
  if (owner === undefined) throw new Error(`there is no aggregate ${asked.aggregate}`)
  const { aggregate } = owner
  const stream = streamOf({ tenant: asked.tenant ?? asked.id, aggregate: aggregate.name, id: asked.id })
  const limit = Math.min(asked.limit ?? 100, eventsMax)
  const isPlain = asked.reveal != null
  if (asked.reveal != null && !(await isRevealed(events, asked.reveal, stream, asker.actor, asker.now)))
    throw new NotRevealedError()

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
    state: JSON.stringify(isPlain ? plain(state) : mapPersonal(state, () => masked)),
    events: last.map(({ type, data, info }) => ({
      version: info.version,
      type,
      data: JSON.stringify(isPlain ? plain(data) : maskedEvent(aggregate, type, data)),
      at: info.time,
      actor: info.actor,
      traceId: info.traceId,
      commandId: info.commandId,
    })),
  }
}

/** Personal values spelled out; what was about somebody who is forgotten is null. */
const plain = (data: unknown) => mapPersonal(data, ({ value }) => value)

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
