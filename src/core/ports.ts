/** What the core needs of the world outside: one type for each port, and what passes through it. */
export type { BusMessage, CloudEvent, CommandSender, Publisher, Timers } from "./ports/bus.ts"
export type { Cipher } from "./ports/cipher.ts"
export type { Deliveries, Delivery } from "./ports/deliveries.ts"
export type { Claim, CommandRecord, Commit, CommitResult, EventStore, Loaded, Snapshot } from "./ports/eventStore.ts"
export type { Outbox, OutboxEntry, OutboxKey } from "./ports/outbox.ts"
export type { SubjectKeys, WrappedKeys } from "./ports/subjectKeys.ts"
export type { ReceiptMove, TraceStep, Track } from "./ports/track.ts"
export type { ProjectionChange, SourceRecord, StoredRow, ViewChange, ViewStore } from "./ports/viewStore.ts"
