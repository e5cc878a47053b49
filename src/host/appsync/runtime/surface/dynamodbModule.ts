import { isRecord } from "../run.ts"
import { dynamodb, toMapValues } from "./attributeValues.ts"
import { filterExpression } from "./filterExpression.ts"
import { createNameAliases } from "./nameAliases.ts"
import { operations, updateExpression } from "./updateExpression.ts"

type Payload = Record<string, unknown>

/** Options that a request carries as they are. */
const passedOn = [
  "index",
  "limit",
  "nextToken",
  "consistentRead",
  "totalSegments",
  "segment",
  "select",
  "scanIndexForward",
  "customPartitionKey",
  "populateIndexFields",
  "_version",
]

const present = (value: unknown): boolean => value !== undefined && value !== null

const options = (payload: Payload): Payload =>
  Object.fromEntries(passedOn.filter(name => present(payload[name])).map(name => [name, payload[name]]))

const optional = (name: string, value: unknown, write: (value: unknown) => unknown): Payload => {
  const member = present(value) ? write(value) : undefined
  return member === undefined ? {} : { [name]: member }
}

const condition = (payload: Payload): Payload => optional("condition", payload.condition, written)

const filter = (payload: Payload): Payload => optional("filter", payload.filter, written)

/** Without empty values; what cannot be written is left out, as on AWS. */
function written(object: unknown): Payload | undefined {
  const whole = filterExpression(object)
  if (whole === undefined) return undefined
  const { expression, expressionNames, expressionValues } = whole
  return { expression, expressionNames, ...(Object.keys(expressionValues).length > 0 ? { expressionValues } : {}) }
}

const projection = (payload: Payload): Payload => optional("projection", payload.projection, projected)

function projected(paths: unknown): Payload | undefined {
  if (!Array.isArray(paths) || paths.length === 0) return undefined
  const names = createNameAliases()
  const expression = paths.map(path => names.ofPath(String(path))).join(", ")
  return { expression, expressionNames: names.expressionNames }
}

const update = (payload: Payload): Payload => ({ update: updateExpression(payload.update) })

const perTable = (tables: unknown, write: (table: unknown) => unknown): Payload =>
  isRecord(tables) ? Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, write(table)])) : {}

const keysOf = (list: unknown): unknown => (Array.isArray(list) ? list.map(toMapValues) : [])

const batchKeys = (table: unknown): unknown =>
  isRecord(table)
    ? { keys: keysOf(table.keys), ...options({ consistentRead: table.consistentRead }), ...projection(table) }
    : keysOf(table)

const transactWrites: Record<string, (item: Payload) => Payload> = {
  putItem: item => ({ operation: "PutItem", ...target(item), attributeValues: toMapValues(item.item) }),
  updateItem: item => ({ operation: "UpdateItem", ...target(item), ...update(item) }),
  deleteItem: item => ({ operation: "DeleteItem", ...target(item) }),
  conditionCheck: item => ({ operation: "ConditionCheck", ...target(item) }),
}

const target = (item: Payload): Payload => ({ table: item.table, key: toMapValues(item.key) })

const transactWrite = (entry: unknown): Payload => {
  for (const [kind, item] of Object.entries(isRecord(entry) ? entry : {})) {
    const write = transactWrites[kind]
    if (write !== undefined && isRecord(item)) return { ...write(item), ...condition(item) }
  }
  throw new Error("A transaction item is one of putItem, updateItem, deleteItem and conditionCheck.")
}

const items = (payload: Payload): unknown[] => (Array.isArray(payload.items) ? payload.items : [])

/** `@aws-appsync/utils/dynamodb`: requests of the DynamoDB data source from plain values. */
export const dynamodbModule = {
  get: (payload: Payload) => ({
    operation: "GetItem",
    key: toMapValues(payload.key),
    ...options(payload),
    ...projection(payload),
  }),
  put: (payload: Payload) => ({
    operation: "PutItem",
    key: toMapValues(payload.key),
    attributeValues: toMapValues(payload.item),
    ...condition(payload),
    ...options(payload),
  }),
  update: (payload: Payload) => ({
    operation: "UpdateItem",
    key: toMapValues(payload.key),
    ...update(payload),
    ...condition(payload),
    ...options(payload),
  }),
  remove: (payload: Payload) => ({
    operation: "DeleteItem",
    key: toMapValues(payload.key),
    ...condition(payload),
    ...options(payload),
  }),
  query: (payload: Payload) => ({
    operation: "Query",
    ...optional("query", payload.query, written),
    ...options(payload),
    ...filter(payload),
    ...projection(payload),
  }),
  scan: (payload: Payload) => ({
    operation: "Scan",
    ...options(payload),
    ...filter(payload),
    ...projection(payload),
  }),
  batchGet: (payload: Payload) => ({ operation: "BatchGetItem", tables: perTable(payload.tables, batchKeys) }),
  batchPut: (payload: Payload) => ({ operation: "BatchPutItem", tables: perTable(payload.tables, keysOf) }),
  batchDelete: (payload: Payload) => ({ operation: "BatchDeleteItem", tables: perTable(payload.tables, keysOf) }),
  transactGet: (payload: Payload) => ({
    operation: "TransactGetItems",
    transactItems: items(payload).map(item => (isRecord(item) ? { ...target(item), ...projection(item) } : item)),
  }),
  transactWrite: (payload: Payload) => ({
    operation: "TransactWriteItems",
    transactItems: items(payload).map(transactWrite),
  }),
  toStringSet: dynamodb.toStringSet,
  toNumberSet: dynamodb.toNumberSet,
  toBinarySet: dynamodb.toBinarySet,
  operations,
}
