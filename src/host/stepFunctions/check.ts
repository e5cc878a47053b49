import type { z } from "zod"
import type { Json } from "../host.ts"
import { listOf, objectOf } from "../json.ts"
import { type ChoiceRule, Definition, type Flow, innerFlows, type State } from "./definition.ts"
import { comparisonOf, isComparison } from "./language/choice.ts"
import { isExpression, jsonataProblem } from "./language/jsonata.ts"

type Type = "STANDARD" | "EXPRESS"

/** Reads a definition. Throws an Error with AWS's kinds of problems, one line, when no execution could run by it. */
export function readDefinition(text: string, type: Type): Definition {
  let json: Json
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw invalid([`INVALID_JSON_DESCRIPTION: ${error instanceof Error ? error.message : error}`])
  }
  const read = Definition.safeParse(json)
  if (!read.success) throw invalid(read.error.issues.map(schemaProblem))
  const problems = flowProblems(read.data, "", type, read.data.QueryLanguage ?? "JSONPath")
  if (problems.length > 0) throw invalid(problems)
  return read.data
}

const invalid = (problems: readonly string[]) =>
  new Error(`Invalid State Machine Definition: '${problems.slice(0, 5).join("', '")}'`)

const schemaProblem = ({ message, path }: z.core.$ZodIssue) =>
  `SCHEMA_VALIDATION_FAILED: ${message} at /${path.map(String).join("/")}`

/** Every state of a definition, those inside of others too, with its place. */
export function allStates(flow: Flow, place = ""): [place: string, state: State][] {
  return Object.entries(flow.States).flatMap(([name, state]): [string, State][] => {
    const at = `${place}/States/${name}`
    return [[at, state], ...innerFlows(state).flatMap(([inner, flow]) => allStates(flow, `${at}/${inner}`))]
  })
}

function flowProblems(flow: Flow, place: string, type: Type, language: string): string[] {
  const missing = (target: string, field: string) =>
    flow.States[target] === undefined
      ? [`MISSING_TRANSITION_TARGET: Missing '${field.split("/").at(-1)}' target: ${target} at ${field}`]
      : []
  const inside = Object.entries(flow.States).flatMap(([name, state]) => {
    const at = `${place}/States/${name}`
    const targets: [string, string | undefined][] = [
      [`${at}/Next`, state.Next],
      [`${at}/Default`, state.Default],
      ...(state.Choices ?? []).map((rule, index): [string, string] => [
        `${at}/Choices[${index}]/Next`,
        String(rule.Next),
      ]),
      ...state.Catch.map(({ Next }, index): [string, string] => [`${at}/Catch[${index}]/Next`, Next]),
    ]
    const spoken = state.QueryLanguage ?? language
    return [
      ...targets.flatMap(([field, target]) => (target === undefined ? [] : missing(target, field))),
      ...stateProblems(state, type, spoken).map(problem => `SCHEMA_VALIDATION_FAILED: ${problem} at ${at}`),
      ...innerFlows(state).flatMap(([inner, flow]) =>
        flowProblems(flow, `${at}/${inner}`, type, flow.QueryLanguage ?? language),
      ),
    ]
  })
  return [...missing(flow.StartAt, `${place}/StartAt`), ...inside]
}

const neededBy: Partial<Record<State["Type"], readonly (keyof State)[]>> = {
  Task: ["Resource"],
  Choice: ["Choices"],
  Parallel: ["Branches"],
}

function stateProblems(state: State, type: Type, language: string): string[] {
  const { Type, Next, End } = state
  const problems: string[] = []
  for (const field of neededBy[Type] ?? []) if (state[field] === undefined) problems.push(`${field} is required`)
  if (Type === "Map" && state.ItemProcessor === undefined && state.Iterator === undefined)
    problems.push("ItemProcessor is required")
  const goesOn = Type !== "Choice" && Type !== "Succeed" && Type !== "Fail"
  if (goesOn && (Next === undefined) === (End !== true)) problems.push("exactly one of Next and End is required")
  if (Type === "Wait" && waits.filter(field => state[field] !== undefined).length !== 1)
    problems.push("exactly one of Seconds, SecondsPath, Timestamp and TimestampPath is required")
  if (type === "EXPRESS" && /\.(sync(:2)?|waitForTaskToken)$/.test(state.Resource ?? ""))
    problems.push(`Express state machines have no ${state.Resource}`)
  for (const rule of state.Choices ?? []) problems.push(...ruleProblems(rule, language, true))
  if (language === "JSONata")
    for (const text of expressionsIn(state as Json)) {
      const problem = jsonataProblem(text)
      if (problem !== undefined) problems.push(`the JSONata ${text} is invalid: ${problem}`)
    }
  return problems
}

const waits = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"] as const

function ruleProblems(rule: ChoiceRule, language: string, isTop: boolean): string[] {
  const nextProblems = isTop && typeof rule.Next !== "string" ? ["a rule of Choices needs a Next"] : []
  if (language === "JSONata")
    return [...nextProblems, ...(rule.Condition === undefined ? ["a rule needs a Condition"] : [])]
  const inner = [...listOf(rule.And), ...listOf(rule.Or), ...listOf(rule.Not)]
  if (inner.length > 0) return [...nextProblems, ...inner.flatMap(one => ruleProblems(objectOf(one), language, false))]
  const [name = "nothing"] = comparisonOf(rule)
  if (typeof rule.Variable !== "string") return [...nextProblems, "a rule needs a Variable"]
  return isComparison(name) ? nextProblems : [...nextProblems, `there is no comparison ${name}`]
}

/** The JSONata of a state itself, not of the states inside of it. */
function expressionsIn(value: Json): string[] {
  if (typeof value === "string") return isExpression(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap(expressionsIn)
  return Object.entries(objectOf(value)).flatMap(([name, member]) => (name === "States" ? [] : expressionsIn(member)))
}
