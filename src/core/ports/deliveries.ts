import type { OutboxRow } from "../parking.ts"
import type { BusMessage } from "./bus.ts"
import type { OutboxKey } from "./outbox.ts"

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
