import type { Json } from "../../host.ts"
import type { Step } from "../execution.ts"
import type { Dialect, Frame, Left } from "../language/dialect.ts"
import type { Line } from "./line.ts"

/** One state at work. */
export interface Running {
  readonly line: Line
  readonly frame: Frame
  readonly dialect: Dialect
  readonly step: Step
  /** Runs the states inside of this one. */
  inner(line: Line, input: Json): Promise<Json>
}

/** What a state leaves, and the state that follows; none after the last one. */
export interface Outcome {
  readonly left: Left
  readonly next: string | undefined
}
