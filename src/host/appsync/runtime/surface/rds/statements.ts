import { isRecord, UtilError } from "../../run.ts"
import { conditionText, isCondition, SqlTemplate, type SqlText, valueText } from "./conditions.ts"

type Payload = Readonly<Record<string, unknown>>
type Verb = "select" | "insert" | "update" | "remove"

/** What `select`, `insert`, `update` and `remove` make: a statement that is not text yet. */
export class Statement {
  readonly verb: Verb
  readonly payload: Payload
  constructor(verb: Verb, payload: unknown) {
    if (payload === undefined) throw new UtilError(`An argument is expected to be passed to ${verb}`)
    if (!isRecord(payload)) throw new UtilError("Expected payload to be an Object.")
    this.verb = verb
    this.payload = payload
  }
}

/** A value with the SQL type that it has. */
export class TypedValue {
  readonly type: string
  readonly value: unknown
  constructor(type: string, value: unknown) {
    this.type = type
    this.value = value
  }
}

/** How a database writes SQL. */
export interface Dialect {
  readonly name: "createPgStatement" | "createMySQLStatement"
  readonly quote: string
  readonly returns: boolean
}

/** A request of an RDS data source. Throws what AWS was recorded to say of a statement that it does not take. */
export function rdsRequest(dialect: Dialect, statements: readonly unknown[]): object {
  if (statements.length === 0) throw new UtilError(`An argument is expected to be passed to ${dialect.name}`)
  const variableMap: Record<string, unknown> = {}
  const variableTypeHintMap: Record<string, string> = {}
  const text: SqlText = {
    quoted: name =>
      name === "*"
        ? name
        : name
            .split(".")
            .map(part => dialect.quote + part + dialect.quote)
            .join("."),
    bound: value => {
      const name = `:P${Object.keys(variableMap).length}`
      const isTyped = value instanceof TypedValue
      variableMap[name] = isTyped ? value.value : value
      if (isTyped) variableTypeHintMap[name] = value.type
      return name
    },
  }
  const [first, ...others] = statements
  const given = [first, ...others.filter(one => one !== null && one !== undefined)]
  return { statements: given.map(one => sqlOf(dialect, text, one)), variableMap, variableTypeHintMap }
}

function sqlOf(dialect: Dialect, text: SqlText, statement: unknown): string {
  if (typeof statement === "string") return statement
  if (statement instanceof SqlTemplate) return templateText(text, statement)
  if (!(statement instanceof Statement)) {
    throw new UtilError(`Unsupported type is passed as argument to ${dialect.name}`)
  }
  const { payload } = statement
  const unwritten = unwrittenMembers.find(member => payload[member] !== undefined)
  if (unwritten !== undefined) throw new UtilError(`This host does not write the SQL of ${unwritten}.`)
  const parts = writers[statement.verb](text, payload, dialect)
  return parts
    .filter(part => part !== "")
    .join(" ")
    .trimEnd()
}

/** Members of `select` whose SQL is not public. */
const unwrittenMembers = [
  "groupBy",
  "having",
  ...["", "inner", "left", "leftOuter", "right", "rightOuter", "fullOuter", "cross"].flatMap(kind => {
    const join = kind === "" ? "join" : `${kind}Join`
    return [join, `${join}Natural`]
  }),
]

type Writer = (text: SqlText, payload: Payload, dialect: Dialect) => readonly string[]

const writers: Record<Verb, Writer> = {
  select: (text, payload) => [
    "SELECT",
    isGiven(payload.columns) ? columnsText(text, payload.columns) : "*",
    `FROM ${selectedTable(text, payload)}`,
    ...whereText(text, payload.where),
    ...orderText(text, payload.orderBy),
    ...countText(text, "LIMIT", payload.limit),
    ...countText(text, "OFFSET", payload.offset),
  ],
  insert: (text, payload, dialect) => {
    const values = Object.entries(valuesOf(payload, "insert"))
    const table = tableText(text, payload.table)
    const columns = values.map(([column]) => text.quoted(column)).join(", ")
    const list = values.map(([, value]) => valueText(text, value)).join(", ")
    return [`INSERT INTO ${table}`, `(${columns}) VALUES (${list})`, ...returningText(text, payload, dialect)]
  },
  update: (text, payload, dialect) => {
    const values = Object.entries(valuesOf(payload, "update"))
    const table = tableText(text, payload.table)
    const changes = values.map(([column, value]) => `${text.quoted(column)} = ${valueText(text, value)}`).join(", ")
    return [`UPDATE ${table} SET`, changes, ...whereText(text, payload.where), ...returningText(text, payload, dialect)]
  },
  remove: (text, payload, dialect) => [
    `DELETE FROM ${tableText(text, payload.table)}`,
    ...whereText(text, payload.where),
    ...returningText(text, payload, dialect),
  ],
}

