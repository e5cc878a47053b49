import type { AppSyncResolverEvent, EventBridgeEvent } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { cloudEventToEvent } from "../core/cloudEvent.ts"
import type { CloudEvent } from "../core/ports.ts"
import { type HistoryQuestion, history } from "../core/run/history.ts"
import { project } from "../core/run/project.ts"
import { eventStore, now, pause, track, viewStore } from "./adapters.ts"
import { busMessage } from "./busMessage.ts"

type Question = { readonly question: "history"; readonly arguments: HistoryQuestion }

/** Keeps the projections, and answers the queries that need computing. */
export async function handler(
  message: EventBridgeEvent<string, CloudEvent> | Question | AppSyncResolverEvent<HistoryQuestion>,
): Promise<unknown> {
  if ("question" in message) return history(app, eventStore(), message.arguments)
  if (!("detail" in message)) return history(app, eventStore(), message.arguments)
  const { event } = await busMessage(message)
  return project(
    { app, events: eventStore(), views: viewStore(), track: track(), now, pause },
    cloudEventToEvent(event),
  )
}
