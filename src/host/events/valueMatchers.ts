import type { Json, JsonObject } from "../host.ts"
import type { Scalar } from "./eventFields.ts"
import { InvalidPattern } from "./invalidPattern.ts"
import { cidrMatcher, parseAddress } from "./ipAddress.ts"
import { numericMatcher } from "./numericRange.ts"
import { wildcardMatcher } from "./wildcard.ts"

/** What one alternative of a field asks: that the field is missing, or a test of a leaf's value. */
export type ValueMatcher = "absent" | ((value: Scalar) => boolean)

type Text = (text: string) => boolean

/** Compiles one element of a pattern's array. Throws InvalidPattern with EventBridge's reason. */
export function valueMatcher(expected: Json): ValueMatcher {
  if (Array.isArray(expected)) throw new InvalidPattern("Match value must be String, number, true, false, or null")
  if (typeof expected === "object" && expected !== null) return expressionMatcher(expected)
  return typeof expected === "string" ? ofText(exactly(expected)) : value => value === expected
}

function expressionMatcher(expression: JsonObject): ValueMatcher {
  const [operator, operand] = onlyEntry(expression, "Match expression name not found")
  switch (operator) {
    case "prefix":
      return ofText(affix(operand, "prefix", startsWith))
    case "suffix":
      return ofText(affix(operand, "suffix", endsWith))
    case "equals-ignore-case":
      return ofText(ignoringCase(text(operand, "equals-ignore-case match pattern must be a string")))
    case "wildcard":
      return ofText(wildcardMatcher(text(operand, "wildcard match pattern must be a string")))
    case "cidr":
      return ofText(cidrMatcher(text(operand, "prefix match pattern must be a string")))
    case "numeric":
      return numericMatcher(operand)
    case "exists":
      if (typeof operand !== "boolean") {
        throw new InvalidPattern("exists match pattern must be either true or false.")
      }
      return operand ? () => true : "absent"
    case "anything-but":
      return anythingBut(operand)
    case "exactly":
      return ofText(exactly(text(operand, "exact match pattern must be a string")))
    default:
      throw new InvalidPattern(`Unrecognized match type ${operator}`)
  }
}

function anythingBut(operand: Json): (value: Scalar) => boolean {
  if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) return anythingButText(operand)
  if (!Array.isArray(operand) && typeof operand !== "string" && typeof operand !== "number") {
    throw new InvalidPattern("Value of anything-but must be an array or single string/number value.")
  }
  const values = Array.isArray(operand) ? operand : [operand]
  for (const value of values) {
    if (typeof value !== "string" && typeof value !== "number") {
      throw new InvalidPattern("Inside anything but list, start|null|boolean is not supported.")
    }
  }
  if (new Set(values.map(value => typeof value)).size !== 1) {
    throw new InvalidPattern(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    )
  }
  const excluded = new Set<Json>(values)
  return value => !excluded.has(value)
}

const textOperators: Record<string, { refusal: string; matcher: (expected: string) => Text }> = {
  prefix: { refusal: "prefix/suffix match pattern must be a string", matcher: expected => startsWith(expected) },
  suffix: { refusal: "prefix/suffix match pattern must be a string", matcher: expected => endsWith(expected) },
  wildcard: { refusal: "wildcard match pattern must be a string", matcher: wildcardMatcher },
  "equals-ignore-case": {
    refusal: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
    matcher: ignoringCase,
  },
}

function anythingButText(operand: JsonObject): (value: Scalar) => boolean {
  const [operator, expected] = onlyEntry(
    operand,
    "Anything-But expression name not found",
    "Too many elements in numeric expression",
  )
  const { refusal, matcher } = textOperators[operator] ?? unsupported(`anything-but pattern: ${operator}`)
  if (typeof expected === "object" && !Array.isArray(expected)) {
    throw new InvalidPattern("Value of anything-but must be an array or single string/number value.")
  }
  const excluded = (Array.isArray(expected) ? expected : [expected]).map(value => {
    const pattern = text(value, refusal)
    if (pattern === "" && (operator === "prefix" || operator === "suffix")) {
      throw new InvalidPattern("Null prefix/suffix not allowed")
    }
    return matcher(pattern)
  })
  return value => typeof value !== "string" || !excluded.some(matches => matches(value))
}

function affix(operand: Json, operator: "prefix" | "suffix", matcher: (expected: string) => Text): Text {
  if (typeof operand !== "object" || operand === null || Array.isArray(operand)) {
    return matcher(text(operand, `${operator} match pattern must be a string`))
  }
  const name = operator === "prefix" ? "Prefix" : "Suffix"
  const [nested, expected] = onlyEntry(operand, `${name} expression name not found`)
  if (nested !== "equals-ignore-case") unsupported(`${operator} pattern: ${nested}`)
  const matches = matcher(text(expected, "equals-ignore-case match pattern must be a string").toLowerCase())
  return value => matches(value.toLowerCase())
}

function exactly(expected: string): Text {
  const address = parseAddress(expected)
  if (!address) return value => value === expected
  return value => {
    const other = parseAddress(value)
    return other?.bits === address.bits && other.number === address.number
  }
}

const startsWith =
  (expected: string): Text =>
  value =>
    value.startsWith(expected)

const endsWith =
  (expected: string): Text =>
  value =>
    value.endsWith(expected)

function ignoringCase(expected: string): Text {
  const lower = expected.toLowerCase()
  return value => value.toLowerCase() === lower
}

const ofText =
  (matches: Text) =>
  (value: Scalar): boolean =>
    typeof value === "string" && matches(value)

function onlyEntry(
  expression: JsonObject,
  none: string,
  several = "Only one key allowed in match expression",
): [string, Json] {
  const [entry, ...others] = Object.entries(expression)
  if (!entry) throw new InvalidPattern(none)
  if (others.length > 0) throw new InvalidPattern(several)
  return entry
}

function text(value: Json | undefined, refusal: string): string {
  if (typeof value !== "string") throw new InvalidPattern(refusal)
  return value
}

function unsupported(what: string): never {
  throw new InvalidPattern(`Unsupported ${what}`)
}
