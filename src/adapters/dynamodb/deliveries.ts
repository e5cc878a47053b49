import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb"
import type { BusMessage, Cipher, Deliveries, Delivery } from "../../core/ports.ts"
import { inDays } from "./client.ts"
import { failedShard, isWaiting, openRow, publishedDays } from "./outbox.ts"

const listed = failedShard
const prefix = "delivery/"

/** Deliveries that failed for good on DynamoDB: rows of the outbox, its own or made for a message on the bus. */
export function dynamoDeliveries(client: DynamoDBDocumentClient, table: string, cipher: Cipher): Deliveries {
  async function toDelivery(item: Record<string, unknown>): Promise<Delivery> {
    const what = await contentOf(item).catch(() => undefined)
    return {
      stream: String(item.stream),
      key: String(item.command),
      cause: String(item.cause),
      at: String(item.failedAt),
      ...(what === undefined ? {} : { what }),
    }
  }

  const contentOf = async (item: Record<string, unknown>): Promise<Delivery["what"]> =>
    item.message === undefined
      ? { kind: "row", row: await openRow(cipher, item.decided) }
      : { kind: "message", message: (await cipher.open(String(item.message))) as BusMessage }

  return {
    async keepRow({ stream, key }, cause, at) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stream, command: key },
          UpdateExpression: "SET pending = :listed, cause = :cause, failedAt = :at REMOVE expiresAt",
          ConditionExpression: "attribute_exists(decided)",
          ExpressionAttributeValues: { ":listed": listed, ":cause": cause, ":at": at },
        }),
      )
    },

    async keepMessage({ stream, cause, at }, message) {
      const Item = {
        stream,
        command: `${prefix}${message.channel}/${message.event.id}`,
        message: await cipher.seal(message),
        cause,
        at,
        failedAt: at,
        pending: listed,
      }
      await client.send(new PutCommand({ TableName: table, Item }))
    },

    async of(stream) {
      const found: Delivery[] = []
      let start: Record<string, unknown> | undefined
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: "#stream = :stream",
            FilterExpression: "pending = :listed",
            ExpressionAttributeNames: { "#stream": "stream" },
            ExpressionAttributeValues: { ":stream": stream, ":listed": listed },
            ConsistentRead: true,
            ExclusiveStartKey: start,
          }),
        )
        found.push(...(await Promise.all((page.Items ?? []).map(toDelivery))))
        start = page.LastEvaluatedKey
      } while (start !== undefined)
      return found.sort((one, other) => (one.at < other.at ? -1 : 1))
    },

    async list(limit, nextToken) {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "pending",
          KeyConditionExpression: "pending = :listed",
          ExpressionAttributeValues: { ":listed": listed },
          Limit: limit,
          ...(nextToken === undefined ? {} : { ExclusiveStartKey: JSON.parse(nextToken) }),
        }),
      )
      const items = await Promise.all(
        (page.Items ?? []).map(({ stream, command }) =>
          client.send(new GetCommand({ TableName: table, Key: { stream, command }, ConsistentRead: true })),
        ),
      )
      const still = items.flatMap(({ Item }) => (Item?.pending === listed ? [Item] : []))
      return {
        deliveries: await Promise.all(still.map(toDelivery)),
        ...(page.LastEvaluatedKey === undefined ? {} : { nextToken: JSON.stringify(page.LastEvaluatedKey) }),
      }
    },

    async settle({ stream, key }) {
      const Key = { stream, command: key }
      if (key.startsWith(prefix)) await client.send(new DeleteCommand({ TableName: table, Key }))
      else
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key,
            ConditionExpression: "attribute_exists(decided)",
            UpdateExpression: `${isWaiting(key) ? "" : "SET expiresAt = :at "}REMOVE pending, cause, failedAt`,
            ...(isWaiting(key) ? {} : { ExpressionAttributeValues: { ":at": inDays(publishedDays) } }),
          }),
        )
    },
  }
}
