import type { Host, Json, JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"
import type { Access } from "./accesses.ts"
import { tableNameOf } from "./arns.ts"
import type { BackendReply } from "./backend.ts"

const reads = new Set(["GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"])
const writes = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"])
const refusedWrites = /ConditionalCheckFailedException|TransactionCanceledException/

/** Counts the capacity units of calls, by `<table>[/<index>] <operation>`; counts nothing when the host has no meter. */
export interface Capacity {
  /** The input that asks for consumed capacity too. */
  asking(operation: string, input: JsonObject): JsonObject
  /** Counts what the answer says, and answers what the caller asked for. */
  count(operation: string, input: JsonObject, accesses: readonly Access[], reply: BackendReply): BackendReply
}

export function createCapacity({ meter }: Pick<Host, "meter">): Capacity {
  if (meter === undefined)
    return { asking: (_, input) => input, count: (_operation, _input, _accesses, reply) => reply }

  const countOne = (metered: "dynamodb.readUnit" | "dynamodb.writeUnit", operation: string, consumed: JsonObject) => {
    const table = tableNameOf(String(consumed.TableName))
    meter(metered, `${table} ${operation}`, units(consumed.Table))
    for (const [index, capacity] of Object.entries(objectOf(consumed.GlobalSecondaryIndexes)))
      meter(metered, `${table}/${index} ${operation}`, units(capacity))
  }

  return {
    asking: (operation, input) =>
      reads.has(operation) || writes.has(operation) ? { ...input, ReturnConsumedCapacity: "INDEXES" } : input,

    count: (operation, input, accesses, reply) => {
      const metered = reads.has(operation) ? "dynamodb.readUnit" : "dynamodb.writeUnit"
      if (metered === "dynamodb.writeUnit" && !writes.has(operation)) return reply
      const text = reply.body.toString("utf8")
      if (reply.status >= 400) {
        // A refused write is billed as if it had been made [DynamoDB developer guide]; its size is not told: at least one unit.
        if (metered === "dynamodb.writeUnit" && refusedWrites.test(text))
          for (const { table } of accesses)
            meter(metered, `${tableNameOf(table)} ${operation}`, operation === "TransactWriteItems" ? 2 : 1)
        return reply
      }
      const { ConsumedCapacity: consumed, ...rest } = objectOf(JSON.parse(text))
      for (const one of Array.isArray(consumed) ? listOf(consumed) : [consumed ?? null])
        countOne(metered, operation, objectOf(one))
      return input.ReturnConsumedCapacity === undefined ? { ...reply, body: Buffer.from(JSON.stringify(rest)) } : reply
    },
  }
}

const units = (capacity: Json | undefined): number => Number(objectOf(capacity).CapacityUnits ?? 0)
