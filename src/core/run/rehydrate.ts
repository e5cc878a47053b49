import { type AnyAggregate, fold } from "../aggregate.ts"
import type { EventStore } from "../ports.ts"

/** An aggregate as of its latest event. */
export interface Rehydrated {
  readonly state: unknown
  /** 0 when nothing has happened to it yet. */
  readonly version: number
  readonly parked: boolean
}

/** Thrown when a stream's versions are not contiguous: it must not be folded. */
export class BrokenStreamError extends Error {
  override readonly name = "BrokenStreamError"
}

/** Reads and folds one stream. Throws UnknownEventError and BrokenStreamError. */
export async function rehydrate(
  events: EventStore,
  aggregate: AnyAggregate,
  stream: string,
  hash: string,
): Promise<Rehydrated> {
  const loaded = await events.load(stream, hash)
  let version = loaded.snapshot?.version ?? 0
  for (const event of loaded.events) {
    if (event.info.version !== version + 1)
      throw new BrokenStreamError(`${stream} has version ${event.info.version} after ${version}`)
    version = event.info.version
  }
  return {
    state: fold(aggregate, loaded.events, loaded.snapshot?.state),
    version,
    parked: loaded.parked ?? false,
  }
}
