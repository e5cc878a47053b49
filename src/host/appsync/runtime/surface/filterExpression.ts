import { isRecord } from "../run.ts"
import { type Attribute, toDynamoDB } from "./attributeValues.ts"

/** An expression with its placeholders, as a DynamoDB request of AppSync carries it. */
export interface Expression {
  readonly expression: string
  readonly expressionNames: Readonly<Record<string, string>>
  readonly expressionValues: Readonly<Record<string, Attribute>>
}

const comparators: Record<string, string> = { eq: "=", ne: "<>", lt: "<", le: "<=", gt: ">", ge: ">=" }
const functions: Record<string, string> = {
  contains: "contains",
  notContains: "NOT contains",
  beginsWith: "begins_with",
}
const attributeTypes: Record<string, string> = {
  _null: "NULL",
  string: "S",
  stringSet: "SS",
  number: "N",
  numberSet: "NS",
  binary: "B",
  binarySet: "BS",
  boolean: "BOOL",
  list: "L",
  map: "M",
}

/**
 * Writes a filter or condition object as a DynamoDB expression, literally as AWS was recorded to: one parenthesis per operator,
 * members joined even when they are empty, placeholders named by the way to them (`:and_0_title_eq`). Gives undefined where AWS
 * gives null: an unknown operator, or an operand of the wrong kind.
 */
export function filterExpression(filter: unknown): Expression | undefined {
  try {
    return filterOf(filter, [], false)
  } catch (error) {
    if (error instanceof Unwritable) return undefined
    throw error
  }
}

class Unwritable extends Error {}

type Path = readonly (string | number)[]

function filterOf(filter: unknown, path: Path, grouped: boolean): Expression {
  const parts = membersOf(filter).map(([key, operand]) => {
    if (key === "and" || key === "or") return groupOf(key, operand, [...path, key])
    if (key === "not") return negated(filterOf(operand, [...path, key], true))
    return fieldOf(key, `#${key}`, operand, [...path, key])
  })
  return joined(parts, "AND", grouped)
}

function groupOf(key: "and" | "or", members: unknown, path: Path): Expression {
  if (!Array.isArray(members)) throw new Unwritable()
  const parts = members.map((member, index) => filterOf(member, [...path, index], false))
  return joined(parts, key.toUpperCase(), true)
}

const negated = (inner: Expression): Expression => ({ ...inner, expression: `(NOT ${inner.expression})` })

/** The conditions on one field; below `size` they are on `size(…)`, and the placeholders say so. */
function fieldOf(field: string, target: string, operators: unknown, path: Path): Expression {
  const parts = membersOf(operators).map(([operator, operand]) =>
    operator === "size"
      ? fieldOf(field, `size(#${field})`, operand, [...path, operator])
      : conditionOf(target, operator, operand, `:${[...path, operator].join("_")}`),
  )
  const all = joined(parts, "AND", true)
  return { ...all, expressionNames: { [`#${field}`]: field, ...all.expressionNames } }
}

function conditionOf(target: string, operator: string, operand: unknown, value: string): Expression {
  const comparator = comparators[operator]
  if (comparator !== undefined) return written(`${target} ${comparator} ${value}`, { [value]: operand })
  const call = functions[operator]
  if (call !== undefined) return written(`${call}(${target},${value})`, { [value]: operand })
  if (operator === "attributeExists" && typeof operand === "boolean") {
    return written(`${operand ? "attribute_exists" : "attribute_not_exists"}(${target})`, {})
  }
  const type = operator === "attributeType" ? attributeTypes[String(operand)] : undefined
  if (type !== undefined) return written(`attribute_type(${target},${value})`, { [value]: type })
  if (!Array.isArray(operand)) throw new Unwritable()
  if (operator === "between" && operand.length >= 2) {
    const [start, end] = operand
    const values = { [`${value}_start`]: start, [`${value}_end`]: end }
    return written(`${target} BETWEEN ${value}_start AND ${value}_end`, values)
  }
  if (operator !== "in") throw new Unwritable()
  if (operand.length === 0) return written("null", {})
  const values = Object.fromEntries(operand.map((member, index) => [`${value}_${index}`, member]))
  return written(`${target} IN (${Object.keys(values).join(", ")})`, values)
}

const written = (condition: string, values: Record<string, unknown>): Expression => ({
  expression: `(${condition})`,
  expressionNames: {},
  expressionValues: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toDynamoDB(value)])),
})

function joined(parts: readonly Expression[], joiner: string, grouped: boolean): Expression {
  const expression = parts.map(part => part.expression).join(` ${joiner} `)
  return {
    expression: grouped && parts.length > 1 ? `(${expression})` : expression,
    expressionNames: Object.assign({}, ...parts.map(part => part.expressionNames)),
    expressionValues: Object.assign({}, ...parts.map(part => part.expressionValues)),
  }
}

function membersOf(object: unknown): [string, unknown][] {
  if (!isRecord(object)) throw new Unwritable()
  return Object.entries(object)
}