const isGiven = (value: unknown): boolean => value !== null && value !== undefined

const templateText = (text: SqlText, { texts, values }: SqlTemplate): string =>
  texts.map((part, index) => (index < values.length ? part + text.bound(values[index]) : part)).join("")

function selectedTable(text: SqlText, { from, table }: Payload): string {
  if (!isGiven(from)) return tableText(text, table)
  if (isGiven(table)) throw new UtilError("'from' and 'table' keys cannot be used together")
  if (typeof from !== "string" && !isRecord(from)) {
    throw new UtilError("'from' value is expected to be string or object.")
  }
  return tableText(text, from)
}

/** A name, or an alias: `{ people: "persons" }` is `"persons" as "people"`. */
function tableText(text: SqlText, table: unknown): string {
  if (!isGiven(table)) throw new UtilError("'table' or 'from' key is required.")
  if (typeof table === "string") return text.quoted(table)
  if (!isRecord(table)) throw new UtilError("table name is expected to be a string or alias.")
  const [alias, ...others] = Object.entries(table)
  if (others.length > 0) throw new UtilError("table alias is allowed only one key-value pair.")
  if (alias === undefined) throw new UtilError("java.util.NoSuchElementException")
  const [name, actual] = alias
  if (typeof actual !== "string") throw new UtilError("Table alias value is expected to be a string.")
  return `${text.quoted(actual)} as ${text.quoted(name)}`
}

function columnsText(text: SqlText, columns: unknown): string {
  if (columns === "*") return columns
  if (!Array.isArray(columns)) throw new UtilError("Expected column to be * or an array.")
  return columns
    .map(column => {
      if (typeof column !== "string") throw new UtilError("Invalid type in column array.")
      return text.quoted(column)
    })
    .join(", ")
}

function whereText(text: SqlText, where: unknown): string[] {
  if (!isGiven(where)) return []
  if (where instanceof SqlTemplate) return ["WHERE", templateText(text, where)]
  if (!isCondition(where)) {
    throw new UtilError("WHERE values are expected to be SQL templates or a condition object.")
  }
  const condition = conditionText(text, where)
  return condition === "" ? [] : ["WHERE", condition]
}

function orderText(text: SqlText, orderBy: unknown): string[] {
  if (!isGiven(orderBy)) return []
  if (!Array.isArray(orderBy)) throw new UtilError("orderBy expects an array.")
  return orderBy.length === 0 ? [] : ["ORDER BY", orderBy.map(item => orderItem(text, item)).join(", ")]
}

function orderItem(text: SqlText, item: unknown): string {
  if (!isRecord(item)) throw new UtilError("orderBy item expected to be an object.")
  const { column, dir } = item
  if (typeof column !== "string") throw new UtilError("orderBy item expected to have property column.")
  const direction = typeof dir === "string" ? dir.toUpperCase() : "ASC"
  if (direction === "ASC" || direction === "DESC") return `${text.quoted(column)} ${direction}`
  throw new UtilError(`orderBy dir can have either ASC or DESC found ${dir}.`)
}

function countText(text: SqlText, keyword: "LIMIT" | "OFFSET", count: unknown): string[] {
  if (!isGiven(count)) return []
  const number = count === "" ? Number.NaN : Number(count)
  if (Number.isNaN(number)) throw new UtilError(`${keyword.toLowerCase()} expects a number.`)
  return [keyword, text.bound(number)]
}

function valuesOf({ values }: Payload, verb: Verb): Payload {
  if (!isGiven(values)) throw new UtilError(`values are expected to be passed to ${verb}`)
  if (!isRecord(values)) throw new UtilError("Expected values to an Object.")
  return values
}

function returningText(text: SqlText, { returning }: Payload, { returns }: Dialect): string[] {
  if (!isGiven(returning)) return []
  const columns = columnsText(text, returning)
  if (!returns) throw new UtilError("returning is not supported in MySQL.")
  return ["RETURNING", columns]
}
