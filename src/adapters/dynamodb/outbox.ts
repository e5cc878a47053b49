import { type DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb"
import type { OutboxRow } from "../../core/parking.ts"
import { PoisonedError } from "../../core/poisoned.ts"
import type { Cipher, Outbox, OutboxKey } from "../../core/ports.ts"
import { inDays, isConditionFailure } from "./client.ts"
import { unpack } from "./packed.ts"
import { shardOf } from "./shard.ts"

export const publishedDays = 7
const pendingShards = 8
const waitingPrefix = "parked/"

/** Where the index of unpublished rows lists what failed for good; the sweep does not look there. */
export const failedShard = "failed"

/** Where the index of unpublished rows lists the row of a command. */
export const pendingShardOf = (key: string) => String(shardOf(key, pendingShards))

/** The key of a row whose command waits. */
export const waitingKey = (key: string) => `${waitingPrefix}${key}`

/** A row whose command waits does not expire. */
export const isWaiting = (key: string) => key.startsWith(waitingPrefix)

/** The outbox on DynamoDB. A row expires only once it is published. */
export function dynamoOutbox(client: DynamoDBDocumentClient, table: string, cipher: Cipher): Outbox {
  return {
    async markPublished(stream, key) {
      const expiry = isWaiting(key) ? {} : { ":at": inDays(publishedDays) }
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { stream, command: key },
            ConditionExpression: "attribute_exists(pending) AND pending <> :failed",
            UpdateExpression: `${isWaiting(key) ? "" : "SET expiresAt = :at "}REMOVE pending`,
            ExpressionAttributeValues: { ":failed": failedShard, ...expiry },
          }),
        )
      } catch (error) {
        if (!isConditionFailure(error)) throw error
      }
    },

    async unpublished(before, limit) {
      const found: OutboxKey[] = []
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
        for (const { stream, command } of page.Items ?? []) found.push({ stream: String(stream), key: String(command) })
      }
      return found
    },

    async entry(stream, key) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { stream, command: key }, ConsistentRead: true }),
      )
      return Item?.decided === undefined ? undefined : { stream, key, row: await openRow(cipher, Item.decided) }
    },
  }
}

/** What a row of the outbox carries. */
export const openRow = async (cipher: Cipher, decided: unknown): Promise<OutboxRow> =>
  (await cipher.open(unpacked(decided))) as OutboxRow

function unpacked(decided: unknown): string {
  try {
    return unpack(decided)
  } catch (error) {
    throw new PoisonedError("the row cannot be read", error)
  }
}
