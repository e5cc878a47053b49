import type { OutboxRow } from "../parking.ts"

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
