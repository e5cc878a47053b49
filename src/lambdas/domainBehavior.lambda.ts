import type { EventBridgeEvent } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { cloudEventToCommand } from "../core/cloudEvent.ts"
import type { CloudEvent } from "../core/ports.ts"
import { decideOrPark } from "../core/run/park.ts"
import { eventStore, hash, now, parking, pause, reducerHash, track } from "./adapters.ts"

/** Decides one command, or lets it wait behind a stream that cannot be folded. What it throws is retried by Lambda and then turned into an outcome by the caretaker. */
export async function handler({ detail }: EventBridgeEvent<string, CloudEvent>): Promise<void> {
  const request = cloudEventToCommand(detail)
  const { duplicate, outcome } = await decideOrPark(
    { app, events: eventStore(), parking: parking(), hash, reducerHash, now, pause },
    request,
  )
  if (!duplicate) return
  const { info } = request
  await track().markDuplicate(info)
  await track().record([
    {
      traceId: info.traceId,
      step: "alreadyProcessed",
      causeId: info.id,
      component: request.type,
      at: now(),
      actor: info.actor.id,
      commandId: info.commandId,
      message: `already processed: ${outcome.status}`,
    },
  ])
}
