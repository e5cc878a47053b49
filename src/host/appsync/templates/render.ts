import { isRecord } from "../runtime/run.ts"
import { arithmetic } from "./arithmetic.ts"
import { callMethod, isNothing, javaEquals, javaText, member, setMember } from "./javaMembers.ts"
import { type Expression, type PathStep, parseTemplate, type Reference, type Statement } from "./syntax.ts"

class Broken extends Error {}

const elementsMax = 1000

/**
 * Renders the statements of a template, up to a `#break` outside of loops; `variables` holds what its references name, and what
 * it sets.
 */
export function render(statements: readonly Statement[], variables: Record<string, unknown>): string {
  let out = ""
  const write = (text: string) => {
    out += text
  }
  try {
    runAll(statements, variables, write)
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown
  }
  return out
}

type Write = (text: string) => void
type Variables = Record<string, unknown>

function runAll(statements: readonly Statement[], variables: Variables, write: Write): void {
  for (const statement of statements) run(statement, variables, write)
}

function run(statement: Statement, variables: Variables, write: Write): void {
  if (typeof statement === "string") write(statement)
  else if (isBlock(statement)) runBlock(statement, variables, write)
  else if (statement.type === "references") write(printed(statement, variables))
  else if (statement.type === "raw") write(statement.value)
  else if (statement.type === "break") throw new Broken()
  else if (statement.type === "set") {
    const [target, value] = statement.equal
    assign(target, evaluate(value, variables), variables)
  } else if (statement.type === "macro_call") write(called(statement, variables))
}

type MacroCall = Extract<Statement, { type: "macro_call" }>

/** What a macro makes of its arguments. They have their names in its body only; what it sets stays set. */
function called({ id, args }: MacroCall, variables: Variables): string {
  const given = (args || []).map(argument => evaluate(argument, variables))
  if (id === "evaluate") return render(parseTemplate(String(given[0] ?? "")), variables)
  const macro = variables[macroKey(id)]
  if (!(macro instanceof Macro)) throw new Error(`#${id}(…) is not a directive that this host knows`)
  if (macro.depth >= macroDepthMax) throw new Error(`#${id}(…) calls itself more than ${macroDepthMax} times`)
  const outer = Object.fromEntries(macro.parameters.map(name => [name, variables[name]]))
  Object.assign(variables, Object.fromEntries(macro.parameters.map((name, index) => [name, given[index]])))
  macro.depth++
  try {
    return render(macro.body, variables)
  } finally {
    macro.depth--
    Object.assign(variables, outer)
  }
}

const macroDepthMax = 20

/** Macros lie among the variables, under names that no reference can have. */
const macroKey = (id: string): string => `#${id}`

class Macro {
  depth = 0
  readonly parameters: readonly string[]
  readonly body: readonly Statement[]
  constructor(parameters: readonly string[], body: readonly Statement[]) {
    this.parameters = parameters
    this.body = body
  }
}

/** What `#define` names: rendered anew wherever its name is printed. */
class Defined {
  readonly body: readonly Statement[]
  constructor(body: readonly Statement[]) {
    this.body = body
  }
}

function runBlock(block: readonly Statement[], variables: Variables, write: Write): void {
  const [head, ...body] = block
  if (typeof head !== "object" || isBlock(head)) return
  if (head.type === "if") {
    runBranch(block, variables, write)
    return
  }
  if (head.type === "macro") {
    const parameters = (head.args || []).flatMap(argument => (argument.type === "references" ? argument.id : []))
    variables[macroKey(head.id)] = new Macro(parameters, body)
    return
  }
  if (head.type === "define") {
    variables[head.id] = new Defined(body)
    return
  }
  if (head.type !== "foreach") throw new Error(`#${head.type} is not supported in templates by this host`)
  const outer = { [head.to]: variables[head.to], foreach: variables.foreach, velocityCount: variables.velocityCount }
  const elements = elementsOf(evaluate(head.from, variables)).slice(0, elementsMax)
  try {
    for (const [index, element] of elements.entries()) {
      const count = index + 1
      const hasNext = count < elements.length
      const foreach = { index, count, hasNext, first: index === 0, last: !hasNext, parent: outer.foreach }
      Object.assign(variables, { [head.to]: element, foreach, velocityCount: count })
      runAll(body, variables, write)
    }
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown
  }
  Object.assign(variables, outer)
}

function runBranch(block: readonly Statement[], variables: Variables, write: Write): void {
  let taken = false
  for (const statement of block) {
    const type = typeof statement === "string" || isBlock(statement) ? undefined : statement.type
    if (type === "if" || type === "elseif" || type === "else") {
      if (taken) return
      taken = type === "else" || isTrue(evaluate(conditionOf(statement), variables))
    } else if (taken) run(statement, variables, write)
  }
}

