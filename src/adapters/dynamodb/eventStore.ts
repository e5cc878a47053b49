import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb"
import { unmarshall } from "@aws-sdk/util-dynamodb"
import type { StoredEvent } from "../../core/aggregate.ts"
import { directoryShards } from "../../core/directory.ts"
import type { Outcome } from "../../core/outcome.ts"
import type { Marker } from "../../core/parking.ts"
import { subjectsOf } from "../../core/personal.ts"
import type { Cipher, CommandRecord, Commit, CommitResult, EventStore, Loaded } from "../../core/ports.ts"
import { parseStream } from "../../core/stream.ts"
import { cancellationReasons, inDays, isTransient } from "./client.ts"
import { aboutSubject, directoryOf, dynamoDirectory } from "./directory.ts"
import { sizeOf, tooLarge } from "./limits.ts"
import { isMarker, markerItem, markerOf, markerStands, versionIsFree } from "./marker.ts"
import { pendingShardOf } from "./outbox.ts"

export interface EventStoreTables {
  readonly events: string
  readonly idempotency: string
  readonly outbox: string
}

/** Longer than the longest redrive: dead letters live 14 days, and may be released at the end of it. */
const idempotencyDays = 45
/** Rows of the first page: one snapshot interval and a few for commits of several events. */
const pageSize = 25

