import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb"
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
  }
}
