import type { ReceiptStatus } from "./outcome.ts"
import type { ReceiptMove } from "./ports.ts"

/** Reads where commands stand. */
export interface Receipts {
  /** Strongly consistent; undefined while nothing is known of the command. */
  status(command: Pick<ReceiptMove, "actor" | "commandId" | "tenant">): Promise<ReceiptStatus | undefined>
}
