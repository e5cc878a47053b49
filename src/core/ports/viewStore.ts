import type { ProjectionRewrite } from "../upkeep.ts"
import type { RowKey } from "../view.ts"

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
