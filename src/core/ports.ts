import type { StoredEvent } from "./aggregate.ts"
import type { CommandInfo, Message } from "./message.ts"
import type { Decided, Outcome, ReceiptStatus, RejectionReport } from "./outcome.ts"
import type { Marker, OutboxRow } from "./parking.ts"
import type { ProjectionRewrite } from "./upkeep.ts"
import type { RowKey } from "./view.ts"

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

/** A row as the view store keeps it. */
export interface StoredRow extends RowKey {
  /** null: a tombstone, left where a row read by key has gone. */
  readonly row: Readonly<Record<string, unknown>> | null
  /** The stream that it comes from, and the version of the snapshot. */
  readonly source: string
  readonly version: number
  readonly indexes?: readonly RowKey[]
  /** ISO time of the snapshot, on a pointer from a unique value: the newest holder counts. */
  readonly at?: string
}

/** What one stream last gave to one view. */
export interface SourceRecord {
  readonly version: number
  readonly keys: readonly RowKey[]
}

/** The change of one view by one newer snapshot. */
export interface ViewChange {
  readonly stream: string
  /** Stored name of the view. */
  readonly view: string
  readonly version: number
  readonly puts: readonly StoredRow[]
  readonly deletes: readonly RowKey[]
  readonly keys: readonly RowKey[]
  /** Version in the source record that was read, 0 when there was none. */
  readonly expected: number
}

/** The advance of one projection row by events of one stream. */
export interface ProjectionChange {
  readonly stream: string
  readonly projection: string
  readonly key: RowKey
  /** Absent: the events change nothing, so that the row stays as it is. */
  readonly row?: Readonly<Record<string, unknown>>
  /** Revision of the row that was read, 0 when there was none. */
  readonly revision: number
  /** How many streams the row has heard of, this one included. */
  readonly streams: number
  /** The stream's version before and after. */
  readonly from: number
  readonly to: number
}

export interface ViewStore {
  /** Source records of a stream by stored view name; strongly consistent. */
  sources(stream: string): Promise<ReadonlyMap<string, SourceRecord>>
  /**
   * Rows and source records of one stream, together; `stale` when a source record has moved on since it was read. Throws PoisonedError
   * when the store can never take the rows.
   */
  replace(changes: readonly ViewChange[]): Promise<"written" | "stale">
  get(key: RowKey): Promise<StoredRow | undefined>
  /** Rows of a partition in their order, at most `max`; strongly consistent. */
  list(partition: string, max: number): Promise<readonly StoredRow[]>
  /** A projection's row with its revision, and how far it has heard of a stream. */
  progress(
    projection: string,
    key: RowKey,
    stream: string,
  ): Promise<{ row?: Readonly<Record<string, unknown>>; revision: number; streams: number; version: number }>
  advance(change: ProjectionChange): Promise<"written" | "stale">
  /** `stale` when the row has moved on since it was read. */
  rewrite(change: ProjectionRewrite): Promise<"written" | "stale">
}

/** One step of a request, for track & trace. Written twice, it overwrites itself. */
export interface TraceStep {
  readonly traceId: string
  readonly step:
    | "accepted"
    | "committed"
    | "unchanged"
    | "rejected"
    | "failed"
    | "alreadyProcessed"
    | "event"
    | "view"
    | "projection"
    | "reaction"
    | "effect"
    | "parked"
    | "released"
  /** The message that this step handled. */
  readonly causeId: string
  /** Who did it: a command, event, view or automation by name. */
  readonly component: string
  readonly attempt?: number
  readonly at: string
  readonly message?: string
  readonly actor?: string
  readonly commandId?: string
  readonly causationId?: string
  readonly stream?: string
  readonly version?: number
  /** Masked. */
  readonly data?: unknown
}

/** A move of a receipt; what is absent stays as it is. */
export interface ReceiptMove {
  readonly commandId: string
  readonly actor: string
  readonly tenant: string
  readonly traceId: string
  readonly status: ReceiptStatus
  readonly at: string
  /** When the request was accepted. */
  readonly acceptedAt: string
  readonly aggregateId?: string
  readonly version?: number
  readonly rejection?: RejectionReport
  readonly reason?: string
  /** The command id had been used with another input: this receipt stands beside the first one. */
  readonly misuse?: true
}

