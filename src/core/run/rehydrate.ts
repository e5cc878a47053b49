import { type AnyAggregate, fold, UnknownEventError } from "../aggregate.ts"
import type { Marker } from "../parking.ts"
import type { EventStore } from "../ports.ts"

/** An aggregate as of its latest event. */
export interface Rehydrated {
  readonly state: unknown
  /** 0 when nothing has happened to it yet. */
  readonly version: number
  /** Set when the stream is set aside and was read from behind its marker. */
  readonly parked?: Marker
}

/** Thrown when a stream cannot be folded: nothing may be decided on it. */
export class UnfoldableStreamError extends Error {
  override readonly name = "UnfoldableStreamError"
  readonly stream: string
  /** Of its last event. */
  readonly version: number
  /** The same text for the same fault, whatever the stream. */
  readonly reason: string
  constructor(stream: string, version: number, reason: string) {
    super(`${stream} cannot be folded: ${reason}`)
    this.stream = stream
    this.version = version
    this.reason = reason
  }
}

/** Thrown when a stream is set aside: what is asked of it must wait. */
export class StreamParkedError extends Error {
  override readonly name = "StreamParkedError"
  readonly marker: Marker
  constructor(marker: Marker) {
    super(`${marker.stream} is set aside: ${marker.cause}`)
    this.marker = marker
  }
}

/**
 * Reads and folds one stream. Throws UnfoldableStreamError, and StreamParkedError unless the stream is the one that may be read
 * from `behind` its marker.
 */
export async function rehydrate(
  events: Pick<EventStore, "load">,
  aggregate: AnyAggregate,
  stream: string,
  hash: string,
  behind?: string,
): Promise<Rehydrated> {
  const loaded = await events.load(stream, hash)
  if (loaded.parked !== undefined && behind !== stream) throw new StreamParkedError(loaded.parked)
  const first = loaded.snapshot?.version ?? 0
  const version = loaded.events.at(-1)?.info.version ?? first
  const gap = loaded.events.findIndex(({ info }, index) => info.version !== first + index + 1)
  if (gap >= 0) throw new UnfoldableStreamError(stream, version, "its versions are not contiguous")
  let state = loaded.snapshot?.state ?? aggregate.initial
  for (const event of loaded.events)
    try {
      state = fold(aggregate, [event], state)
    } catch (error) {
      throw new UnfoldableStreamError(stream, version, reasonOf(`${event.type} v${event.schemaVersion}`, error))
    }
  return { state, version, ...(loaded.parked === undefined ? {} : { parked: loaded.parked }) }
}

const reasonOf = (event: string, error: unknown) =>
  error instanceof UnknownEventError ? `${event} is not known` : `${event} cannot be applied: ${error}`
