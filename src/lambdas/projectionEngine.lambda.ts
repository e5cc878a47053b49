import type { EventBridgeEvent } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { cloudEventToEvent } from "../core/cloudEvent.ts"
import type { CloudEvent } from "../core/ports.ts"
import { compute } from "../core/run/compute.ts"
import { HistoryQuestion, history } from "../core/run/history.ts"
import { project } from "../core/run/project.ts"
import { eventStore, now, pause, track, viewStore } from "./adapters.ts"
import { busMessage } from "./busMessage.ts"

interface Question {
  /** `history`, or the name of a computed query. */
  readonly question: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** Id of the support person, as the resolver knows it. */
  readonly actor: string
}

/** Keeps the projections, and answers the queries that need computing. */
export async function handler(message: EventBridgeEvent<string, CloudEvent> | Question): Promise<unknown> {
  if ("question" in message) return answer(message)
  const { event } = await busMessage(message)
  return project(
    { app, events: eventStore(), views: viewStore(), track: track(), now, pause },
    cloudEventToEvent(event),
  )
}

async function answer({ question, arguments: asked, actor }: Question): Promise<unknown> {
  if (question !== "history") return compute(app, viewStore(), question, asked, now())
  return history(app, eventStore(), HistoryQuestion.parse(asked), { actor, now: now() })
}
