import { setImmediate as turn } from "node:timers/promises"
import type { Json, JsonObject } from "../../host.ts"
import type { Retrier, State } from "../definition.ts"
import type { Step } from "../execution.ts"
import { included } from "../history.ts"
import type { Dialect, Frame } from "../language/dialect.ts"
import { runtimeFailure, StateFailure, takes } from "../language/failure.ts"
import { jsonataDialect } from "../language/jsonataDialect.ts"
import { jsonPathDialect } from "../language/jsonPathDialect.ts"
import { type Line, pause } from "./line.ts"
import { mapState } from "./mapState.ts"
import { parallelState } from "./parallelState.ts"
import { choiceState, failState, passState, succeedState, waitState } from "./plainStates.ts"
import type { Outcome, Running } from "./running.ts"
import { taskState } from "./taskState.ts"

const kinds: Record<State["Type"], (running: Running) => Promise<Outcome>> = {
  Pass: passState,
  Task: taskState,
  Choice: choiceState,
  Wait: waitState,
  Succeed: succeedState,
  Fail: failState,
  Parallel: parallelState,
  Map: mapState,
}

const payloadBytesMax = 262_144

/**
 * Runs states until one is the last, and gives its output. `from` is where an earlier run of the host left off. Throws StateFailure,
 * or the reason of the line's signal.
 */
export async function runLine(line: Line, input: Json, from?: Step): Promise<Json> {
  const { host } = line.around
  let step = from ?? { state: line.flow.StartAt, input, variables: line.variables, enteredAt: host.clock.now() }
  for (let isResumed = from !== undefined; ; isResumed = false) {
    // Lets timers and calls in: states that only compute would keep them out.
    await turn()
    line.signal.throwIfAborted()
    const state = line.flow.States[step.state]
    if (state === undefined) throw runtimeFailure(`The state machine has no state ${step.state}`)
    if (!isResumed)
      line.trail.record(`${state.Type}StateEntered`, { name: step.state, ...included("input", step.input) })
    line.keep?.(step)
    const { left, next } = await runState(line, state, step)
    if (Buffer.byteLength(JSON.stringify(left.output)) > payloadBytesMax)
      throw located(tooLarge(step.state), step.state, line.trail.lastId())
    line.trail.record(`${state.Type}StateExited`, { name: step.state, ...included("output", left.output) })
    if (next === undefined) return left.output
    const variables = { ...step.variables, ...left.assigned }
    step = { state: next, input: left.output, variables, enteredAt: host.clock.now() }
  }
}

/** Runs a state as often as its retriers say, and lets a catcher take what remains of its failure. */
async function runState(line: Line, state: State, entered: Step): Promise<Outcome> {
  const dialect = (state.QueryLanguage ?? line.language) === "JSONata" ? jsonataDialect : jsonPathDialect
  const enteredId = line.trail.lastId()
  const tries = new Map<Retrier, number>()
  let step = entered
  for (let retryCount = 0; ; retryCount++) {
    const frame: Frame = {
      name: step.state,
      state,
      input: step.input,
      context: contextOf(line, step, retryCount),
      variables: step.variables,
    }
    try {
      return await kinds[state.Type](runningOf(line, step, frame, dialect))
    } catch (thrown) {
      line.signal.throwIfAborted()
      const failure = located(failureOf(line, thrown), step.state, enteredId)
      const retryMs = pauseBeforeRetry(state.Retry, failure, tries)
      if (retryMs !== undefined) {
        // The task is asked anew: its old token has had its answer.
        const { token: _, ...anew } = step
        step = anew
        line.keep?.(step)
        await pause(line.around.host.clock, retryMs, line.signal)
        continue
      }
      const catcher = state.Catch.find(({ ErrorEquals }) => takes(ErrorEquals, failure))
      if (catcher === undefined) throw failure
      const left = await dialect.caught(frame, catcher, { Error: failure.error, Cause: failure.cause })
      return { left, next: catcher.Next }
    }
  }
}

function runningOf(line: Line, step: Step, frame: Frame, dialect: Dialect): Running {
  return { line, frame, dialect, step, inner: runLine }
}

/** The context object: `$$`. */
function contextOf({ around, map }: Line, { state, enteredAt }: Step, RetryCount: number): JsonObject {
  const { execution, machine } = around
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input),
      Name: execution.name,
      RoleArn: machine.roleArn,
      StartTime: new Date(execution.startedAt).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
    State: { Name: state, EnteredTime: new Date(enteredAt).toISOString(), RetryCount },
    ...(map !== undefined && { Map: map }),
  }
}

/** How long to wait before the state is tried again; undefined when no retrier takes the failure, or takes it no more. */
function pauseBeforeRetry(
  retriers: readonly Retrier[],
  failure: StateFailure,
  tries: Map<Retrier, number>,
): number | undefined {
  const retrier = retriers.find(({ ErrorEquals }) => takes(ErrorEquals, failure))
  if (retrier === undefined) return undefined
  const tried = tries.get(retrier) ?? 0
  if (tried >= retrier.MaxAttempts) return undefined
  tries.set(retrier, tried + 1)
  const seconds = retrier.IntervalSeconds * retrier.BackoffRate ** tried
  const bounded = Math.min(seconds, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY)
  return bounded * 1_000 * (retrier.JitterStrategy === "FULL" ? Math.random() : 1)
}

function failureOf({ around }: Line, thrown: unknown): StateFailure {
  if (thrown instanceof StateFailure) return thrown
  around.host.log.warn("stepFunctions", thrown instanceof Error ? `${thrown.stack}` : `${thrown}`)
  return runtimeFailure(thrown instanceof Error ? thrown.message : String(thrown))
}

const tooLarge = (state: string) =>
  new StateFailure(
    "States.DataLimitExceeded",
    `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  )

/** Failures of expressions, whose cause names the state. */
const named = [
  "States.Runtime",
  "States.DataLimitExceeded",
  "States.IntrinsicFailure",
  "States.QueryEvaluationError",
  "States.ReferencePathConflict",
  "States.ResultPathMatchFailure",
  "States.NoChoiceMatched",
]

function located(failure: StateFailure, state: string, enteredId: number): StateFailure {
  const opening = "An error occurred while executing the state '"
  if (!named.includes(failure.error) || failure.cause.startsWith(opening)) return failure
  return new StateFailure(
    failure.error,
    `${opening}${state}' (entered at the event id #${enteredId}). ${failure.cause}`,
  )
}
