import type { Json } from "../host.ts"
import { objectOf } from "../json.ts"
import { matchesPattern } from "./patterns.ts"

/** Values of the request that conditions and policy variables look at; keys are compared without case. */
export type RequestContext = ReadonlyMap<string, readonly string[]>

/** A context from plain pairs; undefined values are left out. */
export function requestContext(values: Record<string, string | readonly string[] | undefined>): RequestContext {
  const context = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(values))
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === "string" ? [value] : value)
  return context
}

/** Are all conditions of a statement true? An operator that is not known counts as false. */
export function conditionsHold(conditions: Json | undefined, context: RequestContext): boolean {
  return Object.entries(objectOf(conditions)).every(([operator, keys]) =>
    Object.entries(objectOf(keys)).every(([key, expected]) =>
      conditionHolds(operator, key, [expected].flat().map(String), context),
    ),
  )
}

/** Replaces policy variables such as `${aws:username}` by their value in the request. */
export function withVariables(text: string, context: RequestContext): string {
  if (!text.includes("${")) return text
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name === "*" || name === "?" || name === "$") return name
    return context.get(name.toLowerCase())?.[0] ?? whole
  })
}

function conditionHolds(operator: string, key: string, expected: string[], context: RequestContext): boolean {
  const [, set, name = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const actual = context.get(key.toLowerCase())
  if (name === "Null") return (actual === undefined) === (expected[0] === "true")
  if (ifExists !== undefined && actual === undefined) return true

  const negated = name.includes("Not")
  const compare = comparisons[name.replace("Not", "")]
  if (compare === undefined) return false
  const wanted = expected.map(value => withVariables(value, context))
  const matches = (value: string) => wanted.some(want => compare(value, want)) !== negated
  if (set === "ForAllValues") return (actual ?? []).every(matches)
  if (actual === undefined) return negated
  return set === "ForAnyValue" ? actual.some(matches) : actual.length === 1 && actual.every(matches)
}

/** By operator name without `Not`: `StringNotEquals` is the negation of `StringEquals`. */
const comparisons: Record<string, (actual: string, expected: string) => boolean> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => matchesPattern(expected, actual),
  ArnEquals: (actual, expected) => arnMatches(expected, actual),
  ArnLike: (actual, expected) => arnMatches(expected, actual),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  BinaryEquals: (actual, expected) => actual === expected,
  NumericEquals: (actual, expected) => Number(actual) === Number(expected),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericLessThanEquals: (actual, expected) => Number(actual) <= Number(expected),
  NumericGreaterThan: (actual, expected) => Number(actual) > Number(expected),
  NumericGreaterThanEquals: (actual, expected) => Number(actual) >= Number(expected),
  DateEquals: (actual, expected) => instant(actual) === instant(expected),
  DateLessThan: (actual, expected) => instant(actual) < instant(expected),
  DateLessThanEquals: (actual, expected) => instant(actual) <= instant(expected),
  DateGreaterThan: (actual, expected) => instant(actual) > instant(expected),
  DateGreaterThanEquals: (actual, expected) => instant(actual) >= instant(expected),
  IpAddress: (actual, expected) => inBlock(actual, expected),
}

function arnMatches(pattern: string, arn: string): boolean {
  const wanted = pattern.split(":")
  const parts = arn.split(":")
  const last = wanted.slice(5).join(":")
  return (
    wanted.slice(0, 5).every((part, index) => matchesPattern(part, parts[index] ?? "")) &&
    matchesPattern(last, parts.slice(5).join(":"))
  )
}

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function inBlock(address: string, block: string): boolean {
  const [base = "", bits = "32"] = block.split("/")
  const shift = 2 ** (32 - Number(bits))
  return Math.floor(ipNumber(address) / shift) === Math.floor(ipNumber(base) / shift)
}

function ipNumber(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0)
}
