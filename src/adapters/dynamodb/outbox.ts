import { type DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb"
import type { Decided } from "../../core/outcome.ts"
import type { Cipher, Outbox } from "../../core/ports.ts"
import { inDays, isConditionFailure } from "./client.ts"

const publishedDays = 7
const pendingShards = 8

/** The outbox on DynamoDB. A row expires only once it is published. */
export function dynamoOutbox(client: DynamoDBDocumentClient, table: string, cipher: Cipher): Outbox {
  return {
    async markPublished(stream, key) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { stream, command: key },
            UpdateExpression: "SET expiresAt = :at REMOVE pending",
            ConditionExpression: "attribute_exists(pending)",
            ExpressionAttributeValues: { ":at": inDays(publishedDays) },
          }),
        )
      } catch (error) {
        if (!isConditionFailure(error)) throw error
      }
    },

    async unpublished(before, limit) {
      const found: Decided[] = []
      for (let shard = 0; shard < pendingShards && found.length < limit; shard++) {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: "pending",
            KeyConditionExpression: "pending = :shard AND #at < :before",
            ExpressionAttributeNames: { "#at": "at" },
            ExpressionAttributeValues: { ":shard": String(shard), ":before": before },
            Limit: limit - found.length,
          }),
        )
        for (const { stream, command } of page.Items ?? []) {
          const { Item } = await client.send(
            new GetCommand({ TableName: table, Key: { stream, command }, ConsistentRead: true }),
          )
          if (Item?.pending !== undefined) found.push(await openDecided(cipher, String(Item.decided)))
        }
      }
      return found
    },
  }
}

/** The decided command that an outbox row carries. */
export const openDecided = async (cipher: Cipher, text: string): Promise<Decided> =>
  (await cipher.open(text)) as Decided
