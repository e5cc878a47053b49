import type { EventBridgeEvent } from "aws-lambda"
import { app } from "../contexts/index.ts"
import type { BusMessage, CloudEvent } from "../core/ports.ts"
import { trackMessage } from "../core/run/trackMessage.ts"
import { push, track } from "./adapters.ts"

const channelOf = (source: string) => source.slice("foldline.".length) as BusMessage["channel"]

/** Registers every message on the bus; pushes the step when somebody watches its trace. Sealed values stay sealed. */
export async function handler({ source, detail }: EventBridgeEvent<string, CloudEvent>): Promise<void> {
  await push()({ step: await trackMessage(app, track(), { channel: channelOf(source), event: detail }) })
}
