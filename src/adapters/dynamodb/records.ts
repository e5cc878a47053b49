import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb"
import type { Outcome } from "../../core/outcome.ts"
import type { CommandRecord, EventStore } from "../../core/ports.ts"
import { inDays } from "./client.ts"

/** What was decided under an idempotency key, from the idempotency store. */
export const dynamoRecords = (client: DynamoDBDocumentClient, table: string): Pick<EventStore, "recall"> => ({
  async recall(key) {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: { id: key }, ConsistentRead: true }))
    return Item === undefined || Number(Item.expiration) < inDays(0) ? undefined : recordOf(Item)
  },
})

/** A command's record as the idempotency store holds it. */
export function recordOf(item: Readonly<Record<string, unknown>>): CommandRecord {
  const data = item.data as { stream: string; messageId: string; outcome: Outcome }
  return { payloadHash: String(item.validation), stream: data.stream, messageId: data.messageId, outcome: data.outcome }
}
