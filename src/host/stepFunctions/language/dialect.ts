import type { Json, JsonObject } from "../../host.ts"
import type { Catcher, ChoiceRule, State } from "../definition.ts"

/** One state that is being run: what it got, and what its expressions see. */
export interface Frame {
  readonly name: string
  readonly state: State
  /** What came in, before any path. */
  readonly input: Json
  readonly context: JsonObject
  readonly variables: JsonObject
}

/** What a state leaves behind: its output, and the variables that it assigned. */
export interface Left {
  readonly output: Json
  readonly assigned: JsonObject
}

/** How the states of a flow write their expressions: JSONPath or JSONata. Everything throws StateFailure. */
export interface Dialect {
  /** What the state works on. */
  input(frame: Frame): Promise<Json>
  /** What a Pass, Task, Parallel or Map state is given to work with. */
  payload(frame: Frame, input: Json): Promise<Json>
  /** The value of a field that may be an expression, such as `Seconds` or `SecondsPath`; undefined when the state has none. */
  field(frame: Frame, input: Json, name: keyof State): Promise<Json | undefined>
  /** A value in which every expression is filled in, such as `BatchInput`. */
  filled(frame: Frame, input: Json, template: Json, field: string): Promise<Json>
  /** What a Map state iterates over. */
  items(frame: Frame, input: Json): Promise<Json>
  /** Does the rule of a Choice state hold? */
  holds(frame: Frame, input: Json, rule: ChoiceRule): Promise<boolean>
  /** What the state leaves with this result; with a rule, what the rule of a Choice state says of it. */
  left(frame: Frame, input: Json, result: Json, rule?: ChoiceRule): Promise<Left>
  /** What the state leaves when a catcher took its failure. */
  caught(frame: Frame, catcher: Catcher, failure: JsonObject): Promise<Left>
}
