import { isDeepStrictEqual } from "node:util"
import type { Json, JsonObject } from "../../../host.ts"
import { BadRequest, isJsonObject } from "../dataSource.ts"
import type { Operation, Permission } from "./table.ts"
import { expressionText, given, placeholders, plainItem, wireMap } from "./wire.ts"

/** BatchGetItem: items in the order of the keys, null where there is none. */
export const batchGetItem: Operation = async (table, request) => {
  const wanted = tablesOf(request).map(([name, entry]) => {
    const options = isJsonObject(entry) ? entry : {}
    const keys = listOf(name, isJsonObject(entry) ? entry.keys : entry)
    return { name, keys, options, projection: projectionOf(options, keys[0] ?? {}) }
  })
  const RequestItems = Object.fromEntries(
    wanted.map(({ name, keys, options, projection }) => [
      name,
      { Keys: keys, ...given("ConsistentRead", options.consistentRead), ...projection.input },
    ]),
  )
  const answer = await table.send("BatchGetItem", { RequestItems }, permissions("BatchGetItem", wanted))
  const found = isJsonObject(answer.Responses) ? answer.Responses : {}
  return {
    result: {
      data: Object.fromEntries(
        wanted.map(({ name, keys, projection }) => [
          name,
          keys.map(key => plainItem(without(projection.added, itemFor(key, found[name])))),
        ]),
      ),
      unprocessedKeys: perTable(wanted, answer.UnprocessedKeys, entry => (isJsonObject(entry) ? entry.Keys : [])),
    },
  }
}

/** DynamoDB answers in any order, so that the key attributes are read too and taken out of the items again. */
function projectionOf(options: JsonObject, key: JsonObject): { input: JsonObject; added: readonly string[] } {
  const { ProjectionExpression } = expressionText("ProjectionExpression", options.projection)
  if (ProjectionExpression === undefined) return { input: {}, added: [] }
  const { ExpressionAttributeNames: names } = placeholders(options.projection)
  const known = isJsonObject(names) ? names : {}
  const added = Object.keys(key).filter(name => !Object.values(known).includes(name))
  const aliases = Object.fromEntries(added.map((name, index) => [`#batchKey_${index}`, name]))
  return {
    input: {
      ProjectionExpression: [ProjectionExpression, ...Object.keys(aliases)].join(", "),
      ExpressionAttributeNames: { ...known, ...aliases },
    },
    added,
  }
}

const without = (names: readonly string[], item: JsonObject | undefined): JsonObject | undefined =>
  item === undefined ? undefined : Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)))

const itemFor = (key: JsonObject, found: Json | undefined): JsonObject | undefined =>
  (Array.isArray(found) ? found : [])
    .filter(isJsonObject)
    .find(item => Object.entries(key).every(([name, value]) => isDeepStrictEqual(item[name], value)))

/** BatchPutItem: the items as written, null where one was left over. */
export const batchPutItem: Operation = (table, request) =>
  batchWrite(table, request, "PutRequest", "Item", "unprocessedItems")

/** BatchDeleteItem: the keys, null where one was left over. */
export const batchDeleteItem: Operation = (table, request) =>
  batchWrite(table, request, "DeleteRequest", "Key", "unprocessedKeys")

async function batchWrite(
  table: Parameters<Operation>[0],
  request: JsonObject,
  kind: "PutRequest" | "DeleteRequest",
  member: "Item" | "Key",
  leftOver: string,
): ReturnType<Operation> {
  const wanted = tablesOf(request).map(([name, entry]) => ({ name, keys: listOf(name, entry) }))
  const RequestItems = Object.fromEntries(
    wanted.map(({ name, keys }) => [name, keys.map(one => ({ [kind]: { [member]: one } }))]),
  )
  const answer = await table.send("BatchWriteItem", { RequestItems }, permissions("BatchWriteItem", wanted))
  const left = (entry: Json): Json =>
    (Array.isArray(entry) ? entry : []).map(one => {
      const inner = isJsonObject(one) ? one[kind] : undefined
      return (isJsonObject(inner) ? inner[member] : null) ?? null
    })
  const unprocessed = perTable(wanted, answer.UnprocessedItems, left)
  const data = wanted.map(({ name, keys }): [string, Json] => {
    const undone: Json = unprocessed[name] ?? []
    return [name, keys.map(plainItem).map(one => (includes(undone, one) ? null : one))]
  })
  return { result: { data: Object.fromEntries(data), [leftOver]: unprocessed } }
}

const includes = (list: Json, item: Json): boolean =>
  Array.isArray(list) && list.some(one => isDeepStrictEqual(one, item))

function tablesOf(request: JsonObject): [string, Json][] {
  if (!isJsonObject(request.tables)) throw new BadRequest("Value for field '$[tables]' not found.")
  return Object.entries(request.tables)
}

function listOf(name: string, list: Json | undefined): JsonObject[] {
  if (!Array.isArray(list) || list.length === 0)
    throw new BadRequest(`RequestItem keys '$[tables][${name}]' can't be empty`)
  return list.map(wireMap)
}

const permissions = (action: string, wanted: readonly { name: string }[]): Permission[] =>
  wanted.map(({ name }) => ({ action, table: name }))

const perTable = (
  wanted: readonly { name: string }[],
  unprocessed: Json | undefined,
  read: (entry: Json) => Json | undefined,
): JsonObject =>
  Object.fromEntries(
    wanted.map(({ name }) => {
      const left = isJsonObject(unprocessed) ? read(unprocessed[name] ?? []) : []
      return [name, Array.isArray(left) ? left.map(plainItem) : []]
    }),
  )
