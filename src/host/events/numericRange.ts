import type { Json } from "../host.ts"
import type { Scalar } from "./eventFields.ts"
import { InvalidPattern } from "./invalidPattern.ts"

type Test = (value: number) => boolean

const comparisons: Record<string, (bound: number) => Test> = {
  "=": bound => value => value === bound,
  "<": bound => value => value < bound,
  "<=": bound => value => value <= bound,
  ">": bound => value => value > bound,
  ">=": bound => value => value >= bound,
}

/** Compiles `numeric`: one comparison, or a lower and an upper one. Throws InvalidPattern with EventBridge's reason. */
export function numericMatcher(operand: Json): (value: Scalar) => boolean {
  if (!Array.isArray(operand)) throw new InvalidPattern("Value of numeric must be an array.")
  const [operator, bound, upperOperator, upperBound, ...rest] = operand
  if (typeof operator !== "string") throw new InvalidPattern(`Invalid member in numeric match: ${shown(operator)}`)
  const comparison = comparisons[operator]
  if (!comparison) throw new InvalidPattern(`Unrecognized numeric range operator: ${operator}`)
  const first = comparison(number(bound, operator))
  if (operand.length === 2) return value => typeof value === "number" && first(value)

  if (operator !== ">" && operator !== ">=") throw new InvalidPattern("Too many elements in numeric expression")
  if (typeof upperOperator !== "string") {
    throw new InvalidPattern(`Bad value in numeric range: ${shown(upperOperator)}`)
  }
  if (upperOperator !== "<" && upperOperator !== "<=") {
    throw new InvalidPattern(`Bad numeric range operator: ${upperOperator}`)
  }
  const top = number(upperBound, upperOperator)
  if (rest.length > 0) throw new InvalidPattern("Too many terms in numeric range expression")
  if (typeof bound === "number" && bound >= top) throw new InvalidPattern("Bottom must be less than top")
  const second = upperOperator === "<" ? (value: number) => value < top : (value: number) => value <= top
  return value => typeof value === "number" && first(value) && second(value)
}

function number(bound: Json | undefined, operator: string): number {
  if (typeof bound !== "number") {
    throw new InvalidPattern(`Value of ${operator === "=" ? "equals" : operator} must be numeric`)
  }
  return bound
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "]"
  return typeof value === "object" && value !== null ? (Array.isArray(value) ? "[" : "{") : String(value)
}
