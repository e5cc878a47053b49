import { AwsError, type Json, type JsonObject } from "../host.ts"
import { type EventField, type EventFields, eventFields, standTogether } from "./eventFields.ts"
import { InvalidPattern } from "./invalidPattern.ts"
import { jsonProblem } from "./jsonProblem.ts"
import { type ValueMatcher, valueMatcher } from "./valueMatchers.ts"

/** Does an event match? Compile once, ask often. */
export type EventPredicate = (event: JsonObject) => boolean

/** One branch of a pattern after `$or` is multiplied out: every field must match, all in the same array elements. */
type Branch = ReadonlyMap<string, readonly ValueMatcher[]>

const branchesMax = 1_000
const reservedInOr = ["exactly", "prefix", "suffix", "numeric", "anything-but", "exists", "cidr", "equals-ignore-case"]

/** Compiles a pattern (JSON text or value). Throws AwsError InvalidEventPatternException with EventBridge's reason. */
export function compilePattern(pattern: string | JsonObject): EventPredicate {
  try {
    const branches = branchesOf(typeof pattern === "string" ? parse(pattern) : pattern)
    return event => {
      const fields = eventFields(event)
      return branches.some(branch => branchMatches(branch, fields))
    }
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error
    throw new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${error.message}`)
  }
}

/** Does the event match the pattern? For a pattern that is used more than once, use `compilePattern`. */
export function matches(pattern: string | JsonObject, event: JsonObject): boolean {
  return compilePattern(pattern)(event)
}

/** Throws AwsError InvalidEventPatternException, with EventBridge's reason, for text that is not an event pattern. */
export function validatePattern(text: string): void {
  compilePattern(text)
}

function parse(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidPattern(jsonProblem(text))
  }
}

function branchesOf(pattern: Json): Branch[] {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern)) {
    throw new InvalidPattern("Filter is not an object")
  }
  return conjoin([new Map()], "", pattern, false)
}

function conjoin(branches: Branch[], path: string, pattern: JsonObject, insideOr: boolean): Branch[] {
  const entries = Object.entries(pattern)
  if (entries.length === 0) throw new InvalidPattern("Empty objects are not allowed")
  return entries.reduce<Branch[]>((joined, [name, expected]) => {
    if (name === "$or") return disjoin(joined, path, expected)
    if (insideOr && reservedInOr.includes(name)) {
      throw new InvalidPattern(`${name} is Ruler reserved fieldName which cannot be used inside $or.`)
    }
    const field = path === "" ? name : `${path}.${name}`
    if (Array.isArray(expected)) return withField(joined, field, expected)
    if (typeof expected === "object" && expected !== null) return conjoin(joined, field, expected, insideOr)
    throw new InvalidPattern(`"${name}" must be an object or an array`)
  }, branches)
}

function disjoin(branches: Branch[], path: string, alternatives: Json): Branch[] {
  if (!Array.isArray(alternatives)) throw new InvalidPattern("It must be an Array followed with $or.")
  const all = alternatives.flatMap(alternative => {
    if (typeof alternative !== "object" || alternative === null || Array.isArray(alternative)) {
      throw new InvalidPattern("Only JSON object is allowed in array of $or relationship.")
    }
    return conjoin(branches, path, alternative, true)
  })
  if (alternatives.length < 2) throw new InvalidPattern("There must have at least 2 Objects in $or relationship.")
  if (all.length > branchesMax) {
    throw new InvalidPattern(`Rule is too complex - $or gives more than ${branchesMax} combinations`)
  }
  return all
}

function withField(branches: Branch[], field: string, expected: Json[]): Branch[] {
  if (expected.length === 0) throw new InvalidPattern("Empty arrays are not allowed")
  const matchers = expected.map(valueMatcher)
  return branches.map(branch => new Map([...branch, [field, matchers]]))
}

function branchMatches(branch: Branch, fields: EventFields): boolean {
  const choices: EventField[][] = []
  for (const [path, matchers] of branch) {
    const leaves = fields.get(path)
    if (!leaves) {
      if (!matchers.includes("absent")) return false
      continue
    }
    const chosen = leaves.filter(leaf => matchers.some(matcher => matcher !== "absent" && matcher(leaf.value)))
    if (chosen.length === 0) return false
    if (!chosen.some(leaf => leaf.elements.size === 0)) choices.push(chosen)
  }
  return oneOfEach(choices, [])
}

/** Is there a leaf for every field such that all stand in the same array elements? */
function oneOfEach(choices: readonly EventField[][], chosen: readonly EventField[]): boolean {
  const next = choices[chosen.length]
  if (!next) return true
  return next.some(leaf => chosen.every(other => standTogether(leaf, other)) && oneOfEach(choices, [...chosen, leaf]))
}
