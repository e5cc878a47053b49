import { isRecord } from "../run.ts"
import { type Attribute, toDynamoDB } from "./attributeValues.ts"

/** An expression with its placeholders, as a DynamoDB request of AppSync carries it. */
export interface Expression {
  expression: string
  expressionNames: Record<string, string>
  expressionValues: Record<string, Attribute>
}

const comparators: Record<string, string> = { eq: "=", ne: "<>", lt: "<", le: "<=", gt: ">", ge: ">=" }
const functions: Record<string, (name: string, value: string) => string> = {
  contains: (name, value) => `contains(${name},${value})`,
  notContains: (name, value) => `NOT contains(${name},${value})`,
  beginsWith: (name, value) => `begins_with(${name},${value})`,
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
 * Writes a filter or condition object as a DynamoDB expression: one parenthesis per operator, joined with AND; `and`, `or` and
 * `not` nest. Throws on an operator that AppSync does not know.
 */
export function filterExpression(filter: unknown): Expression {
  const expressionNames: Record<string, string> = {}
  const expressionValues: Record<string, Attribute> = {}

  const placeholder = (value: unknown, path: string): string => {
    const name = `:${path.replace(/\W/g, "_")}`
    expressionValues[name] = toDynamoDB(value)
    return name
  }

  const condition = (field: string, operator: string, operand: unknown, path: string): string => {
    const name = `#${field.replace(/\W/g, "_")}`
    expressionNames[name] = field
    const valuePath = `${path}${field}_${operator}`
    if (comparators[operator] !== undefined)
      return `${name} ${comparators[operator]} ${placeholder(operand, valuePath)}`
    const call = functions[operator]
    if (call !== undefined) return call(name, placeholder(operand, valuePath))
    if (operator === "attributeExists")
      return `${operand === false ? "attribute_not_exists" : "attribute_exists"}(${name})`
    if (operator === "attributeType") return `attribute_type(${name}, ${placeholder(typeCode(operand), valuePath)})`
    if (operator === "size" && isRecord(operand)) return sized(name, operand, valuePath)
    if (operator === "between" && Array.isArray(operand)) {
      const [low, high] = operand
      return `${name} BETWEEN ${placeholder(low, `${valuePath}_1`)} AND ${placeholder(high, `${valuePath}_2`)}`
    }
    if (operator === "in" && Array.isArray(operand)) {
      return `${name} IN (${operand.map((value, index) => placeholder(value, `${valuePath}_${index + 1}`)).join(", ")})`
    }
    throw new Error(`Operator ${operator} of the field ${field} is not supported.`)
  }

  const sized = (name: string, operand: Record<string, unknown>, path: string): string =>
    Object.entries(operand)
      .map(([operator, value]) =>
        operator === "between" && Array.isArray(value)
          ? `size(${name}) BETWEEN ${placeholder(value[0], `${path}_1`)} AND ${placeholder(value[1], `${path}_2`)}`
          : `size(${name}) ${comparators[operator]} ${placeholder(value, `${path}_${operator}`)}`,
      )
      .join(" AND ")

  const group = (members: unknown, joiner: Joined["joiner"], path: string): Joined => ({
    joiner,
    of: (Array.isArray(members) ? members : [members])
      .map((member, index) => all(member, `${path}_${index}_`))
      .filter(({ of }) => of.length > 0),
  })

  const all = (object: unknown, path: string): Joined => {
    const of: Condition[] = []
    for (const [field, operand] of Object.entries(isRecord(object) ? object : {})) {
      if (operand === null || operand === undefined) continue
      if (field === "and") of.push(group(operand, "AND", `${path}and`))
      else if (field === "or") of.push(group(operand, "OR", `${path}or`))
      else if (field === "not") of.push({ not: group(operand, "AND", `${path}not`) })
      else if (isRecord(operand)) {
        for (const [operator, value] of Object.entries(operand)) {
          if (value !== null && value !== undefined) of.push(condition(field, operator, value, path))
        }
      }
    }
    return { joiner: "AND", of }
  }

  const { of } = all(filter, "")
  const expression = of.map(part => `(${written(part)})`).join(" AND ")
  return { expression, expressionNames, expressionValues }
}

/** One comparison as text, or a composition. */
type Condition = string | Joined | { not: Joined }
interface Joined {
  readonly joiner: "AND" | "OR"
  readonly of: readonly Condition[]
}

/** Parentheses around each member of a composition, never twice: DynamoDB refuses redundant ones. */
function written(condition: Condition): string {
  if (typeof condition === "string") return condition
  if ("not" in condition) return `NOT (${written(condition.not)})`
  const [first, ...others] = condition.of
  if (first !== undefined && others.length === 0) return written(first)
  return condition.of.map(part => `(${written(part)})`).join(` ${condition.joiner} `)
}

function typeCode(name: unknown): string {
  const code = attributeTypes[String(name)]
  if (code === undefined) throw new Error(`attributeType ${name} is not supported.`)
  return code
}
