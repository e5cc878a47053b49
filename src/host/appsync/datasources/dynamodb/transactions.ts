import { AwsError, type Json, type JsonObject } from "../../../host.ts"
import { BadRequest, isJsonObject, type SourceResult } from "../dataSource.ts"
import { errorOf, type Operation, type Permission } from "./table.ts"
import { expressionText, itemOf, keyOf, placeholders, plainItem } from "./wire.ts"

/** TransactGetItems: the items in order, or null and why the transaction was cancelled. */
export const transactGetItems: Operation = async (table, request) => {
  const items = itemsOf(request)
  const input = {
    TransactItems: items.map(item => ({
      Get: {
        TableName: tableOf(item),
        Key: keyOf(item),
        ...expressionText("ProjectionExpression", item.projection),
        ...placeholders(item.projection),
      },
    })),
  }
  const permissions = items.map(item => ({ action: "GetItem", table: tableOf(item) }))
  return orCancelled("items", async () => {
    const { Responses } = await table.send("TransactGetItems", input, permissions)
    return (Array.isArray(Responses) ? Responses : []).map(one => (isJsonObject(one) ? plainItem(one.Item) : null))
  })
}

/** TransactWriteItems: the keys in order, or null and why the transaction was cancelled. */
export const transactWriteItems: Operation = async (table, request) => {
  const items = itemsOf(request)
  const writes = items.map(writeOf)
  return orCancelled("keys", async () => {
    const input = { TransactItems: writes.map(({ input }) => input) }
    await table.send(
      "TransactWriteItems",
      input,
      writes.map(({ permission }) => permission),
    )
    return items.map(item => plainItem(keyOf(item)))
  })
}

const kinds: Record<string, { member: string; action: string }> = {
  PutItem: { member: "Put", action: "PutItem" },
  UpdateItem: { member: "Update", action: "UpdateItem" },
  DeleteItem: { member: "Delete", action: "DeleteItem" },
  ConditionCheck: { member: "ConditionCheck", action: "ConditionCheckItem" },
}

function writeOf(item: JsonObject): { input: JsonObject; permission: Permission } {
  const kind = kinds[String(item.operation)]
  if (kind === undefined) throw new BadRequest(`Unsupported operation '${item.operation}' in transactItems.`)
  const condition = isJsonObject(item.condition) ? item.condition : {}
  const write = {
    TableName: tableOf(item),
    ...(kind.member === "Put" ? { Item: itemOf(item) } : { Key: keyOf(item) }),
    ...expressionText("UpdateExpression", item.update),
    ...expressionText("ConditionExpression", condition),
    ...placeholders(item.update, condition),
    ...(condition.returnValuesOnConditionCheckFailure === false
      ? {}
      : { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
  }
  return { input: { [kind.member]: write }, permission: { action: kind.action, table: tableOf(item) } }
}

function itemsOf(request: JsonObject): JsonObject[] {
  const { transactItems } = request
  if (!Array.isArray(transactItems)) throw new BadRequest("Value for field '$[transactItems]' not found.")
  return transactItems.filter(isJsonObject)
}

const tableOf = (item: JsonObject): string => {
  if (typeof item.table === "string") return item.table
  throw new BadRequest("Value for field '$[transactItems][table]' not found.")
}

async function orCancelled(member: "items" | "keys", run: () => Promise<Json>): Promise<SourceResult> {
  try {
    return { result: { [member]: await run(), cancellationReasons: null } }
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "TransactionCanceledException") throw error
    const reasons = error.detail.CancellationReasons
    return {
      result: { [member]: null, cancellationReasons: Array.isArray(reasons) ? reasons.map(reasonOf) : [] },
      error: errorOf(error),
    }
  }
}

function reasonOf(reason: Json): Json {
  if (!isJsonObject(reason)) return null
  const { Code: code, Message: message, Item: item } = reason
  return {
    ...(isJsonObject(item) ? { item: plainItem(item) } : {}),
    type: code === "ConditionalCheckFailed" ? "ConditionCheckFailed" : (code ?? "None"),
    message: message ?? "None",
  }
}
