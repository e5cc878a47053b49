import type { JsonObject } from "../../../host.ts"
import { BadRequest, isJsonObject, type SourceResult } from "../dataSource.ts"
import { openKey, sealKey } from "./pageToken.ts"
import type { Operation, Table } from "./table.ts"
import { expressionText, given, placeholders, plainItem } from "./wire.ts"

/** Query: `{items, nextToken, scannedCount}`. */
export const query: Operation = (table, request) => {
  if (!isJsonObject(request.query)) throw new BadRequest("Value for field '$[query]' not found.")
  const ordered = {
    ...expressionText("KeyConditionExpression", request.query),
    ...given("ScanIndexForward", request.scanIndexForward),
  }
  return page(table, "Query", request, ordered)
}

/** Scan: the same page, of the whole table or index. */
export const scan: Operation = (table, request) =>
  page(table, "Scan", request, {
    ...given("TotalSegments", request.totalSegments),
    ...given("Segment", request.segment),
  })

async function page(table: Table, action: string, request: JsonObject, own: JsonObject): Promise<SourceResult> {
  const index = typeof request.index === "string" ? request.index : undefined
  const tokenScope = `${table.call.resolverId}/${table.name}/${index ?? ""}/${action}`
  const start = typeof request.nextToken === "string" ? openKey(tokenScope, request.nextToken) : undefined
  const input = {
    TableName: table.name,
    ...own,
    ...given("IndexName", index),
    ...given("Limit", request.limit),
    ...given("ConsistentRead", request.consistentRead),
    ...given("Select", request.select),
    ...given("ExclusiveStartKey", start),
    ...expressionText("FilterExpression", request.filter),
    ...expressionText("ProjectionExpression", request.projection),
    ...placeholders(request.query, request.filter, request.projection),
  }
  const answer = await table.send(action, input, [
    { action, table: table.name, ...(index === undefined ? {} : { index }) },
  ])
  const lastKey = answer.LastEvaluatedKey
  return {
    result: {
      items: Array.isArray(answer.Items) ? answer.Items.map(plainItem) : [],
      nextToken: isJsonObject(lastKey) ? sealKey(tokenScope, lastKey) : null,
      scannedCount: answer.ScannedCount ?? 0,
    },
  }
}
