import { isRecord } from "../run.ts"
import { type Attribute, toDynamoDB } from "./attributeValues.ts"

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

const isOperation = (
  value: unknown,
): value is { type: string; value?: unknown; by?: unknown; items?: unknown; index?: number } =>
  isRecord(value) && typeof value.type === "string" && operationTypes.has(value.type)

/** What an update object becomes: `SET` parts and `REMOVE` parts; a nested plain object sets the members below it. */
export function updateExpression(update: unknown): {
  expression: string
  expressionNames: Record<string, string>
  expressionValues: Record<string, Attribute>
} {
  const expressionNames: Record<string, string> = {}
  const expressionValues: Record<string, Attribute> = {}
  const sets: string[] = []
  const removals: string[] = []

  const namePlaceholder = (attribute: string): string => {
    const name = `#expName_${Object.keys(expressionNames).length + 1}`
    expressionNames[name] = attribute
    return name
  }
  const valuePlaceholder = (value: unknown): string => {
    const name = `:expValue_${Object.keys(expressionValues).length + 1}`
    expressionValues[name] = toDynamoDB(value)
    return name
  }

  const apply = (path: string, value: unknown): void => {
    if (isOperation(value)) operate(path, value)
    else if (Array.isArray(value) && value.length > 0 && value.every(isOperation)) {
      for (const operation of value) operate(path, operation)
    } else if (isPlainMap(value)) {
      for (const [member, below] of Object.entries(value)) {
        if (below !== undefined) apply(`${path}.${namePlaceholder(member)}`, below)
      }
    } else sets.push(`${path} = ${valuePlaceholder(value)}`)
  }

  const operate = (
    path: string,
    operation: { type: string; value?: unknown; by?: unknown; items?: unknown; index?: number },
  ) => {
    switch (operation.type) {
      case "OPERATION_REMOVE":
        removals.push(path)
        return
      case "OPERATION_INCREMENT":
        sets.push(`${path} = ${path} + ${valuePlaceholder(operation.by)}`)
        return
      case "OPERATION_DECREMENT":
        sets.push(`${path} = ${path} - ${valuePlaceholder(operation.by)}`)
        return
      case "OPERATION_APPEND":
        sets.push(`${path} = list_append(${path}, ${valuePlaceholder(operation.items)})`)
        return
      case "OPERATION_PREPEND":
        sets.push(`${path} = list_append(${valuePlaceholder(operation.items)}, ${path})`)
        return
      case "OPERATION_UPDATE_LIST_ITEM":
        sets.push(`${path}[${operation.index}] = ${valuePlaceholder(operation.value)}`)
        return
      default:
        sets.push(`${path} = ${valuePlaceholder(operation.value)}`)
    }
  }

  if (isRecord(update)) {
    for (const [attribute, value] of Object.entries(update))
      if (value !== undefined) apply(namePlaceholder(attribute), value)
  }
  const clauses = [clause("SET", sets), clause("REMOVE", removals)].filter(text => text !== "")
  return { expression: clauses.join(" "), expressionNames, expressionValues }
}

const clause = (keyword: string, parts: string[]): string =>
  parts.length === 0 ? "" : `${keyword} ${parts.join(", ")}`

/** An object to look into; a set of `toStringSet` is a value. */
const isPlainMap = (value: unknown): value is Record<string, unknown> => isRecord(value) && "M" in toDynamoDB(value)
