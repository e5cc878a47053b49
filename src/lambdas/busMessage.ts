import type { EventBridgeEvent } from "aws-lambda"
import type { BusMessage, CloudEvent } from "../core/ports.ts"
import { cipher } from "./adapters.ts"

const channels = {
  "foldline.actor": "actor",
  "foldline.domain": "domain",
  "foldline.outcome": "outcome",
  "foldline.replay": "replay",
} as const

/** A message as EventBridge delivers it, personal values opened. Throws when it comes from elsewhere. */
export async function busMessage({ source, detail }: EventBridgeEvent<string, CloudEvent>): Promise<BusMessage> {
  const channel = channels[source as keyof typeof channels]
  if (channel === undefined) throw new Error(`a message from ${source} is not ours`)
  return { channel, event: (await cipher().open(JSON.stringify(detail))) as CloudEvent }
}
