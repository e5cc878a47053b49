import type { Host, Json } from "../host.ts"
import type { Execution } from "./execution.ts"
import type { StateMachine } from "./stateMachine.ts"
import type { TaskTokens } from "./tokens.ts"

/** What every state of one execution shares. */
export interface Surroundings {
  readonly host: Host
  readonly machine: StateMachine
  readonly execution: Pick<Execution, "arn" | "name" | "input" | "startedAt">
  readonly tokens: TaskTokens
  readonly callOf: (resource: string) => Promise<Call | undefined>
}

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
