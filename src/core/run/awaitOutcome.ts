import type { CommandInfo } from "../message.ts"
import { commandKey, type Outcome, receiptRank } from "../outcome.ts"
import type { EventStore } from "../ports.ts"
import type { Receipts } from "../receipts.ts"
import { report } from "./commitOf.ts"

export interface WaitingPorts {
  readonly events: Pick<EventStore, "recall">
  readonly receipts: Receipts
  /** Waits before look `attempt` (1, 2, …). */
  readonly pause: (attempt: number) => Promise<void>
  /** Is the time over that the caller may wait? */
  readonly expired: () => boolean
}

/**
 * Waits until a command that is on the bus is decided and, when it took effect, until the views over its aggregate show it: who
 * reads next reads the effect. `late`: it was not decided in time, and may still be; the same command sent again is safe.
 */
export async function awaitOutcome(
  ports: WaitingPorts,
  info: CommandInfo,
  payloadHash: string,
): Promise<Outcome | "late"> {
  let decided: Outcome | undefined
  for (let attempt = 1; !ports.expired(); attempt++) {
    decided ??= await recall(ports, info, payloadHash)
    if (decided !== undefined && decided.status !== "COMMITTED") return decided
    if (decided !== undefined && (await isProjected(ports, info))) return decided
    await ports.pause(attempt)
  }
  return decided ?? "late"
}

async function recall({ events }: WaitingPorts, info: CommandInfo, payloadHash: string): Promise<Outcome | undefined> {
  const record = await events.recall(commandKey(info))
  if (record === undefined || record.payloadHash === payloadHash) return record?.outcome
  return { status: "REJECTED", version: 0, rejection: report("CommandIdReused") }
}

async function isProjected({ receipts }: WaitingPorts, { actor, commandId, tenant }: CommandInfo): Promise<boolean> {
  const status = await receipts.status({ actor: actor.id, commandId, tenant })
  return status !== undefined && receiptRank[status] >= receiptRank.PROJECTED
}
