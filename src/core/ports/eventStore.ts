import type { StoredEvent } from "../aggregate.ts"
import type { Decided, Outcome } from "../outcome.ts"
import type { Marker } from "../parking.ts"

/** State kept beside an event, valid for one reducer only. */
export interface Snapshot {
  readonly version: number
  readonly state: unknown
}

/** What is needed to rehydrate: the newest usable snapshot and every event after it, in order, without a gap. */
export interface Loaded {
  readonly snapshot?: Snapshot
  readonly events: readonly StoredEvent[]
  /** The stream is set aside: nothing may be decided on it until it is released. */
  readonly parked?: Marker
}

/** A value that one stream holds and no other may. */
export interface Claim {
  readonly name: string
  readonly value: string
  /** The subject whose personal value it holds: it is given up when the subject is forgotten. */
  readonly about?: string
}

/** Everything that one decision writes, together or not at all. */
export interface Commit {
  /** Idempotency key; see `commandKey`. */
  readonly key: string
  /** Hash of what the client sent. */
  readonly payloadHash: string
  readonly decided: Decided
  /** Version that the decision was made on; the first new event has this plus one. */
  readonly expected: number
  /** Rides on the last event's row when set. */
  readonly snapshot?: { readonly state: unknown; readonly hash: string }
  readonly claim: readonly Claim[]
  readonly release: readonly Claim[]
  /** The stream is set aside and this is decided behind its marker, which moves on with the events. */
  readonly behind?: Marker
  /** Other streams that the decision relied on, at the version that it saw. */
  readonly guards: readonly { readonly stream: string; readonly version: number }[]
  /** Streams behind which the command must not wait by now; else it is a conflict. */
  readonly unlessBehind?: readonly string[]
}

/** What the idempotency store remembers of a command. */
export interface CommandRecord {
  readonly payloadHash: string
  readonly stream: string
  /** Id of the message that was decided: tells a repeat of it from a lost acknowledgement of our own. */
  readonly messageId: string
  readonly outcome: Outcome
}

export type CommitResult =
  | { readonly status: "committed" }
  /** The command was decided before; this is what was said then. */
  | { readonly status: "repeated"; readonly record: CommandRecord }
  /** The stream, or one that the decision relied on, has moved on. */
  | { readonly status: "conflict" }
  | { readonly status: "claimTaken"; readonly claim: string }
  /** It says something about a subject who was forgotten; nothing was written. */
  | { readonly status: "forgotten" }
  /** Over a limit of the store; nothing was written. */
  | { readonly status: "tooLarge"; readonly limit: string }
  /** Throttled, or in the way of another transaction; nothing was written. */
  | { readonly status: "busy" }

export interface EventStore {
  /** Strongly consistent. Reads a bounded page when a snapshot under `hash` exists. */
  load(stream: string, hash: string): Promise<Loaded>
  commit(commit: Commit): Promise<CommitResult>
  /** What was decided under an idempotency key, also when its answer was lost on the way. */
  recall(key: string): Promise<CommandRecord | undefined>
  /** The stream of an aggregate that holds a value, if any does; strongly consistent. */
  holder(aggregate: string, claim: Pick<Claim, "name" | "value">): Promise<string | undefined>
  /** Events from `from` to `to` (inclusive) in order, page by page. */
  read(stream: string, from: number, to?: number): AsyncIterable<StoredEvent>
  /** Ids of all streams of one aggregate, in no particular order. */
  streams(aggregate: string): AsyncIterable<string>
}
