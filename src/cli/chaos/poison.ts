import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb"
import { marshall } from "@aws-sdk/util-dynamodb"
import { clientSettings, resourceNamed } from "./access.ts"
import type { Local } from "./hostProcess.ts"

/** Where an event stands that was planted. */
export interface Poisoned {
  readonly stream: string
  readonly version: number
}

const attemptsMax = 20

/** Puts an event that no code knows where a stream's next one would stand. Throws when the stream never holds still. */
export async function poison(local: Local, stream: string): Promise<Poisoned> {
  const client = new DynamoDBClient(clientSettings(local))
  const TableName = resourceNamed(local, "EventStore")
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const { Items: [last] = [] } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "#stream = :stream",
        ExpressionAttributeNames: { "#stream": "stream" },
        ExpressionAttributeValues: { ":stream": { S: stream } },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 1,
      }),
    )
    const version = Number(last?.version?.N ?? 0) + 1
    const event = { type: "AccountBewitched", schemaVersion: 1, data: "{}", commandId: "none", actor: "nobody" }
    const Item = marshall({ stream, version, ...event, traceId: "none", hops: 0, at: new Date().toISOString() })
    try {
      await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(version)" }))
      return { stream, version }
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    }
  }
  throw new Error(`${stream} did not hold still to be poisoned`)
}
