import type { JsonObject } from "../../../host.ts"
import { BadRequest, isJsonObject } from "../dataSource.ts"
import { onConditionFailure } from "./conditionFailure.ts"
import type { Operation, Table } from "./table.ts"
import { expressionText, given, keyOf, placeholders, plainItem, wireMap } from "./wire.ts"

/** GetItem: the item or null. */
export const getItem: Operation = async (table, request) => {
  const input = {
    TableName: table.name,
    Key: keyOf(request),
    ...given("ConsistentRead", request.consistentRead),
    ...expressionText("ProjectionExpression", request.projection),
    ...placeholders(request.projection),
  }
  const { Item } = await table.send("GetItem", input, [{ action: "GetItem", table: table.name }])
  return { result: plainItem(Item) }
}

/** PutItem: the item as written. */
export const putItem: Operation = (table, request) =>
  onConditionFailure(table, request, async () => {
    const Item = itemOf(request)
    await write(table, "PutItem", { Item }, request)
    return plainItem(Item)
  })

/** UpdateItem: the item after the update. */
export const updateItem: Operation = (table, request) =>
  onConditionFailure(table, request, async () => {
    const { update } = request
    if (!isJsonObject(update)) throw new BadRequest("Value for field '$[update]' not found.")
    const change = { Key: keyOf(request), ...expressionText("UpdateExpression", update), ReturnValues: "ALL_NEW" }
    const { Attributes } = await write(table, "UpdateItem", change, request)
    return plainItem(Attributes)
  })

/** DeleteItem: the item that was there, or null. */
export const deleteItem: Operation = (table, request) =>
  onConditionFailure(table, request, async () => {
    const { Attributes } = await write(table, "DeleteItem", { Key: keyOf(request), ReturnValues: "ALL_OLD" }, request)
    return plainItem(Attributes)
  })

/** What a put writes: key and attributes in wire form. */
export const itemOf = (request: JsonObject): JsonObject => ({ ...wireMap(request.attributeValues), ...keyOf(request) })

const write = (table: Table, action: string, input: JsonObject, request: JsonObject): Promise<JsonObject> =>
  table.send(
    action,
    {
      TableName: table.name,
      ...input,
      ...expressionText("ConditionExpression", request.condition),
      ...placeholders(request.update, request.condition),
    },
    [{ action, table: table.name }],
  )
