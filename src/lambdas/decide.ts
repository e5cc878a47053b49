import type { EventBridgeEvent } from "aws-lambda"
import { logger } from "../adapters/powertools/logger.ts"
import { app } from "../contexts/index.ts"
import { cloudEventToCommand } from "../core/cloudEvent.ts"
import type { CloudEvent } from "../core/ports.ts"
import { noteRepeat } from "../core/run/noteRepeat.ts"
import { decideOrPark } from "../core/run/park.ts"
import { eventStore, hash, now, parking, pause, reducerHash, track } from "./adapters.ts"
import { logged } from "./logged.ts"

type Vault = Pick<Parameters<typeof decideOrPark>[0], "vault">

/**
 * Decides one command, or lets it wait behind a stream that cannot be folded. What it throws is retried by Lambda and then turned
 * into an outcome by the caretaker. Only the decider of a context with values for the vault may put some in.
 */
export const decider = (vault: Vault = {}) =>
  logged(async ({ detail }: EventBridgeEvent<string, CloudEvent>): Promise<void> => {
    const request = cloudEventToCommand(detail)
    const handled = await decideOrPark(
      { app, events: eventStore(), parking: parking(), hash, reducerHash, now, pause, ...vault },
      request,
    )
    const { status } = handled.outcome
    const { traceId, commandId } = request.info
    if (status === "PARKED" || status === "FAILED")
      logger.warn("a command was not decided", { status, traceId, commandId })
    await noteRepeat({ track: track(), now }, request, handled)
  })
