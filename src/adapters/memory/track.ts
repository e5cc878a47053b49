import { receiptRank } from "../../core/outcome.ts"
import type { ReceiptMove, TraceStep, Track } from "../../core/ports.ts"
import type { Receipts } from "../../core/receipts.ts"

/** Track & trace in memory. */
export function memoryTrack(): Track &
  Receipts & {
    readonly steps: readonly TraceStep[]
    receipt(actor: string, commandId: string, tenant: string): (ReceiptMove & { duplicate?: boolean }) | undefined
    find(value: string): readonly string[]
    /** Removes every way to find a trace by this text; how many there were. */
    unpoint(text: string): Promise<number>
  } {
  const steps = new Map<string, TraceStep>()
  const receipts = new Map<string, ReceiptMove & { duplicate?: boolean }>()
  const pointers = new Map<string, string[]>()
  const receiptId = (actor: string, commandId: string, tenant: string) => JSON.stringify([actor, commandId, tenant])

  return {
    get steps() {
      return [...steps.values()]
    },
    receipt: (actor, commandId, tenant) => receipts.get(receiptId(actor, commandId, tenant)),
    find: value => pointers.get(value.trim().toLowerCase()) ?? [],
    status: async ({ actor, commandId, tenant }) => receipts.get(receiptId(actor, commandId, tenant))?.status,

    async unpoint(text) {
      const found = pointers.get(text)?.length ?? 0
      pointers.delete(text)
      return found
    },

    async record(recorded, foundBy = []) {
      for (const step of recorded)
        steps.set(JSON.stringify([step.traceId, step.step, step.causeId, step.component, step.attempt ?? 0]), step)
      const traces = recorded.slice(0, 1).map(({ traceId }) => traceId)
      for (const value of foundBy.map(text => text.trim().toLowerCase()))
        pointers.set(value, [...(pointers.get(value) ?? []), ...traces])
    },

    async move(move) {
      const key = receiptId(move.actor, move.commandId, move.misuse ? `${move.tenant}#${move.traceId}` : move.tenant)
      const known = receipts.get(key)
      const repeated = known?.status === move.status && known.traceId === move.traceId
      if (known !== undefined && !repeated && receiptRank[known.status] >= receiptRank[move.status]) return "kept"
      receipts.set(key, { ...known, ...move })
      return "moved"
    },

    async markDuplicate({ actor, commandId, tenant, traceId, time }) {
      const key = receiptId(actor.id, commandId, tenant)
      const first = {
        commandId,
        actor: actor.id,
        tenant,
        traceId,
        status: "ACCEPTED",
        at: time,
        acceptedAt: time,
      } as const
      receipts.set(key, { ...first, ...receipts.get(key), duplicate: true })
    },
  }
}
