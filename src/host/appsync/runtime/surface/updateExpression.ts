import { isRecord } from "../run.ts"
import { type Attribute, toDynamoDB } from "./attributeValues.ts"
import type { Expression } from "./filterExpression.ts"
import { createNameAliases } from "./nameAliases.ts"

/** What `operations.…` of `@aws-appsync/utils/dynamodb` make. */
export const operations = {
  add: (value: unknown) => ({ type: "OPERATION_ADD", value }),
  remove: () => ({ type: "OPERATION_REMOVE" }),
  replace: (value: unknown) => ({ type: "OPERATION_REPLACE", value }),
  increment: (by = 1) => ({ type: "OPERATION_INCREMENT", by }),
  decrement: (by = 1) => ({ type: "OPERATION_DECREMENT", by }),
  append: (items: unknown) => ({ type: "OPERATION_APPEND", items }),
  prepend: (items: unknown) => ({ type: "OPERATION_PREPEND", items }),
  updateListItem: (value: unknown, index: number) => ({ type: "OPERATION_UPDATE_LIST_ITEM", value, index }),
}

const operationTypes = new Set(Object.values(operations).map(operation => operation(1, 0).type))

interface Operation {
  readonly type: string
  readonly value?: unknown
  readonly by?: unknown
  readonly items?: unknown
  readonly index?: number
}

const isOperation = (value: unknown): value is Operation =>
  isRecord(value) && typeof value.type === "string" && operationTypes.has(value.type)

/** One change: the attribute, with the members on the way to it, and what happens to it. */
interface Change {
  readonly path: readonly string[]
  readonly operation: Operation
}

/**
 * What an update object becomes: one `SET` and one `REMOVE` clause, placeholders numbered in the order of the text; a nested plain
 * object sets the members below it.
 */
export function updateExpression(update: unknown): Expression {
  const expressionValues: Record<string, Attribute> = {}
  const placeholderOf = (value: unknown): string => {
    const name = `:expValue_${Object.keys(expressionValues).length + 1}`
    expressionValues[name] = toDynamoDB(value)
    return name
  }
  const names = createNameAliases()
  const nameOf = ({ path }: Change): string => path.map(names.of).join(".")

  const changes = changesOf([], isRecord(update) ? update : {})
  const isRemoval = ({ operation }: Change): boolean => operation.type === "OPERATION_REMOVE"
  const sets = changes.filter(change => !isRemoval(change))
  const clauses = [
    clause(
      "SET",
      sets.map(change => setText(change.operation, nameOf(change), placeholderOf)),
    ),
    clause("REMOVE", changes.filter(isRemoval).map(nameOf)),
  ]
  const expression = clauses.filter(text => text !== "").join(" ")
  return { expression, expressionNames: names.expressionNames, expressionValues }
}

const changesOf = (path: readonly string[], members: Readonly<Record<string, unknown>>): Change[] =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .flatMap(([member, value]) => changesAt([...path, member], value))

function changesAt(path: readonly string[], value: unknown): Change[] {
  if (isOperation(value)) return [{ path, operation: value }]
  if (Array.isArray(value) && value.length > 0 && value.every(isOperation)) {
    return value.map(operation => ({ path, operation }))
  }
  return isPlainMap(value) ? changesOf(path, value) : [{ path, operation: operations.replace(value) }]
}

function setText(operation: Operation, name: string, placeholderOf: (value: unknown) => string): string {
  switch (operation.type) {
    case "OPERATION_INCREMENT":
      return `${name} = ${name} + ${placeholderOf(operation.by)}`
    case "OPERATION_DECREMENT":
      return `${name} = ${name} - ${placeholderOf(operation.by)}`
    case "OPERATION_APPEND":
      return `${name} = list_append(${name}, ${placeholderOf(operation.items)})`
    case "OPERATION_PREPEND":
      return `${name} = list_append(${placeholderOf(operation.items)}, ${name})`
    case "OPERATION_UPDATE_LIST_ITEM":
      return `${name}[${operation.index}] = ${placeholderOf(operation.value)}`
    default:
      return `${name} = ${placeholderOf(operation.value)}`
  }
}

const clause = (keyword: string, parts: string[]): string =>
  parts.length === 0 ? "" : `${keyword} ${parts.join(", ")}`

/** An object to look into; a set of `toStringSet` is a value. */
const isPlainMap = (value: unknown): value is Record<string, unknown> => isRecord(value) && "M" in toDynamoDB(value)
