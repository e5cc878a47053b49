import { type DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb"
import { unmarshall } from "@aws-sdk/util-dynamodb"
import type { StoredEvent } from "../../core/aggregate.ts"
import { directoryShards } from "../../core/directory.ts"
import type { Cipher, Claim, CommandRecord, Commit, CommitResult, EventStore, Loaded } from "../../core/ports.ts"
import { parseStream } from "../../core/stream.ts"
import { cancellationReasons, isTransient } from "./client.ts"
import { claimKey, commitItems, type EventStoreTables, failureOf } from "./commitItems.ts"
import { dynamoDirectory } from "./directory.ts"
import { sizeOf, tooLarge } from "./limits.ts"
import { isMarker, markerOf } from "./marker.ts"
import { dynamoRecords, recordOf } from "./records.ts"

/** Rows of the first page: one snapshot interval and a few for commits of several events. */
const pageSize = 25

type Item = Readonly<Record<string, unknown>>

/** The event store on DynamoDB: one item per event, everything of a decision in one TransactWriteItems. */
export function dynamoEventStore(client: DynamoDBDocumentClient, tables: EventStoreTables, cipher: Cipher): EventStore {
  const toEvent = async (item: Item): Promise<StoredEvent> => ({
    type: String(item.type),
    schemaVersion: Number(item.schemaVersion),
    data: (await cipher.open(String(item.data))) as Record<string, unknown>,
    info: {
      id: `${item.stream}/${item.version}`,
      stream: String(item.stream),
      version: Number(item.version),
      tenant: parseStream(String(item.stream)).tenant,
      commandId: String(item.commandId),
      actor: String(item.actor),
      traceId: String(item.traceId),
      hops: Number(item.hops),
      time: String(item.at),
      ...(item.causationId === undefined ? {} : { causationId: String(item.causationId) }),
      ...(item.traceparent === undefined ? {} : { traceparent: String(item.traceparent) }),
    },
  })

  async function load(stream: string, hash: string): Promise<Loaded> {
    const newer: Item[] = []
    let parked: Pick<Loaded, "parked"> = {}
    let from: Item | undefined
    let limit: number | undefined = pageSize
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: tables.events,
          KeyConditionExpression: "#stream = :stream",
          ExpressionAttributeNames: { "#stream": "stream" },
          ExpressionAttributeValues: { ":stream": stream },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
          ExclusiveStartKey: from,
        }),
      )
      for (const item of page.Items ?? []) {
        if (item.hash === hash) {
          const state = await cipher.open(String(item.state))
          return { snapshot: { version: Number(item.version), state }, events: await inOrder(newer), ...parked }
        }
        if (isMarker(item)) parked = { parked: markerOf(item) }
        else newer.push(item)
      }
      from = page.LastEvaluatedKey
      limit = undefined
    } while (from !== undefined)
    return { events: await inOrder(newer), ...parked }
  }

  const inOrder = (descending: readonly Item[]) => Promise.all([...descending].reverse().map(toEvent))

  async function commit(commit: Commit): Promise<CommitResult> {
    if (await cipher.forgets(commit.decided.events.map(({ data }) => data))) return { status: "forgotten" }
    const items = await commitItems(tables, cipher, commit)
    const limit = tooLarge(items.map(({ Put }) => sizeOf(Put?.Item)))
    if (limit !== undefined) return { status: "tooLarge", limit }
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items.map(item => ({ ...item })) }))
      return { status: "committed" }
    } catch (error) {
      return (await explain(error, commit)) ?? Promise.reject(error)
    }
  }

  /** What a commit that was not made answers; undefined when it cannot answer the error. */
  async function explain(error: unknown, commit: Commit): Promise<CommitResult | undefined> {
    if (isTransient(error)) return { status: "busy" }
    const reasons = cancellationReasons(error)
    if (reasons === undefined) return undefined
    if (reasons[0]?.Code !== "ConditionalCheckFailed")
      return failureOf(
        commit,
        reasons.map(({ Code }) => Code),
      )
    const record = toRecord(reasons[0].Item) ?? (await recall(commit.key))
    return record === undefined ? { status: "busy" } : { status: "repeated", record }
  }

  const { recall } = dynamoRecords(client, tables.idempotency)

  /** By a query, which whoever rehydrates may make anyway. */
  async function holder(aggregate: string, claim: Pick<Claim, "name" | "value">): Promise<string | undefined> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tables.events,
        KeyConditionExpression: "#stream = :claim",
        ExpressionAttributeNames: { "#stream": "stream" },
        ExpressionAttributeValues: { ":claim": claimKey(aggregate, claim).stream },
        ConsistentRead: true,
      }),
    )
    return Items[0] === undefined ? undefined : String(Items[0].holder)
  }

  async function* read(stream: string, from: number, to = Number.MAX_SAFE_INTEGER): AsyncIterable<StoredEvent> {
    let start: Item | undefined
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: tables.events,
          KeyConditionExpression: "#stream = :stream AND #version BETWEEN :from AND :to",
          ExpressionAttributeNames: { "#stream": "stream", "#version": "version" },
          ExpressionAttributeValues: { ":stream": stream, ":from": Math.max(from, 1), ":to": to },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      )
      for (const item of page.Items ?? []) if (!isMarker(item)) yield await toEvent(item)
      start = page.LastEvaluatedKey
    } while (start !== undefined)
  }

  const directory = dynamoDirectory(client, tables.events, cipher.nameOf)
  async function* streams(aggregate: string): AsyncIterable<string> {
    for (let shard = 0; shard < directoryShards; shard++) yield* directory.part(aggregate, shard)
  }

  return { load, commit, recall, holder, read, streams }
}

/** An item in a cancellation reason comes as DynamoDB JSON. */
const toRecord = (item: Record<string, unknown> | undefined): CommandRecord | undefined =>
  item === undefined
    ? undefined
    : recordOf(typeof item.id === "string" ? item : unmarshall(item as Parameters<typeof unmarshall>[0]))
