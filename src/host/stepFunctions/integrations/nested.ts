import { AwsError, type Json, type JsonObject } from "../../host.ts"
import { objectOf, textOf } from "../../json.ts"
import type { Execution } from "../execution.ts"
import { StateFailure } from "../language/failure.ts"
import { rolePrincipal } from "../stateMachine.ts"
import type { Call } from "../surroundings.ts"

/** What a task needs of the room to start executions of its own. */
export interface Nesting {
  /** Throws AwsError as StartExecution does. */
  start(by: ReturnType<typeof rolePrincipal>, input: JsonObject): Execution
  /** The execution once it has ended. */
  ended(executionArn: string, signal: AbortSignal): Promise<Execution>
  /** Ends an execution whose task was ended. */
  stop(executionArn: string): void
}

export type NestedPattern = "response" | "token" | "sync" | "sync:2"

const suffixes: Record<NestedPattern, string> = {
  response: "",
  token: ".waitForTaskToken",
  sync: ".sync",
  "sync:2": ".sync:2",
}

/** `states:startExecution`, which with `.sync` waits for the end; `.sync:2` gives input and output as JSON instead of text. */
export const nestedCall = (nesting: Nesting, pattern: NestedPattern): Call => ({
  resourceType: "states",
  resource: `startExecution${suffixes[pattern]}`,
  waitsForToken: pattern === "token",
  ask: async ({ around, parameters, signal, submitted }) => {
    const { StateMachineArn, Name, Input } = objectOf(parameters)
    const started = asStateFailure(() =>
      nesting.start(rolePrincipal(around.machine), {
        stateMachineArn: StateMachineArn ?? "",
        ...(Name !== undefined && { name: Name }),
        ...(Input !== undefined && { input: textOf(Input) ?? JSON.stringify(Input) }),
      }),
    )
    const answer = { ExecutionArn: started.arn, StartDate: timeOf(started.startedAt) }
    if (pattern === "response" || pattern === "token") return answer
    submitted(answer)
    const stop = () => nesting.stop(started.arn)
    signal.addEventListener("abort", stop, { once: true })
    const ended = await nesting.ended(started.arn, signal).finally(() => signal.removeEventListener("abort", stop))
    const described = describe(ended, pattern === "sync:2")
    if (ended.status === "SUCCEEDED") return described
    throw new StateFailure("States.TaskFailed", JSON.stringify(described))
  },
})

const timeOf = (ms: number) => new Date(ms).toISOString()

function describe(execution: Execution, isJson: boolean): JsonObject {
  const { arn, name, machineArn, status, input, output, error, cause, startedAt, stoppedAt } = execution
  const shown = (text: string): Json => (isJson ? JSON.parse(text) : text)
  return {
    ...(cause !== undefined && { Cause: cause }),
    ...(error !== undefined && { Error: error }),
    ExecutionArn: arn,
    Input: shown(input),
    InputDetails: { Included: true },
    Name: name,
    ...(output !== undefined && { Output: shown(output), OutputDetails: { Included: true } }),
    StartDate: timeOf(startedAt),
    StateMachineArn: machineArn,
    Status: status,
    StopDate: timeOf(stoppedAt ?? startedAt),
  }
}

function asStateFailure<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const isDenied = error.code === "AccessDeniedException"
    const name = isDenied ? "AWSStepFunctionsException" : `${error.code}Exception`
    const cause = `${error.message} (Service: AWSStepFunctions; Status Code: ${error.status}; Error Code: ${error.code}; Proxy: null)`
    throw new StateFailure(`StepFunctions.${name}`, cause, isDenied)
  }
}