type Item = Readonly<Record<string, unknown>>
type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number]

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
    const items = await transaction(commit)
    const limit = tooLarge(items.map(({ Put }) => sizeOf(Put?.Item)))
    if (limit !== undefined) return { status: "tooLarge", limit }
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items.map(item => ({ ...item })) }))
      return { status: "committed" }
    } catch (error) {
      return (await explain(error, commit, items)) ?? Promise.reject(error)
    }
  }

  /** The idempotency record comes first: a repeat must be told from a conflict. */
  async function transaction(commit: Commit): Promise<readonly TransactItem[]> {
    const { decided, behind } = commit
    return [
      {
        Put: {
          TableName: tables.idempotency,
          Item: {
            id: commit.key,
            status: "COMPLETED",
            expiration: inDays(idempotencyDays),
            validation: commit.payloadHash,
            data: {
              stream: decided.stream,
              messageId: decided.info.id,
              traceId: decided.info.traceId,
              outcome: decided.outcome,
            },
          },
          ConditionExpression: "attribute_not_exists(id) OR expiration < :now",
          ExpressionAttributeValues: { ":now": inDays(0) },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      {
        Put: {
          TableName: tables.outbox,
          Item: {
            stream: decided.stream,
            command: commit.key,
            decided: await cipher.seal(decided),
            at: new Date().toISOString(),
            pending: pendingShardOf(commit.key),
          },
        },
      },
      ...(await Promise.all(decided.events.map((event, index) => eventItem(commit, event, index)))),
      ...commit.claim.map(
        (claim): TransactItem => ({
          Put: {
            TableName: tables.events,
            Item: {
              ...claimKey(decided.stream, claim),
              holder: decided.stream,
              ...(claim.about === undefined ? {} : { directory: aboutSubject(cipher.nameOf(claim.about)) }),
            },
            ConditionExpression: "attribute_not_exists(holder) OR holder = :me",
            ExpressionAttributeValues: { ":me": decided.stream },
          },
        }),
      ),
      ...commit.release.map(
        (claim): TransactItem => ({
          Delete: {
            TableName: tables.events,
            Key: claimKey(decided.stream, claim),
            ConditionExpression: "attribute_not_exists(holder) OR holder = :me",
            ExpressionAttributeValues: { ":me": decided.stream },
          },
        }),
      ),
      ...commit.guards.map(
        ({ stream, version }): TransactItem => ({
          ConditionCheck: {
            TableName: tables.events,
            Key: { stream, version: version + 1 },
            ...versionIsFree,
          },
        }),
      ),
      ...mentions(decided).map((item): TransactItem => ({ Put: { TableName: tables.events, Item: item } })),
      ...(behind === undefined || decided.events.length === 0
        ? []
        : [markerAfter({ ...behind, version: behind.version + decided.events.length })]),
    ]
  }

  const markerAfter = (marker: Marker): TransactItem => ({
    Put: { TableName: tables.events, Item: markerItem(marker), ...isNew },
  })

  /** The directory leads from a subject to every stream that speaks of it. */
  const mentions = ({ stream, events }: Commit["decided"]) =>
    [...new Set(events.flatMap(({ data }) => subjectsOf(data)).map(cipher.nameOf))].map(name => ({
      stream: `${aboutSubject(name)}/${stream}`,
      version: 0,
      directory: aboutSubject(name),
    }))

  async function eventItem(
    commit: Commit,
    { type, schemaVersion, data, info }: StoredEvent,
    index: number,
  ): Promise<TransactItem> {
    const { aggregate } = parseStream(info.stream)
    const { snapshot, behind } = commit
    const last = index === commit.decided.events.length - 1
    return {
      Put: {
        TableName: tables.events,
        Item: {
          stream: info.stream,
          version: info.version,
          type,
          schemaVersion,
          data: await cipher.seal(data),
          commandId: info.commandId,
          actor: info.actor,
          traceId: info.traceId,
          causationId: info.causationId,
          hops: info.hops,
          traceparent: info.traceparent,
          at: info.time,
          ...(info.version === 1 ? { directory: directoryOf(aggregate, info.stream) } : {}),
          ...(last && snapshot !== undefined ? { state: await cipher.seal(snapshot.state), hash: snapshot.hash } : {}),
        },
        ...(index === 0 && behind !== undefined ? markerStands(behind) : isNew),
      },
    }
  }

  /** Maps reasons by index; undefined when the error is not one that a commit can answer. */
  async function explain(
    error: unknown,
    commit: Commit,
    items: readonly TransactItem[],
  ): Promise<CommitResult | undefined> {
    if (isTransient(error)) return { status: "busy" }
    const reasons = cancellationReasons(error)
    if (reasons === undefined) return undefined
    const failed = (index: number) => reasons[index]?.Code === "ConditionalCheckFailed"
    if (failed(0)) {
      const record = toRecord(reasons[0]?.Item) ?? (await recall(commit.key))
      return record === undefined ? { status: "busy" } : { status: "repeated", record }
    }
    const claimsAt = 2 + commit.decided.events.length
    const taken = commit.claim.find((_, index) => failed(claimsAt + index))
    if (taken !== undefined) return { status: "claimTaken", claim: taken.name }
    if (items.some((_, index) => failed(index))) return { status: "conflict" }
    return reasons.some(({ Code }) => Code === "ValidationError") ? undefined : { status: "busy" }
  }

  async function recall(key: string): Promise<CommandRecord | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tables.idempotency, Key: { id: key }, ConsistentRead: true }),
    )
    return Item === undefined || Number(Item.expiration) < inDays(0) ? undefined : recordOf(Item)
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

  return { load, commit, recall, read, streams }
}

const isNew = {
  ConditionExpression: "attribute_not_exists(#version)",
  ExpressionAttributeNames: { "#version": "version" },
}

const claimKey = (stream: string, { name, value }: { name: string; value: string }) => ({
  stream: `claim/${parseStream(stream).aggregate}.${name}/${value}`,
  version: 0,
})

/** An item in a cancellation reason comes as DynamoDB JSON. */
const toRecord = (item: Record<string, unknown> | undefined): CommandRecord | undefined =>
  item === undefined
    ? undefined
    : recordOf(typeof item.id === "string" ? item : unmarshall(item as Parameters<typeof unmarshall>[0]))

function recordOf(item: Item): CommandRecord {
  const data = item.data as { stream: string; messageId: string; outcome: Outcome }
  return { payloadHash: String(item.validation), stream: data.stream, messageId: data.messageId, outcome: data.outcome }
}
