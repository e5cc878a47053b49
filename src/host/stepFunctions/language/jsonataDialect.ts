import type { Json, JsonObject } from "../../host.ts"
import { objectOf } from "../../json.ts"
import type { Dialect, Frame } from "./dialect.ts"
import { StateFailure } from "./failure.ts"
import { evaluateJsonata, isExpression } from "./jsonata.ts"

/** Expressions by JSONata between `{%` and `%}`: Arguments, Output, Assign. */
export const jsonataDialect: Dialect = {
  input: async ({ input }) => input,

  payload: async (frame, input) => {
    const { Arguments } = frame.state
    return Arguments === undefined ? input : fill(frame, {}, Arguments, "Arguments")
  },

  field: async (frame, _, name) => {
    const value = frame.state[name] as Json | undefined
    return value === undefined ? undefined : fill(frame, {}, value, name)
  },

  filled: (frame, _, template, field) => fill(frame, {}, template, field),

  items: async (frame, input) =>
    frame.state.Items === undefined ? input : fill(frame, {}, frame.state.Items, "Items"),

  holds: async (frame, _, { Condition = null }) => {
    const value = await fill(frame, {}, Condition, "Condition")
    if (typeof value === "boolean") return value
    throw new StateFailure("States.QueryEvaluationError", `The Condition ${JSON.stringify(Condition)} is no boolean`)
  },

  left: async (frame, input, result, rule) => {
    const hasResult = ["Task", "Parallel", "Map"].includes(frame.state.Type)
    const states = hasResult ? { result } : {}
    const { Output, Assign } = rule ?? frame.state
    const whole = hasResult ? result : input
    return {
      output: Output === undefined ? whole : await fill(frame, states, Output, "Output"),
      assigned: Assign === undefined ? {} : objectOf(await fill(frame, states, Assign, "Assign")),
    }
  },

  caught: async (frame, { Output, Assign }, errorOutput) => ({
    output: Output === undefined ? errorOutput : await fill(frame, { errorOutput }, Output, "Output"),
    assigned: Assign === undefined ? {} : objectOf(await fill(frame, { errorOutput }, Assign, "Assign")),
  }),
}

/** The value with each of its expressions evaluated. */
async function fill(frame: Frame, states: JsonObject, value: Json, field: string): Promise<Json> {
  if (typeof value === "string") {
    if (!isExpression(value)) return value
    const { input, context, variables } = frame
    return evaluateJsonata(value, { ...variables, states: { input, context, ...states } }, `${field} of ${frame.name}`)
  }
  if (Array.isArray(value)) return Promise.all(value.map(item => fill(frame, states, item, field)))
  if (typeof value !== "object" || value === null) return value
  const members = Object.entries(value).map(async ([name, member]) => [name, await fill(frame, states, member, field)])
  return Object.fromEntries(await Promise.all(members))
}