const conditionOf = (statement: Statement): Expression =>
  typeof statement === "object" && "condition" in statement ? statement.condition : { type: "bool", value: "true" }

const isBlock = (statement: Statement): statement is readonly Statement[] & Extract<Statement, readonly unknown[]> =>
  Array.isArray(statement)

/** Only null and false are false, as in Velocity 1: an empty text or list, and 0, are true. */
const isTrue = (value: unknown): boolean => !isNothing(value) && value !== false

const elementsOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return [...value]
  return isRecord(value) ? Object.values(value) : []
}

function printed(reference: Reference, variables: Variables): string {
  const value = referred(reference, variables)
  if (!isNothing(value)) return javaText(value)
  return reference.leader.endsWith("!") ? "" : (reference.source ?? "")
}

function referred({ id, path = [] }: Reference, variables: Variables): unknown {
  const named = member(variables, id)
  const first = named instanceof Defined ? render(named.body, variables) : named
  return path.reduce((value: unknown, step) => follow(value, step, variables), first)
}

function follow(value: unknown, step: PathStep, variables: Variables): unknown {
  if (step.type === "property") return propertyOf(value, step.id)
  if (step.type === "method") {
    return callMethod(
      value,
      step.id,
      (step.args || []).map(given => evaluate(given, variables) ?? null),
    )
  }
  const at = evaluate(step.id, variables)
  return Array.isArray(value) ? value[Number(at)] : member(value, String(at))
}

/** A member of a map, or what Java's beans call a property: `$list.empty`. */
function propertyOf(value: unknown, name: string): unknown {
  return isRecord(value) || name !== "empty" ? member(value, name) : callMethod(value, "isEmpty", [])
}

function assign({ id, path = [] }: Reference, value: unknown, variables: Variables): void {
  const last = path.at(-1)
  if (last === undefined) {
    setMember(variables, id, value)
    return
  }
  const owner = path.slice(0, -1).reduce((of: unknown, step) => follow(of, step, variables), member(variables, id))
  const name = last.type === "index" ? evaluate(last.id, variables) : last.id
  if (Array.isArray(owner)) owner[Number(name)] = value
  else if (isRecord(owner)) setMember(owner, String(name), value)
}

function evaluate(expression: Expression, variables: Variables): unknown {
  switch (expression.type) {
    case "references":
      return referred(expression, variables)
    case "string":
      return expression.isEval ? render(partsOf(expression), variables) : expression.value
    case "integer":
    case "decimal":
      return Number(expression.value)
    case "bool":
      return expression.value === "null" ? null : expression.value === "true"
    case "array": {
      const values = expression.value.map(one =>
        typeof one === "string" ? Number(one) : (evaluate(one, variables) ?? null),
      )
      return expression.isRange ? range(Number(values[0]), Number(values[1])) : values
    }
    case "map": {
      const members = Object.entries(expression.value ?? {})
      return Object.fromEntries(members.map(([name, value]) => [name, evaluate(value, variables) ?? null]))
    }
    case "math":
      return calculate(expression, variables)
  }
}

const texts = new WeakMap<object, readonly Statement[]>()

/** A text in double quotes is a template of its own; parsed once. */
function partsOf(text: Extract<Expression, { type: "string" }>): readonly Statement[] {
  const parts = texts.get(text) ?? parseTemplate(text.value)
  texts.set(text, parts)
  return parts
}

function range(from: number, to: number): number[] {
  const step = from <= to ? 1 : -1
  const length = Math.min(elementsMax, Math.abs(to - from) + 1)
  return Array.from({ length }, (_, index) => from + index * step)
}

function calculate({ expression, operator }: Extract<Expression, { type: "math" }>, variables: Variables): unknown {
  const side = (index: number) => {
    const given = expression[index]
    return given === undefined ? undefined : evaluate(given, variables)
  }
  switch (operator) {
    case "||":
      return isTrue(side(0)) || isTrue(side(1))
    case "&&":
      return isTrue(side(0)) && isTrue(side(1))
    case "not":
      return !isTrue(side(0))
    case "parenthesis":
      return side(0)
    case "minus":
      return -Number(side(0))
    case "==":
      return javaEquals(side(0), side(1))
    case "!=":
      return !javaEquals(side(0), side(1))
    default:
      return arithmetic(operator, side(0), side(1), !expression.some(({ type }) => type === "decimal"))
  }
}
