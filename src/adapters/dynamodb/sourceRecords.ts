import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb"
import type { SourceRecord, ViewChange } from "../../core/ports.ts"
import type { SourceVersion } from "../../core/upkeep.ts"
import type { RowKey } from "../../core/view.ts"

type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number]
type Item = Readonly<Record<string, unknown>>

export const sourcePrefix = "source/"
/** All views over one aggregate share one item, an attribute each; a projection has an item of its own, since another function writes it. */
const viewsSort = "."

export const sourcePartition = (stream: string) => `${sourcePrefix}${stream}`

/** What the items in a stream's partition say of each view and projection. The shared item counts for more than a view's own from before. */
export const recordsIn = (items: readonly Item[]): ReadonlyMap<string, SourceRecord> => {
  const shared = items.filter(({ sort }) => sort === viewsSort)
  return new Map([...items.filter(({ sort }) => sort !== viewsSort), ...shared].flatMap(recordsOf))
}

/** How far each view and projection has come, by the items that a scan found. */
export const versionsIn = (items: readonly Item[]): readonly SourceVersion[] =>
  items.flatMap(item => {
    const stream = String(item.partition).slice(sourcePrefix.length)
    return recordsOf(item).map(([view, { version }]) => ({ stream, view, version }))
  })

function recordsOf({ partition: _, sort, ...attributes }: Item): readonly (readonly [string, SourceRecord])[] {
  if (sort !== viewsSort) return [[String(sort), recordOf(attributes)]]
  return Object.entries(attributes).map(([view, record]) => [view, recordOf(record as Item)])
}

const recordOf = ({ version, keys }: Item): SourceRecord => ({
  version: Number(version),
  keys: (keys ?? []) as RowKey[],
})

/** Records the changes of one stream's views, each where its record still is as it was read. */
export function recordChanges(table: string, stream: string, changes: readonly ViewChange[]): TransactItem {
  const views = changes.map(({ view, version, keys, expected }, at) => ({
    at,
    view,
    record: { version, keys },
    expected,
  }))
  return {
    Update: {
      TableName: table,
      Key: { partition: sourcePartition(stream), sort: viewsSort },
      UpdateExpression: `SET ${views.map(({ at }) => `#view${at} = :record${at}`).join(", ")}`,
      ConditionExpression: views
        .map(({ at }) => `(attribute_not_exists(#view${at}) OR #view${at}.#version = :expected${at})`)
        .join(" AND "),
      ExpressionAttributeNames: {
        "#version": "version",
        ...Object.fromEntries(views.map(({ at, view }) => [`#view${at}`, view])),
      },
      ExpressionAttributeValues: Object.fromEntries(
        views.flatMap(({ at, record, expected }) => [
          [`:record${at}`, record],
          [`:expected${at}`, expected],
        ]),
      ),
    },
  }
}
