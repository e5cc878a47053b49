import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb"
import { commandKey } from "../../core/outcome.ts"
import type { Marker, Parking, Waiting } from "../../core/parking.ts"
import type { Cipher } from "../../core/ports.ts"
import { cancellationReasons, inDays, isConditionFailure, isTransient } from "./client.ts"
import type { EventStoreTables } from "./commitItems.ts"
import { isMarker, markerDirectory, markerItem, markerOf, markerStands } from "./marker.ts"
import { pendingShardOf, waitingKey } from "./outbox.ts"

const keyOf = (waiting: Waiting) => ({ stream: waiting.behind, command: waitingKey(commandKey(waiting.info)) })

/** Parking on DynamoDB: the marker is a row of the event store, what waits are rows of the outbox in the stream's partition. */
export function dynamoParking(client: DynamoDBDocumentClient, tables: EventStoreTables, cipher: Cipher): Parking {
  const { events, outbox, idempotency } = tables

  async function find(stream: string): Promise<Marker | undefined> {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: events,
        KeyConditionExpression: "#stream = :stream",
        ExpressionAttributeNames: { "#stream": "stream" },
        ExpressionAttributeValues: { ":stream": stream },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 1,
      }),
    )
    const last = Items?.[0]
    return isMarker(last) ? markerOf(last) : undefined
  }

  const firstArrival = async (waiting: Waiting) => {
    const { Item } = await client.send(new GetCommand({ TableName: outbox, Key: keyOf(waiting), ConsistentRead: true }))
    return Item && { messageId: String(Item.messageId), payloadHash: String(Item.payloadHash) }
  }

  return {
    find,

    async park(marker) {
      try {
        await client.send(
          new PutCommand({
            TableName: events,
            Item: markerItem(marker),
            ConditionExpression: "attribute_not_exists(#version)",
            ExpressionAttributeNames: { "#version": "version" },
          }),
        )
        return "parked"
      } catch (error) {
        if (isConditionFailure(error)) return "moved"
        throw error
      }
    },

    async wait(marker, waiting) {
      const row = {
        ...keyOf(waiting),
        decided: await cipher.seal(waiting),
        at: waiting.decidedAt,
        pending: pendingShardOf(commandKey(waiting.info)),
        position: marker.arrived + 1,
        messageId: waiting.info.id,
        payloadHash: waiting.payloadHash,
      }
      const next = markerItem({ ...marker, arrived: marker.arrived + 1 })
      const items = [
        {
          Put: {
            TableName: outbox,
            Item: row,
            ConditionExpression: "attribute_not_exists(#stream)",
            ExpressionAttributeNames: { "#stream": "stream" },
          },
        },
        { Put: { TableName: events, Item: next, ...markerStands(marker) } },
        {
          ConditionCheck: {
            TableName: idempotency,
            Key: { id: commandKey(waiting.info) },
            ConditionExpression: "attribute_not_exists(id) OR expiration < :now",
            ExpressionAttributeValues: { ":now": inDays(0) },
          },
        },
      ]
      try {
        await client.send(new TransactWriteCommand({ TransactItems: items }))
        return { status: "waits" }
      } catch (error) {
        const reasons = cancellationReasons(error)
        if (reasons === undefined && !isTransient(error)) throw error
        const first = await firstArrival(waiting)
        if (first !== undefined) return { status: "repeated", ...first }
        const isMoved = reasons?.some(({ Code }) => Code === "ConditionalCheckFailed") ?? false
        return { status: isMoved ? "moved" : "busy" }
      }
    },

    async waiting(stream) {
      const rows: Record<string, unknown>[] = []
      let start: Record<string, unknown> | undefined
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: outbox,
            KeyConditionExpression: "#stream = :stream AND begins_with(command, :prefix)",
            ExpressionAttributeNames: { "#stream": "stream" },
            ExpressionAttributeValues: { ":stream": stream, ":prefix": waitingKey("") },
            ConsistentRead: true,
            ExclusiveStartKey: start,
          }),
        )
        rows.push(...(page.Items ?? []))
        start = page.LastEvaluatedKey
      } while (start !== undefined)
      rows.sort((one, other) => Number(one.position) - Number(other.position))
      return Promise.all(rows.map(async ({ decided }) => (await cipher.open(String(decided))) as Waiting))
    },

    async leave(waiting) {
      await client.send(new DeleteCommand({ TableName: outbox, Key: keyOf(waiting) }))
    },

    async release(marker) {
      const { stream, version } = marker
      try {
        await client.send(new DeleteCommand({ TableName: events, Key: { stream, version }, ...markerStands(marker) }))
        return "released"
      } catch (error) {
        if (isConditionFailure(error)) return "moved"
        throw error
      }
    },

    async markers(limit, nextToken) {
      const page = await client.send(
        new QueryCommand({
          TableName: events,
          IndexName: "directory",
          KeyConditionExpression: "directory = :directory",
          ExpressionAttributeValues: { ":directory": markerDirectory },
          Limit: limit,
          ...(nextToken === undefined ? {} : { ExclusiveStartKey: JSON.parse(nextToken) }),
        }),
      )
      const found = await Promise.all((page.Items ?? []).map(({ stream }) => find(String(stream))))
      return {
        markers: found.filter(marker => marker !== undefined),
        ...(page.LastEvaluatedKey === undefined ? {} : { nextToken: JSON.stringify(page.LastEvaluatedKey) }),
      }
    },
  }
}
