import type { StoredEvent } from "./aggregate.ts"
import type { CommandInfo } from "./message.ts"

/** Why a command was refused, as its sender reads it. */
export interface RejectionReport {
  readonly code: string
  readonly message: string
  /** The input field concerned, such as `email` or `address.city`. */
  readonly path?: string
}

/** How a command ended. */
export type Outcome =
  /** Its events (none: it was already so) are in the store. */
  | { readonly status: "COMMITTED"; readonly version: number; readonly eventCount: number }
  /** The domain refused it; `version` is the state that it was judged by. */
  | { readonly status: "REJECTED"; readonly version: number; readonly rejection: RejectionReport }
  /** It could not be decided; nothing was written but this. */
  | { readonly status: "FAILED"; readonly reason: string }

/** Where a command stands, as its sender sees it. */
export type ReceiptStatus = "ACCEPTED" | "COMMITTED" | "PARKED" | "PROJECTED" | "REJECTED" | "FAILED"

/** A receipt only moves to a higher rank. PARKED leads on to any other but ACCEPTED and COMMITTED. */
export const receiptRank: Readonly<Record<ReceiptStatus, number>> = {
  ACCEPTED: 0,
  COMMITTED: 1,
  PARKED: 2,
  PROJECTED: 3,
  REJECTED: 3,
  FAILED: 3,
}

/** Refusals of the kernel itself, beside those of the domain. */
export const kernelRejections = {
  Invalid: "The input is not valid.",
  NotAuthorized: "You may not do this.",
  VersionConflict: "It has changed since the version that you expected.",
  CommandIdReused: "This command id was used before with another input.",
  TooLarge: "This would write more than one transaction may hold.",
  SubjectForgotten: "It speaks of a person or an address that was forgotten for good.",
  TooManyHops: "The chain of automations behind this command is too long.",
} as const

/** One command as decided: the row of the transactional outbox. */
export interface Decided {
  readonly stream: string
  /** `<context>.<Command>`. */
  readonly commandType: string
  readonly info: CommandInfo
  readonly outcome: Outcome
  /** ISO time of the decision, for track & trace; the domain's time is `info.time`. */
  readonly decidedAt: string
  readonly events: readonly StoredEvent[]
  /** State after the events; absent when the command was refused or failed. */
  readonly state?: unknown
  /** Set when the command id had been used with another input: the receipt of its first use stays as it is. */
  readonly misuse?: true
}

/** Scope of an idempotency key: one tenant's actor cannot probe another's. */
export const commandKey = (info: CommandInfo) => `${info.tenant}/${info.actor.id}/${info.commandId}`
