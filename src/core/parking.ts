import type { CommandRequest } from "./message.ts"
import type { Decided } from "./outcome.ts"

/** What stands where a stream's next event would: nothing is decided on the stream until it is released. */
export interface Marker {
  readonly stream: string
  /** The version that it occupies. */
  readonly version: number
  /** The same text for the same fault, whatever the stream. */
  readonly cause: string
  /** ISO time. */
  readonly at: string
  /** How many commands have come to wait so far. */
  readonly arrived: number
}

/** A command that waits behind a stream; a row of the outbox, so that its sender and support hear of it. */
export interface Waiting extends Omit<Decided, "outcome"> {
  readonly outcome: { readonly status: "PARKED"; readonly reason: string }
  /** The stream that it waits for: its own, or one that says what its sender may do. */
  readonly behind: string
  readonly payloadHash: string
  /** As it arrived, what is personal or secret in it wrapped by `about`. */
  readonly request: CommandRequest
}

/** A row of the outbox: a command that was decided, or one that waits. */
export type OutboxRow = Decided | Waiting

/** A first arrival of a waiting command, by what tells repeats and misuse of its id apart. */
export interface FirstArrival {
  readonly messageId: string
  readonly payloadHash: string
}

export type WaitResult =
  | { readonly status: "waits" }
  /** A command of this id waits already. */
  | ({ readonly status: "repeated" } & FirstArrival)
  /** The marker is not there any more, others came first, or the command was decided meanwhile. */
  | { readonly status: "moved" }
  /** Throttled, or in the way of another transaction; nothing was written. */
  | { readonly status: "busy" }

/** Streams that are set aside, each with the commands that wait behind it in order of arrival. */
export interface Parking {
  /** Sets a stream aside at its next version; `moved` when something stands there. */
  park(marker: Marker): Promise<"parked" | "moved">
  /** The stream's marker; strongly consistent. */
  find(stream: string): Promise<Marker | undefined>
  /** Lets a command that is not decided wait as the next behind `marker`; together with the marker's count or not at all. */
  wait(marker: Marker, waiting: Waiting): Promise<WaitResult>
  /** Everything that waits behind a stream, first come first. */
  waiting(stream: string): Promise<readonly Waiting[]>
  /** Takes a command out of the queue; one that has left is fine. */
  leave(waiting: Waiting): Promise<void>
  /** Removes the marker; `moved` when a command came meanwhile. */
  release(marker: Marker): Promise<"released" | "moved">
  /** Markers, some pages long; `nextToken` leads on. */
  markers(limit: number, nextToken?: string): Promise<{ markers: readonly Marker[]; nextToken?: string }>
}
