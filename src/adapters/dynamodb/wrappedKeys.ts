import { type DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb"
import type { WrappedKeys } from "../../core/ports.ts"
import { isConditionFailure } from "./client.ts"

/** Wrapped data keys in the key table. */
export function dynamoWrappedKeys(client: DynamoDBDocumentClient, table: string): WrappedKeys {
  return {
    async find(subject) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { subject }, ConsistentRead: true }))
      if (Item === undefined) return undefined
      return Item.wrapped === undefined ? "forgotten" : (Item.wrapped as Uint8Array)
    },

    async add(subject, wrapped) {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { subject, wrapped },
            ConditionExpression: "attribute_not_exists(subject)",
          }),
        )
        return true
      } catch (error) {
        if (isConditionFailure(error)) return false
        throw error
      }
    },

    async shred(subject, at) {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { subject },
          UpdateExpression: "SET forgottenAt = if_not_exists(forgottenAt, :at) REMOVE #wrapped",
          ExpressionAttributeNames: { "#wrapped": "wrapped" },
          ExpressionAttributeValues: { ":at": at },
          ReturnValues: "ALL_NEW",
        }),
      )
      return String(Attributes?.forgottenAt)
    },

    async *forgotten() {
      let start: Record<string, unknown> | undefined
      do {
        const page = await client.send(
          new ScanCommand({
            TableName: table,
            FilterExpression: "attribute_exists(forgottenAt)",
            ProjectionExpression: "subject",
            ConsistentRead: true,
            ExclusiveStartKey: start,
          }),
        )
        for (const item of page.Items ?? []) yield String(item.subject)
        start = page.LastEvaluatedKey
      } while (start !== undefined)
    },
  }
}
