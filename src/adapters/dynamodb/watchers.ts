import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb"
import type { Topic, Watchers } from "../../core/push.ts"

const batchMax = 100
const keyOf = ({ scope, kind }: Topic) => ({ id: `watch/${scope}`, step: kind })
const textOf = ({ id, step }: Readonly<Record<string, unknown>>) => `${id} ${step}`

/** Watchers on DynamoDB: a subscription's resolver writes one item, which expires; a strongly consistent read finds it. */
export const dynamoWatchers = (client: DynamoDBDocumentClient, table: string): Watchers => ({
  async watched(topics) {
    const watched = new Set<Topic>()
    for (let at = 0; at < topics.length; at += batchMax) {
      const batch = topics.slice(at, at + batchMax)
      const keys = [...new Map(batch.map(topic => [textOf(keyOf(topic)), keyOf(topic)])).values()]
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
      )
      const now = Date.now() / 1000
      const alive = (Responses?.[table] ?? []).filter(({ expiresAt }) => Number(expiresAt) > now)
      const found = new Set([...alive, ...(UnprocessedKeys?.[table]?.Keys ?? [])].map(textOf))
      for (const topic of batch) if (found.has(textOf(keyOf(topic)))) watched.add(topic)
    }
    return watched
  },
})
