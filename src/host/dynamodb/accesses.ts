import type { Json, JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"

/** One thing that a call does to one table: its IAM action, and the item or key where the call names one. */
export interface Access {
  readonly action: string
  /** Name or ARN as the call gives it; `*` when the call is about no table. */
  readonly table: string
  readonly index?: string
  readonly item?: JsonObject
}

const transactActions: Record<string, string> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
}

const writes = new Set([
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "BatchWriteItem",
  "PartiQLInsert",
  "PartiQLUpdate",
  "PartiQLDelete",
])

/** Does this access change items? */
export function isWrite({ action }: Access): boolean {
  return writes.has(action)
}

/** What a call does, item by item. A transaction needs the action of each of its items, a batch its own [IAM reference of DynamoDB]. */
export function accessesOf(operation: string, input: JsonObject): Access[] {
  switch (operation) {
    case "TransactWriteItems":
    case "TransactGetItems":
      return listOf(input.TransactItems).flatMap(item => Object.entries(objectOf(item)).map(transactAccess))
    case "BatchWriteItem":
    case "BatchGetItem":
      return Object.entries(objectOf(input.RequestItems)).flatMap(([table, requests]) =>
        batchAccesses(operation, table, requests),
      )
    case "ExecuteStatement":
      return [statementAccess(input.Statement)]
    case "BatchExecuteStatement":
      return listOf(input.Statements).map(statement => statementAccess(objectOf(statement).Statement))
    case "ExecuteTransaction":
      return listOf(input.TransactStatements).map(statement => statementAccess(objectOf(statement).Statement))
    default:
      return [access(operation, input)]
  }
}

function access(action: string, input: JsonObject): Access {
  const index = textOf(input.IndexName)
  const item = input.Key ?? input.Item
  return {
    action,
    table: textOf(input.TableName) ?? textOf(input.ResourceArn) ?? textOf(input.StreamArn) ?? "*",
    ...(index !== undefined && { index }),
    ...(item !== undefined && { item: objectOf(item) }),
  }
}

function transactAccess([kind, part]: [string, Json]): Access {
  return access(transactActions[kind] ?? kind, objectOf(part))
}

function batchAccesses(action: string, table: string, requests: Json): Access[] {
  const items =
    action === "BatchGetItem"
      ? listOf(objectOf(requests).Keys)
      : listOf(requests).map(
          request => objectOf(objectOf(request).PutRequest).Item ?? objectOf(objectOf(request).DeleteRequest).Key,
        )
  return items.map(item => ({ action, table, item: objectOf(item) }))
}

function statementAccess(statement: Json | undefined): Access {
  const text = String(statement ?? "")
  const verb = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? ""
  const target = /(?:\bfrom|\binto|^\s*update)\s+(?:"([^"]+)"|([\w-]+))(?:\."?([\w.-]+)"?)?/i.exec(text)
  const action = `PartiQL${verb.charAt(0).toUpperCase()}${verb.slice(1)}`
  const index = target?.[3]
  return { action, table: target?.[1] ?? target?.[2] ?? "*", ...(index !== undefined && { index }) }
}
