import type { Json, JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"

/** Does a payload pass? */
export type Filter = (payload: JsonObject) => boolean

const depthMax = 5

const operators: Readonly<Record<string, (actual: Json, expected: Json) => boolean>> = {
  eq: (actual, expected) => equals(actual, expected),
  ne: (actual, expected) => !equals(actual, expected),
  lt: (actual, expected) => compare(actual, expected, order => order < 0),
  le: (actual, expected) => compare(actual, expected, order => order <= 0),
  gt: (actual, expected) => compare(actual, expected, order => order > 0),
  ge: (actual, expected) => compare(actual, expected, order => order >= 0),
  in: (actual, expected) => listOf(expected).some(one => equals(actual, one)),
  notIn: (actual, expected) => !listOf(expected).some(one => equals(actual, one)),
  between: (actual, expected) => {
    const [low = null, high = null] = listOf(expected)
    return compare(actual, low, order => order >= 0) && compare(actual, high, order => order <= 0)
  },
  beginsWith: (actual, expected) => typeof actual === "string" && actual.startsWith(String(expected)),
  contains: (actual, expected) => contains(actual, expected),
  notContains: (actual, expected) => !contains(actual, expected),
  containsAny: (actual, expected) => listOf(expected).some(one => contains(actual, one)),
}

/**
 * The filter of `extensions.setSubscriptionFilter`: groups are alternatives, every filter of a group must hold. Throws an Error
 * for an operator that AppSync does not know.
 */
export function enhancedFilter(definition: JsonObject): Filter {
  const groups = listOf(definition.filterGroup).map(group => listOf(objectOf(group).filters).map(readFilter))
  return payload => groups.length === 0 || groups.some(filters => filters.every(filter => filter(payload)))
}

/** The filter of a subscription without one of its own: each given argument equals the payload's field; null asks for null. */
export function argumentFilter(argumentValues: JsonObject): Filter {
  const wanted = Object.entries(argumentValues)
  return payload => wanted.every(([name, value]) => equals(payload[name] ?? null, value))
}

function readFilter(definition: Json): Filter {
  const { fieldName, operator, value = null } = objectOf(definition)
  const path = textOf(fieldName)?.split(".") ?? []
  const holds = operators[textOf(operator) ?? ""]
  if (holds === undefined) throw new Error(`Invalid subscription filter operator '${String(operator)}'.`)
  if (path.length === 0 || path.length > depthMax)
    throw new Error(`Invalid subscription filter field '${String(fieldName)}'.`)
  return payload => holds(valueAt(payload, path), value)
}

const valueAt = (payload: JsonObject, path: readonly string[]): Json =>
  path.reduce<Json>((value, name) => objectOf(value)[name] ?? null, payload)

const equals = (one: Json, other: Json): boolean =>
  typeof one === "object" && typeof other === "object" && one !== null && other !== null
    ? JSON.stringify(one) === JSON.stringify(other)
    : one === other

const contains = (actual: Json, expected: Json): boolean =>
  typeof actual === "string" ? actual.includes(String(expected)) : listOf(actual).some(one => equals(one, expected))

function compare(one: Json, other: Json, holds: (order: number) => boolean): boolean {
  if (typeof one === "number" && typeof other === "number") return holds(one - other)
  if (typeof one !== "string" || typeof other !== "string") return false
  return holds(one < other ? -1 : one > other ? 1 : 0)
}
