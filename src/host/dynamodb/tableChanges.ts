import type { Json, JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"
import { keyNames } from "./catalogue.ts"

/**
 * The UpdateTable calls that turn a table on disk into the template's, in order; one index each, as DynamoDB asks.
 * Throws an Error when only a new table would do: another key or other local indexes.
 */
export function tableChanges(table: JsonObject, wanted: JsonObject): JsonObject[] {
  refuseNewKey(table, wanted)
  return [...indexChanges(table, wanted), ...streamChanges(table, wanted), ...protectionChanges(table, wanted)]
}

function refuseNewKey(table: JsonObject, wanted: JsonObject): void {
  const [before, after] = [keyText(table, table), keyText(wanted, wanted)]
  const [localBefore, localAfter] = [table, wanted].map(one =>
    JSON.stringify(
      indexesOf(one, "LocalSecondaryIndexes")
        .map(index => indexText(one, index))
        .sort(),
    ),
  )
  if (before === after && localBefore === localAfter) return
  const difference =
    before === after ? "other local indexes than the template" : `the key (${before}), the template wants (${after})`
  throw new Error(`table ${wanted.TableName} on disk has ${difference}: start with --fresh or delete .foldline`)
}

function indexChanges(table: JsonObject, wanted: JsonObject): JsonObject[] {
  const before = new Map(
    indexesOf(table, "GlobalSecondaryIndexes").map(index => [index.IndexName, indexText(table, index)]),
  )
  const after = new Map(indexesOf(wanted, "GlobalSecondaryIndexes").map(index => [index.IndexName, index]))
  const isKept = (name: Json | undefined, text: string) => {
    const index = after.get(name)
    return index !== undefined && indexText(wanted, index) === text
  }
  const removed = [...before]
    .filter(([name, text]) => !isKept(name, text))
    .map(([name]) => ({ Delete: { IndexName: name ?? null } }))
  const added = [...after]
    .filter(([name, index]) => before.get(name) !== indexText(wanted, index))
    .map(([, index]) => ({ Create: index }))
  return [
    ...removed.map(change => ({ GlobalSecondaryIndexUpdates: [change] })),
    ...added.map(change => ({
      GlobalSecondaryIndexUpdates: [change],
      AttributeDefinitions: wanted.AttributeDefinitions ?? [],
    })),
  ]
}

function streamChanges(table: JsonObject, wanted: JsonObject): JsonObject[] {
  const viewType = (one: JsonObject) => {
    const { StreamEnabled, StreamViewType } = objectOf(one.StreamSpecification)
    return StreamEnabled === true ? StreamViewType : undefined
  }
  const [before, after] = [viewType(table), viewType(wanted)]
  if (before === after) return []
  return [
    ...(before === undefined ? [] : [{ StreamSpecification: { StreamEnabled: false } }]),
    ...(after === undefined ? [] : [{ StreamSpecification: { StreamEnabled: true, StreamViewType: after } }]),
  ]
}

function protectionChanges(table: JsonObject, wanted: JsonObject): JsonObject[] {
  const isWanted = wanted.DeletionProtectionEnabled === true
  return (table.DeletionProtectionEnabled === true) === isWanted ? [] : [{ DeletionProtectionEnabled: isWanted }]
}

function indexesOf(table: JsonObject, kind: string): JsonObject[] {
  return listOf(table[kind]).map(objectOf)
}

/** Key attributes with their types, the hash key first. */
function keyText(table: JsonObject, tableOrIndex: JsonObject): string {
  const types = new Map(
    listOf(table.AttributeDefinitions)
      .map(objectOf)
      .map(one => [one.AttributeName, one.AttributeType]),
  )
  return keyNames(tableOrIndex)
    .map(name => `${name} ${types.get(name)}`)
    .join(", ")
}

function indexText(table: JsonObject, index: JsonObject): string {
  const { ProjectionType, NonKeyAttributes } = objectOf(index.Projection)
  return JSON.stringify([
    index.IndexName,
    keyText(table, index),
    ProjectionType ?? "ALL",
    listOf(NonKeyAttributes).map(String).sort(),
  ])
}
