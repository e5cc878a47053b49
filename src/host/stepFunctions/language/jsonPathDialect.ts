import type { Json } from "../../host.ts"
import { objectOf, textOf } from "../../json.ts"
import { holds } from "./choice.ts"
import type { Dialect, Frame } from "./dialect.ts"
import { runtimeFailure, StateFailure } from "./failure.ts"
import { evaluate } from "./intrinsics.ts"
import { find, need, withResult } from "./path.ts"
import type { Scope } from "./scope.ts"
import { fillTemplate } from "./template.ts"

/** Expressions by paths: InputPath, Parameters, ResultSelector, ResultPath, OutputPath. */
export const jsonPathDialect: Dialect = {
  input: async frame => through(frame, frame.state.InputPath, frame.input, "InputPath"),

  payload: async (frame, input) => {
    const { Parameters } = frame.state
    return Parameters === undefined ? input : fillTemplate(Parameters, seen(frame, input))
  },

  field: async (frame, input, name) => {
    const path = textOf(objectOf(frame.state as Json)[`${name}Path`])
    return path === undefined
      ? (frame.state[name] as Json | undefined)
      : evaluate(path, seen(frame, input), `${name}Path`)
  },

  filled: async (frame, input, template) => fillTemplate(template, seen(frame, input)),

  items: async (frame, input) => {
    const { ItemsPath = "$" } = frame.state
    const items = find(ItemsPath, seen(frame, input))
    if (Array.isArray(items)) return items
    if (items !== undefined) throw runtimeFailure(`The items of the map state are no array: ${JSON.stringify(items)}`)
    const step = ItemsPath.split(".").at(-1)
    throw new StateFailure(
      "States.ReferencePathConflict",
      `Unable to apply step "${step}" to input ${JSON.stringify(input)}`,
    )
  },

  holds: async (frame, input, rule) => holds(rule, seen(frame, input)),

  left: async (frame, input, result, rule) => {
    const { ResultSelector, ResultPath = "$", OutputPath, Type } = frame.state
    const selected = ResultSelector === undefined ? result : fillTemplate(ResultSelector, seen(frame, result))
    const hasResult = ["Pass", "Task", "Parallel", "Map"].includes(Type)
    const combined = hasResult ? withResult(frame.input, ResultPath, selected) : input
    const { Assign } = rule ?? frame.state
    return {
      output: through(frame, OutputPath, combined, "OutputPath"),
      assigned: assigned(Assign, seen(frame, hasResult && Type !== "Pass" ? selected : input)),
    }
  },

  caught: async (frame, { ResultPath = "$", Assign }, failure) => ({
    output: withResult(frame.input, ResultPath, failure),
    assigned: assigned(Assign, seen(frame, failure)),
  }),
}

const seen = ({ context, variables }: Frame, input: Json): Scope => ({ input, context, variables })

const assigned = (assign: Json | undefined, scope: Scope) =>
  assign === undefined ? {} : objectOf(fillTemplate(assign, scope))

function through(frame: Frame, path: string | null | undefined, value: Json, field: string): Json {
  if (path === undefined || path === "$") return value
  return path === null ? {} : need(path, seen(frame, value), field)
}
