import type { EventBridgeEvent } from "aws-lambda"
import { signedGraphql } from "../adapters/appsync/client.ts"
import { appsyncPush } from "../adapters/appsync/push.ts"
import { required } from "../adapters/environment.ts"
import { app } from "../contexts/index.ts"
import type { BusMessage, CloudEvent } from "../core/ports.ts"
import { trackMessage } from "../core/run/trackMessage.ts"
import { track } from "./adapters.ts"

const push = appsyncPush(signedGraphql(required("API_URL")))
const channelOf = (source: string) => source.slice("foldline.".length) as BusMessage["channel"]

/** Registers every message on the bus; pushes the step when somebody watches its trace. Sealed values stay sealed. */
export async function handler({ source, detail }: EventBridgeEvent<string, CloudEvent>): Promise<void> {
  const step = await trackMessage(app, track(), { channel: channelOf(source), event: detail })
  if (await track().watched(step.traceId)) await push.step(step)
}
