import { isRecord, UtilError } from "../../run.ts"

/** What the text of a condition needs of the statement that it stands in. */
export interface SqlText {
  /** A column or table name, quoted part by part. */
  quoted(name: string): string
  /** Binds a value and gives its placeholder. */
  bound(value: unknown): string
}

const comparators: Record<string, string> = { eq: "=", ne: "!=", gt: ">", lt: "<", ge: ">=", le: "<=" }

/** A value of a statement: NULL is written out, everything else is bound. */
export const valueText = (text: SqlText, value: unknown): string =>
  value === null || value === undefined ? "NULL" : text.bound(value)

/**
 * A condition object as SQL, as AWS was recorded to write it: what is empty leaves its AND or OR behind, groups stand in parentheses
 * only inside of groups.
 */
export const conditionText = (text: SqlText, where: Readonly<Record<string, unknown>>): string =>
  clauseText(text, where, "AND", plain)

type Wrap = (sql: string) => string
const plain: Wrap = sql => sql
const parenthesized: Wrap = sql => `(${sql})`

function clauseText(text: SqlText, where: Readonly<Record<string, unknown>>, joiner: string, wrap: Wrap): string {
  const parts: string[] = []
  for (const [key, operand] of Object.entries(where)) {
    if (key !== "and" && key !== "or") {
      const conditions = columnText(text, key, operand)
      parts.push(conditions === "" ? "" : wrap(conditions))
      continue
    }
    const group = groupText(text, key, operand)
    if (group !== "") parts.push(wrap(group))
  }
  return parts.join(` ${joiner} `)
}

function groupText(text: SqlText, key: "and" | "or", members: unknown): string {
  if (!Array.isArray(members)) throw new UtilError(`${key} expects conditions to be an array`)
  const joiner = key.toUpperCase()
  return members
    .map(member => {
      if (!isCondition(member)) throw new UtilError(`Expected ${key} to be an Object.`)
      return clauseText(text, member, joiner, parenthesized)
    })
    .join(` ${joiner} `)
}

/** A plain object: a `sql` template stands only in place of a whole condition. */
export const isCondition = (value: unknown): value is Record<string, unknown> =>
  isRecord(value) && !(value instanceof SqlTemplate)

/** What the `sql` tag makes. */
export class SqlTemplate {
  readonly texts: readonly string[]
  readonly values: readonly unknown[]
  constructor(texts: readonly string[], values: readonly unknown[]) {
    if (texts.length !== values.length + 1) {
      throw new UtilError("java.lang.IllegalArgumentException: Unexpected argument passed to sql tagged template")
    }
    this.texts = texts
    this.values = values
  }
}

function columnText(text: SqlText, column: string, conditions: unknown): string {
  if (!isRecord(conditions)) throw new UtilError("Expected condition to be an Object.")
  return Object.entries(conditions)
    .map(([operator, operand]) => comparisonText(text, column, operator, operand))
    .join(" AND ")
}

function comparisonText(text: SqlText, column: string, operator: string, operand: unknown): string {
  const name = text.quoted(column)
  const path = `${column}.${operator}`
  const comparator = comparators[operator]
  if (comparator !== undefined) return `${name} ${comparator} ${text.bound(present(operand, path))}`
  if (operator === "between") return betweenText(text, name, operand, path)
  if (operator === "size") return sizeText(text, `LENGTH (${name})`, operand, path)
  if (operator === "attributeExists") return `${name} IS ${booleanOf(operand, path) ? "NOT " : ""}NULL`
  if (operator === "contains") return `${name} LIKE ${text.bound(`%${stringOf(operand, path)}%`)}`
  if (operator === "beginsWith") return `${name} LIKE ${text.bound(`${stringOf(operand, path)}%`)}`
  if (operator === "notContains") return `${name} NOT LIKE ${text.bound(stringOf(operand, path))}`
  throw new UtilError(`Unsupported condition ${path}.`)
}

function sizeText(text: SqlText, length: string, operand: unknown, path: string): string {
  if (!isRecord(operand)) throw new UtilError(`Expected ${path} to be an Object.`)
  return Object.entries(operand)
    .map(([operator, value]) => {
      if (operator === "between") return betweenText(text, length, value, path)
      const comparator = comparators[operator]
      if (comparator === undefined) throw new UtilError(`${path} has invalid size operator.`)
      return `${length} ${comparator} ${valueText(text, value)}`
    })
    .join(" AND ")
}

function betweenText(text: SqlText, target: string, operand: unknown, path: string): string {
  if (!Array.isArray(operand)) throw new UtilError(`${path} condition expects an array with length of 2.`)
  if (operand.length !== 2) {
    const received = `received an array with length ${operand.length}`
    throw new UtilError(`${path} condition expects an array with 2 values but ${received}.`)
  }
  return `${target} BETWEEN ${operand.map(value => valueText(text, value)).join(" AND ")}`
}

function present(value: unknown, path: string): unknown {
  if (value === null || value === undefined) throw new UtilError(`Value for ${path} can't be null.`)
  return value
}

function stringOf(value: unknown, path: string): string {
  if (typeof present(value, path) === "string") return String(value)
  throw new UtilError(`${path} expects a string value to be passed.`)
}

function booleanOf(value: unknown, path: string): boolean {
  if (typeof present(value, path) === "boolean") return value === true
  throw new UtilError(`${path} expects a boolean value to be passed.`)
}
