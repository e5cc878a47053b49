import type { CommandRequest } from "../message.ts"
import type { Track } from "../ports.ts"
import type { Handled } from "./handleCommand.ts"
import type { Parked } from "./park.ts"

/** Marks on the receipt and in the trace that a command came again after it had its outcome, or its place among those that wait. */
export async function noteRepeat(
  ports: { readonly track: Pick<Track, "markDuplicate" | "record">; readonly now: () => string },
  { type, info }: CommandRequest,
  { duplicate, outcome }: Handled | Parked,
): Promise<void> {
  if (!duplicate) return
  await ports.track.markDuplicate(info)
  await ports.track.record([
    {
      traceId: info.traceId,
      step: "alreadyProcessed",
      causeId: info.id,
      component: type,
      at: ports.now(),
      actor: info.actor.id,
      commandId: info.commandId,
      message: `already processed: ${outcome.status}`,
    },
  ])
}
