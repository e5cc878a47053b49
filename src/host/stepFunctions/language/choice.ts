import type { Json } from "../../host.ts"
import { listOf, objectOf } from "../../json.ts"
import type { ChoiceRule } from "../definition.ts"
import { runtimeFailure } from "./failure.ts"
import { find, need } from "./path.ts"
import type { Scope } from "./scope.ts"

/** Does the rule of a Choice state hold? Throws StateFailure States.Runtime when its variable has no value. */
export function holds(rule: ChoiceRule, scope: Scope): boolean {
  if (rule.And !== undefined) return listOf(rule.And).every(inner => holds(objectOf(inner), scope))
  if (rule.Or !== undefined) return listOf(rule.Or).some(inner => holds(objectOf(inner), scope))
  if (rule.Not !== undefined) return !holds(objectOf(rule.Not), scope)
  const variable = String(rule.Variable)
  const [name = "", expected = null] = comparisonOf(rule)
  if (name === "IsPresent") return (find(variable, scope) !== undefined) === expected
  const value = find(variable, scope)
  if (value === undefined)
    throw runtimeFailure(`Invalid path '${variable}': The choice state's condition path references an invalid value.`)
  const test = tests[name.replace(/Path$/, "")]
  if (test === undefined) throw runtimeFailure(`There is no comparison ${name}`)
  const isPath = name.endsWith("Path")
  return test(value, isPath ? need(String(expected), scope, name) : expected)
}

/** The operator of a rule and what it compares with. */
export function comparisonOf(rule: ChoiceRule): [name: string, expected: Json] | [] {
  return Object.entries(rule).find(([name]) => !notOperators.includes(name)) ?? []
}

/** Is this an operator that compares a variable? */
export const isComparison = (name: string): boolean =>
  name === "IsPresent" || tests[name] !== undefined || (tests[name.replace(/Path$/, "")] !== undefined && hasPath(name))

const hasPath = (name: string): boolean =>
  name.endsWith("Path") && !name.startsWith("Is") && name !== "StringMatchesPath"

const notOperators = ["Variable", "Next", "Comment", "Assign", "Output", "Condition"]

type Test = (value: Json, expected: Json) => boolean

const order: Record<string, (difference: number) => boolean> = {
  Equals: difference => difference === 0,
  LessThan: difference => difference < 0,
  GreaterThan: difference => difference > 0,
  LessThanEquals: difference => difference <= 0,
  GreaterThanEquals: difference => difference >= 0,
}

/** A comparison of values of another type is false, not an error. */
const ordered = (kind: string, comparable: (value: Json) => string | number | undefined): [string, Test][] =>
  Object.entries(order).map(([name, decide]) => [
    `${kind}${name}`,
    (value, expected) => {
      const [left, right] = [comparable(value), comparable(expected)]
      if (left === undefined || right === undefined) return false
      return decide(left < right ? -1 : left > right ? 1 : 0)
    },
  ])

const stringOf = (value: Json) => (typeof value === "string" ? value : undefined)
const numberOf = (value: Json) => (typeof value === "number" ? value : undefined)

/** Milliseconds of a timestamp as the States Language has it: RFC 3339 with capital T and Z. */
export function timestampOf(value: Json): number | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value))
    return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

const is =
  (check: (value: Json) => boolean): Test =>
  (value, expected) =>
    check(value) === expected

const tests: Record<string, Test> = {
  ...Object.fromEntries(ordered("String", stringOf)),
  ...Object.fromEntries(ordered("Numeric", numberOf)),
  ...Object.fromEntries(ordered("Timestamp", timestampOf)),
  BooleanEquals: (value, expected) => typeof value === "boolean" && value === expected,
  StringMatches: (value, expected) => typeof value === "string" && patternOf(String(expected)).test(value),
  IsNull: is(value => value === null),
  IsNumeric: is(value => typeof value === "number"),
  IsString: is(value => typeof value === "string"),
  IsBoolean: is(value => typeof value === "boolean"),
  IsTimestamp: is(value => timestampOf(value) !== undefined),
}

/** `*` stands for any text; a backslash takes it, and itself, literally. */
function patternOf(wildcard: string): RegExp {
  const source = wildcard.replace(/\\([*\\])|\*+|[^*\\]+|\\/g, (piece, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`
    return piece.startsWith("*") ? ".*" : piece.replace(/[.+?^${}()|[\]\\/]/g, "\\$&")
  })
  return new RegExp(`^${source}$`, "su")
}
