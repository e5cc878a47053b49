import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb"
import type { Rebuild, UpkeepStore } from "../../core/upkeep.ts"
import { sourcePrefix, versionsIn } from "./sourceRecords.ts"

type Item = Readonly<Record<string, unknown>>

const rebuildKey = (view: string) => ({ partition: `rebuild/${view}`, sort: "." })
const forgottenPartition = "forgotten"

/** What upkeep keeps in the table of the views: rebuilds as they stand, and who was forgotten. */
export function dynamoUpkeepStore(client: DynamoDBDocumentClient, table: string): UpkeepStore {
  return {
    async rebuild(view) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: rebuildKey(view), ConsistentRead: true }),
      )
      return Item?.rebuild as Rebuild | undefined
    },

    async saveRebuild(rebuild) {
      await client.send(new PutCommand({ TableName: table, Item: { ...rebuildKey(rebuild.view), rebuild } }))
    },

    async sourceVersions(next) {
      const page = await client.send(
        new ScanCommand({
          TableName: table,
          FilterExpression: "begins_with(#partition, :sources)",
          ExpressionAttributeNames: { "#partition": "partition" },
          ExpressionAttributeValues: { ":sources": sourcePrefix },
          ConsistentRead: true,
          ...(next === undefined ? {} : { ExclusiveStartKey: JSON.parse(next) }),
        }),
      )
      return {
        records: versionsIn(page.Items ?? []),
        ...(page.LastEvaluatedKey === undefined ? {} : { next: JSON.stringify(page.LastEvaluatedKey) }),
      }
    },

    async addForgotten(subject, at) {
      await client.send(
        new PutCommand({ TableName: table, Item: { partition: forgottenPartition, sort: subject, at } }),
      )
    },

    async *forgotten(after = " ") {
      let start: Item | undefined
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: "#partition = :forgotten AND #sort > :after",
            ExpressionAttributeNames: { "#partition": "partition", "#sort": "sort" },
            ExpressionAttributeValues: { ":forgotten": forgottenPartition, ":after": after },
            ConsistentRead: true,
            ExclusiveStartKey: start,
          }),
        )
        for (const { sort } of page.Items ?? []) yield String(sort)
        start = page.LastEvaluatedKey
      } while (start !== undefined)
    },
  }
}
