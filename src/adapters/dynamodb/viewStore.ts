import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb"
import { PoisonedError } from "../../core/poisoned.ts"
import type { SourceRecord, StoredRow, ViewChange, ViewStore } from "../../core/ports.ts"
import type { RowKey } from "../../core/view.ts"
import { cancellationReasons, inDays, isConditionFailure, isRefused, isTransient } from "./client.ts"
import { transactionItemsMax } from "./limits.ts"
import { recordChanges, recordsIn, sourcePartition } from "./sourceRecords.ts"

/** Longer than any message that could bring the row back. */
const tombstoneDays = 45

type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number]
type Item = Readonly<Record<string, unknown>>

/** The view store on DynamoDB: all views in one table, rows and source record of one snapshot in one transaction. */
export function dynamoViewStore(client: DynamoDBDocumentClient, table: string): ViewStore {
  async function sources(stream: string): Promise<ReadonlyMap<string, SourceRecord>> {
    const items: Item[] = []
    let start: Item | undefined
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "#partition = :partition",
          ExpressionAttributeNames: { "#partition": "partition" },
          ExpressionAttributeValues: { ":partition": sourcePartition(stream) },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      )
      items.push(...(page.Items ?? []))
      start = page.LastEvaluatedKey
    } while (start !== undefined)
    return recordsIn(items)
  }

  const replace = (changes: readonly ViewChange[]) =>
    write(changes).catch(error => {
      throw isRefused(error) ? new PoisonedError("the store cannot take its rows", error) : error
    })

  async function write(changes: readonly ViewChange[]): Promise<"written" | "stale"> {
    const [first] = changes
    if (first === undefined) return "written"
    const record = recordChanges(table, first.stream, changes)
    const rows = changes.flatMap(({ puts, deletes }) => [...puts.map(put), ...deletes.map(remove)])
    if (rows.length < transactionItemsMax) return transact([...rows, record])
    // Too many for one transaction: rows first, each newer-wins, and the record of them last.
    for (const change of changes) await writeOneByOne(change)
    return transact([record])
  }

  async function writeOneByOne({ puts, deletes, version }: ViewChange): Promise<void> {
    const newer = {
      ConditionExpression: "attribute_not_exists(#version) OR #version <= :version",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":version": version },
    }
    const writes = [
      ...puts.map(row => () => client.send(new PutCommand({ TableName: table, Item: rowItem(row), ...newer }))),
      ...deletes.map(key => () => client.send(new DeleteCommand({ TableName: table, Key: keyOf(key), ...newer }))),
    ]
    for (const write of writes)
      await write().catch(error => {
        if (!isConditionFailure(error)) throw error
      })
  }

  async function transact(items: TransactItem[]): Promise<"written" | "stale"> {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items }))
      return "written"
    } catch (error) {
      const reasons = cancellationReasons(error)
      const conditional = reasons?.every(({ Code }) => Code !== "ValidationError")
      if (conditional === true || isTransient(error)) return "stale"
      throw error
    }
  }

  const put = (row: StoredRow): TransactItem => ({ Put: { TableName: table, Item: rowItem(row) } })
  const remove = (key: RowKey): TransactItem => ({ Delete: { TableName: table, Key: keyOf(key) } })

  const putRevision = (
    key: RowKey,
    row: Readonly<Record<string, unknown>>,
    revision: number,
    streams: number,
  ): TransactItem => ({
    Put: {
      TableName: table,
      Item: { ...keyOf(key), row, revision: revision + 1, streams },
      ...is("revision", revision),
    },
  })
  const removeRevision = (key: RowKey, revision: number): TransactItem => ({
    Delete: { TableName: table, Key: keyOf(key), ...is("revision", revision) },
  })
  const progressItem = (projection: string, stream: string, from: number, to: number) => ({
    TableName: table,
    Item: { partition: sourcePartition(stream), sort: projection, version: to },
    ...versionIs(from),
  })

  async function get(key: RowKey): Promise<StoredRow | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }))
    return Item === undefined ? undefined : storedRow(key, Item)
  }

  async function list(partition: string, max: number): Promise<readonly StoredRow[]> {
    const rows: StoredRow[] = []
    let start: Item | undefined
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "#partition = :partition",
          ExpressionAttributeNames: { "#partition": "partition" },
          ExpressionAttributeValues: { ":partition": partition },
          ConsistentRead: true,
          Limit: max - rows.length,
          ExclusiveStartKey: start,
        }),
      )
      for (const item of page.Items ?? [])
        if (item.gone !== true) rows.push(storedRow({ partition, sort: String(item.sort) }, item))
      start = page.LastEvaluatedKey
    } while (start !== undefined && rows.length < max)
    return rows
  }

  const item = async (Key: Record<string, string>): Promise<Item | undefined> =>
    (await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))).Item

  return {
    sources,
    replace,
    get,
    list,

    async progress(projection, key, stream) {
      const [row, progress] = await Promise.all([
        item(keyOf(key)),
        item({ partition: sourcePartition(stream), sort: projection }),
      ])
      return {
        ...(row === undefined ? {} : { row: row.row as Record<string, unknown> }),
        revision: Number(row?.revision ?? 0),
        streams: Number(row?.streams ?? 0),
        version: Number(progress?.version ?? 0),
      }
    },

    async advance({ stream, projection, key, row, revision, streams, from, to }) {
      const progress = progressItem(projection, stream, from, to)
      if (row !== undefined) return transact([putRevision(key, row, revision, streams), { Put: progress }])
      return client.send(new PutCommand(progress)).then(
        () => "written" as const,
        error => {
          if (isConditionFailure(error)) return "stale"
          throw error
        },
      )
    },

    rewrite: ({ projection, key, row, revision, streams, setBack }) =>
      transact([
        row === undefined ? removeRevision(key, revision) : putRevision(key, row, revision, streams),
        ...setBack.map(({ stream, from, to }) => ({ Put: progressItem(projection, stream, from, to) })),
      ]),
  }
}

const storedRow = (key: RowKey, item: Item): StoredRow => ({
  ...keyOf(key),
  row: item.gone ? null : (item.row as StoredRow["row"]),
  source: String(item.source),
  version: Number(item.version),
  ...(item.at === undefined ? {} : { at: String(item.at) }),
  indexes: indexesOf(item),
})

const keyOf = ({ partition, sort }: RowKey) => ({ partition, sort })

const indexesOf = (item: Item): readonly RowKey[] =>
  [1, 2, 3]
    .filter(index => item[`partition${index}`] !== undefined)
    .map(index => ({ partition: String(item[`partition${index}`]), sort: String(item[`sort${index}`]) }))

function rowItem({ row, source, version, indexes, ...key }: StoredRow): Record<string, unknown> {
  const indexKeys = Object.fromEntries(
    (indexes ?? []).flatMap(({ partition, sort }, index) => [
      [`partition${index + 1}`, partition],
      [`sort${index + 1}`, sort],
    ]),
  )
  if (row === null) return { ...keyOf(key), gone: true, source, version, expiresAt: inDays(tombstoneDays) }
  return { ...keyOf(key), row, source, version, ...(key.at === undefined ? {} : { at: key.at }), ...indexKeys }
}

const versionIs = (expected: number) => is("version", expected)

/** The attribute has this value; 0 also means that there is no item yet. */
const is = (attribute: string, expected: number) => ({
  ConditionExpression:
    expected === 0 ? "attribute_not_exists(#attribute) OR #attribute = :expected" : "#attribute = :expected",
  ExpressionAttributeNames: { "#attribute": attribute },
  ExpressionAttributeValues: { ":expected": expected },
})
