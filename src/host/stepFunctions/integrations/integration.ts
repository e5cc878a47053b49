import type { Json } from "../../host.ts"
import type { Surroundings } from "../states/line.ts"

/** What a Task state asks of a service. */
export interface Asked {
  readonly around: Surroundings
  readonly parameters: Json
  readonly signal: AbortSignal
  /** Notes that the service took the task, whose end is waited for. */
  submitted(output: Json): void
}

/** How the `Resource` of a Task state is called. */
export interface Call {
  /** As the history names it: `lambda` and `invoke.waitForTaskToken`. */
  readonly resourceType: string
  readonly resource: string
  readonly isFunctionArn?: boolean
  readonly waitsForToken: boolean
  /** Throws StateFailure with the service's error. */
  ask(asked: Asked): Promise<Json>
}
