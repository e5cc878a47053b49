import type { CommandInfo } from "../message.ts"
import type { ReceiptStatus, RejectionReport } from "../outcome.ts"

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
