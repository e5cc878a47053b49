import type { z } from "zod"

/** What is wrong with a call's input, in the words of AWS's services: `1 validation error detected: Value 'a b' at 'name' failed …`. */
export function constraintFailures(error: z.ZodError, input: unknown): string {
  const failures = error.issues.map(issue => {
    const at = memberOf(issue.path)
    return `Value ${shown(valueAt(input, issue.path))} at '${at}' failed to satisfy constraint: ${constraintOf(issue)}`
  })
  return `${failures.length} validation error${failures.length === 1 ? "" : "s"} detected: ${failures.join("; ")}`
}

/** `["Targets", 0, "Id"]` → `targets.1.member.id`. */
const memberOf = (path: readonly PropertyKey[]): string =>
  path
    .map(step =>
      typeof step === "number"
        ? `${step + 1}.member`
        : `${String(step).charAt(0).toLowerCase()}${String(step).slice(1)}`,
    )
    .join(".")

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined),
    input,
  )

function shown(value: unknown): string {
  if (value === undefined || value === null) return "null"
  return typeof value === "object" ? `'${JSON.stringify(value)}'` : `'${String(value)}'`
}

function constraintOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_big":
      return `Member must have ${measureOf(issue.origin)} less than or equal to ${issue.maximum}`
    case "too_small":
      return `Member must have ${measureOf(issue.origin)} greater than or equal to ${issue.minimum}`
    case "invalid_value":
      return `Member must satisfy enum value set: [${issue.values.map(String).join(", ")}]`
    case "invalid_type":
      return issue.message.endsWith("received undefined") ? "Member must not be null" : issue.message
    default:
      return issue.message
  }
}

const measureOf = (origin: string): string => (origin === "string" || origin === "array" ? "length" : "value")

/** The message of a pattern, which AWS spells in its own way. */
export const patternConstraint = (pattern: string): string =>
  `Member must satisfy regular expression pattern: ${pattern}`
