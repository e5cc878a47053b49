import type { Json, JsonObject } from "../../host.ts"
import { included } from "../history.ts"
import type { Frame } from "../language/dialect.ts"
import { runtimeFailure, StateFailure } from "../language/failure.ts"
import type { Call } from "../surroundings.ts"
import { orEnded, pause } from "./line.ts"
import type { Outcome, Running } from "./running.ts"

/** Asks a service, and waits for its answer, or for somebody to answer the task's token. */
export async function taskState(running: Running): Promise<Outcome> {
  const { line, dialect, step } = running
  const { around } = line
  const { Resource = "", Next } = running.frame.state
  const call = await around.callOf(Resource)
  if (call === undefined) throw runtimeFailure(`This host has no task ${Resource}`)

  const token = step.token ?? around.tokens.make(around.execution.arn)
  const frame = call.waitsForToken ? withToken(running.frame, token) : running.frame
  const input = await dialect.input(frame)
  const parameters = await dialect.payload(frame, input)
  const limits = {
    timeout: await seconds(running, input, "TimeoutSeconds"),
    heartbeat: await seconds(running, input, "HeartbeatSeconds"),
  }

  const events = eventsOf(call, running, parameters, limits)
  events.scheduled()
  const stop = new AbortController()
  const signal = AbortSignal.any([line.signal, stop.signal])
  const waiting = call.waitsForToken ? around.tokens.wait(token, () => beat()) : undefined
  let heart = new AbortController()
  const late = (limit: number, error: string, until: AbortSignal) =>
    pause(around.host.clock, limit * 1_000, until).then(
      () => stop.abort(new StateFailure(error, "")),
      () => {},
    )
  const beat = () => {
    heart.abort()
    heart = new AbortController()
    if (limits.heartbeat !== undefined)
      void late(limits.heartbeat, "States.HeartbeatTimeout", AbortSignal.any([signal, heart.signal]))
  }

  const answer = async (): Promise<Json> => {
    const asked = { around, parameters, signal, submitted: events.submitted }
    if (waiting === undefined) return call.ask(asked)
    // A task that an earlier run of the host asked only waits for its answer.
    if (step.token === undefined) {
      events.submitted(await call.ask(asked))
      line.keep?.({ ...step, token })
    }
    return waiting.answer
  }

  if (limits.timeout !== undefined) void late(limits.timeout, "States.Timeout", signal)
  beat()
  try {
    const result = await orEnded(answer(), signal)
    events.succeeded(result)
    return { left: await dialect.left(frame, input, result), next: Next }
  } catch (error) {
    if (error instanceof StateFailure && !line.signal.aborted) events.failed(error)
    throw error
  } finally {
    waiting?.forget()
    heart.abort()
    stop.abort()
  }
}

function withToken(frame: Frame, token: string): Frame {
  return { ...frame, context: { ...frame.context, Task: { Token: token } } }
}

async function seconds({ frame, dialect }: Running, input: Json, name: "TimeoutSeconds" | "HeartbeatSeconds") {
  const value = await dialect.field(frame, input, name)
  if (value === undefined || (typeof value === "number" && value > 0)) return value
  throw runtimeFailure(`The ${name} of the task is no positive number: ${JSON.stringify(value)}`)
}

interface Limits {
  readonly timeout: number | undefined
  readonly heartbeat: number | undefined
}

/** What the history tells of a task: a function by its ARN has events of its own. */
function eventsOf(call: Call, { line, frame }: Running, parameters: Json, { timeout, heartbeat }: Limits) {
  const { trail, around } = line
  const { resourceType, resource } = call
  const limits: JsonObject = {
    ...(timeout !== undefined && { timeoutInSeconds: timeout }),
    ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
  }
  const failed = ({ error, cause }: StateFailure, kind: string, more: JsonObject) => {
    const isLate = error === "States.Timeout" || error === "States.HeartbeatTimeout"
    trail.record(`${kind}${isLate ? "TimedOut" : "Failed"}`, { ...more, error, cause })
  }
  if (call.isFunctionArn)
    return {
      scheduled: () => {
        trail.record("LambdaFunctionScheduled", {
          resource: frame.state.Resource ?? "",
          ...included("input", parameters),
          ...limits,
        })
        trail.record("LambdaFunctionStarted")
      },
      submitted: () => {},
      succeeded: (output: Json) => trail.record("LambdaFunctionSucceeded", included("output", output)),
      failed: (failure: StateFailure) => failed(failure, "LambdaFunction", {}),
    }
  const what = { resourceType, resource }
  return {
    scheduled: () => {
      const { region } = around.host
      trail.record("TaskScheduled", { ...what, region, parameters: JSON.stringify(parameters), ...limits })
      trail.record("TaskStarted", what)
    },
    submitted: (output: Json) => trail.record("TaskSubmitted", { ...what, ...included("output", output) }),
    succeeded: (output: Json) => trail.record("TaskSucceeded", { ...what, ...included("output", output) }),
    failed: (failure: StateFailure) => failed(failure, "Task", what),
  }
}
