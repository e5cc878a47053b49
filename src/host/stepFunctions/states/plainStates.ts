import type { Json } from "../../host.ts"
import { textOf } from "../../json.ts"
import { timestampOf } from "../language/choice.ts"
import { runtimeFailure, StateFailure } from "../language/failure.ts"
import { pause } from "./line.ts"
import type { Outcome, Running } from "./running.ts"

/** Passes its input, its parameters or its fixed result on. */
export async function passState({ frame, dialect }: Running): Promise<Outcome> {
  const input = await dialect.input(frame)
  const result = frame.state.Result ?? (await dialect.payload(frame, input))
  return { left: await dialect.left(frame, input, result), next: frame.state.Next }
}

/** Goes where its first rule that holds says. */
export async function choiceState({ frame, dialect }: Running): Promise<Outcome> {
  const input = await dialect.input(frame)
  const { Choices = [], Default } = frame.state
  for (const rule of Choices)
    if (await dialect.holds(frame, input, rule))
      return { left: await dialect.left(frame, input, input, rule), next: String(rule.Next) }
  if (Default === undefined)
    throw new StateFailure("States.NoChoiceMatched", "No rule of the choice state holds, and it has no Default.")
  return { left: await dialect.left(frame, input, input), next: Default }
}

const waitSecondsMax = 99_999_999

/** Waits by the host's clock, from when the state was entered. */
export async function waitState({ line, frame, dialect, step }: Running): Promise<Outcome> {
  const input = await dialect.input(frame)
  const { clock } = line.around.host
  const seconds = await dialect.field(frame, input, "Seconds")
  const until = await dialect.field(frame, input, "Timestamp")
  const due = until === undefined ? step.enteredAt + 1_000 * secondsOf(seconds) : timeOf(until)
  await pause(clock, Math.max(0, due - clock.now()), line.signal)
  return { left: await dialect.left(frame, input, input), next: frame.state.Next }
}

function secondsOf(value: Json | undefined): number {
  if (typeof value === "number" && value >= 0 && value <= waitSecondsMax) return value
  throw runtimeFailure(
    `The Seconds of the wait state must be a number from 0 to ${waitSecondsMax}, not ${JSON.stringify(value)}`,
  )
}

function timeOf(value: Json): number {
  const time = timestampOf(value)
  if (time === undefined)
    throw runtimeFailure(`The Timestamp of the wait state is no ISO 8601 time: ${JSON.stringify(value)}`)
  return time
}

/** Ends its line with its input. */
export async function succeedState({ frame, dialect }: Running): Promise<Outcome> {
  const input = await dialect.input(frame)
  return { left: await dialect.left(frame, input, input), next: undefined }
}

/** Ends its line with the error and the cause that it says. */
export async function failState({ frame, dialect }: Running): Promise<Outcome> {
  const input = await dialect.input(frame)
  const error = textOf(await dialect.field(frame, input, "Error"))
  const cause = textOf(await dialect.field(frame, input, "Cause"))
  throw new StateFailure(error ?? "", cause ?? "")
}
