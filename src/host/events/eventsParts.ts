import type { DurableMap } from "../durable.ts"
import type { BusEntry, Host, JsonObject, Principal } from "../host.ts"
import type { Archives } from "./archive.ts"
import type { BusRegistry } from "./busRegistry.ts"
import type { EntryResult } from "./putEvents.ts"
import type { Replays } from "./replay.ts"

/** One SDK call by its decoded input. */
export type Operation = (input: JsonObject, principal: Principal) => JsonObject

/** What the calls work on. */
export interface EventsParts {
  readonly host: Host
  readonly registry: BusRegistry
  readonly archives: Archives
  readonly replays: Replays
  readonly put: (entries: readonly BusEntry[], defaultBus: undefined, by: Principal) => EntryResult[]
  /** Buses and rules that calls made, not a template: they come back after a restart. */
  readonly madeByCalls: DurableMap<string>
}
