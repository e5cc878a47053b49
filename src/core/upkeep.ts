import type { AnyProjection } from "./projection.ts"
import type { AnyView, RowKey } from "./view.ts"

/** How what a view holds of one stream, or a projection row, differs from a fold of the events from scratch. */
export interface Difference {
  /** Stored name of the view or projection. */
  readonly view: string
  /** The stream that the row is from; for a projection row, one of them. */
  readonly stream: string
  readonly kind:
    | "missing"
    | "extra"
    | "different"
    /** Not yet as new as the stream: on its way, or lost. */
    | "behind"
    /** Newer than the stream, as after a restore of the event store. */
    | "ahead"
    /** The stream cannot be folded. */
    | "unfoldable"
  /** Fields that differ; never their values. */
  readonly fields?: readonly string[]
}

/** What a check of some streams found and did. */
export interface Checked {
  readonly streams: number
  /** Rows looked at. */
  readonly rows: number
  /** Rows written or removed. */
  readonly written: number
  readonly differences: readonly Difference[]
}

/** How far a sweep over the streams of a view has come. */
export interface Cursor {
  /** Aggregate by its place in the view's sources. */
  readonly source: number
  readonly shard: number
  /** The last stream that was looked at there. */
  readonly after?: string
}

/** What a rebuild will cost about; dollars are AWS's on-demand prices in us-east-1. */
export interface Estimate {
  readonly streams: number
  readonly events: number
  readonly readUnits: number
  readonly writeUnits: number
  readonly dollars: number
}

/** A rebuild as it stands; kept between its slices. */
export interface Rebuild {
  readonly view: string
  readonly dryRun: boolean
  readonly status: "RUNNING" | "PAUSED" | "DONE"
  readonly cursor?: Cursor
  readonly estimate: Estimate
  readonly streams: number
  readonly rows: number
  readonly written: number
  /** How many differences there were of each kind. */
  readonly found: Readonly<Record<string, number>>
  /** The first of them. */
  readonly samples: readonly Difference[]
  readonly startedAt: string
  readonly updatedAt: string
}

/** A source record by where it stands. */
export interface SourceVersion {
  readonly stream: string
  /** Stored name of the view or projection. */
  readonly view: string
  readonly version: number
}

/** What upkeep keeps beside the rows of the views. */
export interface UpkeepStore {
  rebuild(view: string): Promise<Rebuild | undefined>
  saveRebuild(rebuild: Rebuild): Promise<void>
  /** Some source records, in no order; `next` leads on. */
  sourceVersions(next?: string): Promise<{ readonly records: readonly SourceVersion[]; readonly next?: string }>
  /** Remembers a forgotten subject where a restore of the other stores does not lose it. */
  addForgotten(subject: string, at: string): Promise<void>
  /** Their names in order, after `after`. */
  forgotten(after?: string): AsyncIterable<string>
}

/** A command whose events are, or were, in the event store. */
export interface Committed {
  readonly stream: string
  /** Idempotency key. */
  readonly key: string
  /** Of its last event. */
  readonly version: number
  readonly commandId: string
  readonly traceId: string
}

/** Commands that the outbox still knows. */
export interface CommittedCommands {
  /** Some of them, in no order; `next` leads on. */
  page(next?: string): Promise<{ readonly commands: readonly Committed[]; readonly next?: string }>
  /** Forgets that the command was decided: sent again, it takes effect. */
  undo(command: Committed): Promise<void>
}

/** A view or a projection: what can be rebuilt. */
export type Built =
  | { readonly kind: "view"; readonly view: AnyView }
  | { readonly kind: "projection"; readonly projection: AnyProjection }

/** A projection row computed anew; what it had heard of its streams stays, but for those that are set back. */
export interface ProjectionRewrite {
  readonly projection: string
  readonly key: RowKey
  /** undefined: the row goes. */
  readonly row: Readonly<Record<string, unknown>> | undefined
  readonly revision: number
  readonly streams: number
  /** Streams that had been heard of further than they are. */
  readonly setBack: readonly { readonly stream: string; readonly from: number; readonly to: number }[]
}
