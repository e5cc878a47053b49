import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb"

/** The ways to find traces by a text, on DynamoDB, to be removed. */
export const dynamoTracePointers = (client: DynamoDBDocumentClient, table: string) => ({
  /** Removes every way to find a trace by this text, and every note that somebody watches it; how many there were. */
  async unpoint(text: string): Promise<number> {
    return (
      (await removeAll(client, table, `find/${text}`)) +
      (await removeAll(client, table, `watch/${encodeURIComponent(text)}`))
    )
  },
})

async function removeAll(client: DynamoDBDocumentClient, table: string, id: string): Promise<number> {
  let removed = 0
  let start: Record<string, unknown> | undefined
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "id = :id",
        ExpressionAttributeValues: { ":id": id },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    )
    for (const { id, step } of page.Items ?? [])
      await client.send(new DeleteCommand({ TableName: table, Key: { id, step } }))
    removed += page.Items?.length ?? 0
    start = page.LastEvaluatedKey
  } while (start !== undefined)
  return removed
}
