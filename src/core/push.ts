import type { ReceiptMove, TraceStep } from "./ports.ts"

/** Rows of a live view have changed in a scope: the first field of their key. */
export interface ViewNotice {
  readonly view: string
  readonly scope: string
  readonly key: string
  readonly version: number
  readonly gone: boolean
}

/** What subscribers may wait for. */
export interface News {
  readonly receipt?: ReceiptMove & { readonly duplicate?: boolean }
  readonly changes?: readonly ViewNotice[]
  readonly step?: TraceStep
}

/** Tells subscribers; what nobody waits for goes nowhere. */
export type Push = (news: News) => Promise<void>

/** What a subscription is about: "receipt", "trace" or the name of a view, within a scope. */
export interface Topic {
  readonly scope: string
  readonly kind: string
}

/** Who waits for what, as subscriptions noted it. */
export interface Watchers {
  /** Those of the topics that somebody watches, or that could not be looked up. */
  watched(topics: readonly Topic[]): Promise<ReadonlySet<Topic>>
}
