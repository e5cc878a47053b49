import type { JsonObject } from "../../../host.ts"
import { BadRequest, isJsonObject } from "../dataSource.ts"
import { onConditionFailure } from "./conditionFailure.ts"
import type { Operation, Table } from "./table.ts"
import { expressionText, given, itemOf, keyOf, placeholders, plainItem } from "./wire.ts"

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
  onConditionFailure(
    table,
    request,
    async () => {
      const Item = itemOf(request)
      await write(table, "PutItem", { Item }, request)
      return plainItem(Item)
    },
    retry,
  )

/** UpdateItem: the item after the update. */
export const updateItem: Operation = (table, request) =>
  onConditionFailure(
    table,
    request,
    async () => {
      const { update } = request
      if (!isJsonObject(update)) throw new BadRequest("Value for field '$[update]' not found.")
      const change = { Key: keyOf(request), ...expressionText("UpdateExpression", update), ReturnValues: "ALL_NEW" }
      const { Attributes } = await write(table, "UpdateItem", change, request)
      return plainItem(Attributes)
    },
    retry,
  )

/** DeleteItem: the item that was there, or null. */
export const deleteItem: Operation = (table, request) =>
  onConditionFailure(
    table,
    request,
    async () => {
      const { Attributes } = await write(table, "DeleteItem", { Key: keyOf(request), ReturnValues: "ALL_OLD" }, request)
      return plainItem(Attributes)
    },
    retry,
  )

/** The operations that may have a condition. */
const writes: Record<string, Operation> = { PutItem: putItem, UpdateItem: updateItem, DeleteItem: deleteItem }

const retry: Operation = (table, request) => {
  const operation = writes[String(request.operation)]
  if (operation === undefined) throw new BadRequest("retryMapping must be a PutItem, UpdateItem or DeleteItem request.")
  return operation(table, request)
}

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
