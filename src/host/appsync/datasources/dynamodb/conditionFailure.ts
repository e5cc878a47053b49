import { isDeepStrictEqual } from "node:util"
import { AwsError, type Json, type JsonObject } from "../../../host.ts"
import { BadRequest, isJsonObject, type SourceResult } from "../dataSource.ts"
import { errorOf, type Operation, type Table } from "./table.ts"
import { itemOf, keyOf, plainItem } from "./wire.ts"

/**
 * Runs a conditional write. When its condition fails AppSync reads the item: a put that wanted exactly what is there and a delete
 * of nothing succeed; else the request's strategy decides, Reject (the error beside the current item) by default. `retry` runs the request that a Custom
 * strategy wants instead.
 */
export async function onConditionFailure(
  table: Table,
  request: JsonObject,
  write: () => Promise<Json>,
  retry: Operation,
): Promise<SourceResult> {
  try {
    return { result: await write() }
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ConditionalCheckFailedException") throw error
    const condition = isJsonObject(request.condition) ? request.condition : {}
    const current = await currentItem(table, request, condition)
    const settled = settles(request, condition, current)
    const rejected = { result: plainItem(current), error: errorOf(error) }
    if (settled) return { result: plainItem(current) }
    const handler = condition.conditionalCheckFailedHandler
    if (!isJsonObject(handler) || handler.strategy !== "Custom") return rejected
    return customStrategy(table, request, handler, rejected, retry)
  }
}

async function currentItem(table: Table, request: JsonObject, condition: JsonObject): Promise<JsonObject | undefined> {
  const input = { TableName: table.name, Key: keyOf(request), ConsistentRead: condition.consistentRead !== false }
  const { Item } = await table.send("GetItem", input, [{ action: "GetItem", table: table.name }])
  return isJsonObject(Item) ? Item : undefined
}

function settles(request: JsonObject, condition: JsonObject, current: JsonObject | undefined): boolean {
  if (request.operation === "DeleteItem") return current === undefined
  if (request.operation !== "PutItem" || current === undefined) return false
  const ignored = Array.isArray(condition.equalsIgnore) ? condition.equalsIgnore : []
  const compared = (item: JsonObject) =>
    plainItem(Object.fromEntries(Object.entries(item).filter(([name]) => !ignored.includes(name))))
  return isDeepStrictEqual(compared(itemOf(request)), compared(current))
}

/** Asks the Lambda of the handler: reject, discard (success with the current item), or retry with another request. */
async function customStrategy(
  table: Table,
  request: JsonObject,
  handler: JsonObject,
  rejected: SourceResult,
  retry: Operation,
): Promise<SourceResult> {
  const { host, principal, call } = table
  const event: JsonObject = {
    arguments: call.field.arguments,
    requestMapping: request,
    currentValue: rejected.result,
    resolver: {
      tableName: table.name,
      awsRegion: host.region,
      parentType: call.field.parentType,
      field: call.field.fieldName,
    },
    identity: call.field.identity,
  }
  const { payload, functionError } = await host.lambda.invoke(String(handler.lambdaArn), event, { principal })
  const answer = functionError === undefined && isJsonObject(payload) ? payload : {}
  if (answer.action === "discard") return { result: rejected.result }
  if (answer.action !== "retry") return rejected
  if (!isJsonObject(answer.retryMapping))
    throw new BadRequest("The condition handler asked for a retry without retryMapping.")
  return retry(table, withoutHandler(answer.retryMapping))
}

/** A retry is asked about once only: if its own condition fails, it is rejected. */
const withoutHandler = (mapping: JsonObject): JsonObject => {
  if (!isJsonObject(mapping.condition)) return mapping
  const { conditionalCheckFailedHandler: _, ...condition } = mapping.condition
  return { ...mapping, condition }
}