export interface Track {
  /** Steps, and ways to find the trace of the first: any of `foundBy` leads to it. */
  record(steps: readonly TraceStep[], foundBy?: readonly string[]): Promise<void>
  /** Moves a receipt forward; `kept` when another move had led as far. The same move again counts as `moved`. */
  move(move: ReceiptMove): Promise<"moved" | "kept">
  /** Marks that a command was sent again. */
  markDuplicate(info: CommandInfo): Promise<void>
}

/** A message on the bus: a CloudEvents 1.0 document and the channel that it goes by. */
export interface BusMessage {
  readonly channel: "actor" | "domain" | "outcome" | "replay"
  readonly event: CloudEvent
  /** The automation that alone hears a replayed event. */
  readonly to?: string
}

export type CloudEvent = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly type: string
}

export interface Publisher {
  /** All of them, or it throws, PoisonedError when no repeat can succeed; what was published may be published again. */
  publish(messages: readonly BusMessage[]): Promise<void>
}

/** Sends commands through the API, as automations do. */
export interface CommandSender {
  send(
    command: Message,
    thread: { traceId: string; causationId: string; hops: number; commandId: string; automation: string },
  ): Promise<void>
}

/** Messages that go on the bus at a later time. */
export interface Timers {
  /** Sets a timer; one by this id that is there already stays. `at` is an ISO time that has not passed. */
  set(id: string, at: string, message: CloudEvent): Promise<void>
  /** Takes a timer back; one that has fired or never was is fine. */
  cancel(id: string): Promise<void>
}

/** Seals personal values before they rest, and opens them again. */
export interface Cipher {
  /** JSON text of `data` with every personal value encrypted under its subject's key. */
  seal(data: unknown): Promise<string>
  /** The data again; a value whose subject was forgotten opens as null. Throws PoisonedError when the text is not what `seal` gave. */
  open(text: string): Promise<unknown>
  /** Does plain data say something about a subject who was forgotten? */
  forgets(data: unknown): Promise<boolean>
  /** The subject as stores may spell it: an address only by its hash. */
  nameOf(subject: string): string
}

/** A row of the outbox and where it stands. */
export interface OutboxEntry {
  readonly stream: string
  readonly key: string
  readonly row: OutboxRow
}

/** Where a row of the outbox stands. */
export type OutboxKey = Pick<OutboxEntry, "stream" | "key">

/** Outbox rows as its readers and the caretaker see them. */
export interface Outbox {
  /** A row that is kept because its delivery failed stays so. */
  markPublished(stream: string, key: string): Promise<void>
  /** Rows that have waited for publication since before `before` (ISO), at most `limit`. */
  unpublished(before: string, limit: number): Promise<readonly OutboxKey[]>
  /** One row; undefined once it has gone. Throws PoisonedError when it cannot be read. */
  entry(stream: string, key: string): Promise<OutboxEntry | undefined>
}

/** What a function could not handle, however often it was tried: kept until somebody lets it be tried again. */
export interface Delivery {
  readonly stream: string
  readonly key: string
  /** The same text for the same fault. */
  readonly cause: string
  /** ISO time. */
  readonly at: string
  /** A row of the outbox, or a message on the bus; absent when it cannot be opened. */
  readonly what?:
    | { readonly kind: "row"; readonly row: OutboxRow }
    | { readonly kind: "message"; readonly message: BusMessage }
}

/** Deliveries that failed for good. */
export interface Deliveries {
  /** Keeps a row of the outbox from expiring, and lists it. */
  keepRow(row: OutboxKey, cause: string, at: string): Promise<void>
  keepMessage(delivery: Omit<Delivery, "key" | "what">, message: BusMessage): Promise<void>
  of(stream: string): Promise<readonly Delivery[]>
  list(limit: number, nextToken?: string): Promise<{ deliveries: readonly Delivery[]; nextToken?: string }>
  /** It was handled at last. */
  settle(delivery: Delivery): Promise<void>
}

export type { SubjectKeys, WrappedKeys } from "./subjectKeys.ts"
