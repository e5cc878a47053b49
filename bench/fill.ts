import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { BatchWriteCommand, type DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb"
import { reducerHashes } from "../infra/reducerHashes.ts"
import { commitItems } from "../src/adapters/dynamodb/commitItems.ts"
import { dynamoViewStore } from "../src/adapters/dynamodb/viewStore.ts"
import { subjectCipher } from "../src/adapters/personal/cipher.ts"
import { account } from "../src/contexts/accounts/account.ts"
import { accountCounts } from "../src/contexts/accounts/accountCounts.ts"
import { membership } from "../src/contexts/accounts/membership.ts"
import { app } from "../src/contexts/index.ts"
import { type AnyAggregate, claimsOf, fold, type StoredEvent } from "../src/core/aggregate.ts"
import type { Commit } from "../src/core/ports.ts"
import { snapshotEvery } from "../src/core/run/commitOf.ts"
import { viewChanges } from "../src/core/run/updateViews.ts"
import { streamOf } from "../src/core/stream.ts"
import { partitionKey, storedName } from "../src/core/view.ts"
import { root } from "./host.ts"

/** Names of the tables that are filled. */
export interface FilledTables {
  readonly events: string
  readonly views: string
}

/** An account that is written past the command path. */
export interface FilledAccount {
  readonly id: string
  readonly ownerId: string
  /** Events of the account itself: it is opened, and then renamed. */
  readonly events: number
  /** Members beside the owner. */
  readonly members: number
}

let hashesKnown: ReturnType<typeof reducerHashes> | undefined
const batchMax = 25
const batchesAtOnce = 8
const notWritten = "not written"
const time = "2026-01-05T08:00:00.000Z"

/** A personal value would need a key; what is filled in holds none. */
export const keylessCipher = subjectCipher({
  keyOf: () => Promise.reject(new Error("the benchmark writes no personal values")),
})

/**
 * Writes accounts as their commands, views and projections would have left them: the items are those that the adapters make, taken
 * from their transactions and written in batches, without conditions. Outbox and idempotency rows are left out: their streams would start
 * the functions. Gives how many items were written.
 */
export async function fill(
  client: DynamoDBDocumentClient,
  tables: FilledTables,
  accounts: readonly FilledAccount[],
): Promise<number> {
  hashesKnown ??= reducerHashes(app, join(root, "src", "contexts"))
  const hashes = await hashesKnown
  const batches = batchWriter(client)
  const views = dynamoViewStore(batches.recorder, tables.views)
  const append = async (aggregate: AnyAggregate, stream: string, facts: readonly Fact[], ownerId: string) => {
    let state: unknown = aggregate.initial
    for (let from = 0; from < facts.length; from += snapshotEvery) {
      const chunk = facts.slice(from, from + snapshotEvery)
      const events = chunk.map((fact, index) => storedEvent(stream, from + index + 1, fact, ownerId))
      const before = state
      state = fold(aggregate, events, before)
      const commit = commitOf(aggregate, stream, events, state, ownerId, before, hashes[aggregate.name] ?? "")
      const eventTables = { events: tables.events, idempotency: notWritten, outbox: notWritten }
      await batches.write(await commitItems(eventTables, keylessCipher, commit))
      if (from + snapshotEvery < facts.length) continue
      const changes = viewChanges(app, commit.decided as Parameters<typeof viewChanges>[1], new Map())
      if (changes.length > 0) await views.replace(changes)
    }
  }
  for (const { id, ownerId, events, members } of accounts) {
    const stream = streamOf({ tenant: id, aggregate: account.name, id })
    await append(account, stream, accountFacts(id, ownerId, events), ownerId)
    const parts = [{ stream, version: events }]
    for (let member = 1; member <= members; member++) {
      const personId = randomUUID()
      const joined = streamOf({ tenant: id, aggregate: membership.name, id: personId })
      await append(membership, joined, [{ type: "MemberJoined", data: memberData(id, personId) }], ownerId)
      parts.push({ stream: joined, version: 1 })
    }
    for (const [index, part] of parts.entries())
      await views.advance({
        stream: part.stream,
        projection: storedName(accountCounts),
        key: {
          partition: partitionKey(storedName(accountCounts), accountCounts.partition, { accountId: id }),
          sort: ".",
        },
        row: { accountId: id, members: members + 1, openInvitations: 0 },
        revision: index,
        streams: index + 1,
        from: 0,
        to: part.version,
      })
  }
  return batches.flush()
}

interface Fact {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

const accountFacts = (accountId: string, ownerId: string, count: number): readonly Fact[] =>
  Array.from({ length: count }, (_, index) =>
    index === 0
      ? { type: "AccountOpened", data: { accountId, name: "An account", slug: slugOf(accountId), ownerId } }
      : { type: "AccountRenamed", data: { accountId, name: `Name ${index}`, slug: slugOf(accountId) } },
  )

const slugOf = (accountId: string) => `f-${accountId.slice(0, 23)}`
const memberData = (accountId: string, personId: string) => ({ accountId, personId, role: "member" })

const storedEvent = (stream: string, version: number, { type, data }: Fact, actor: string): StoredEvent => ({
  type,
  schemaVersion: 1,
  data,
  info: {
    id: `${stream}/${version}`,
    stream,
    version,
    tenant: stream.split("/")[0] ?? "",
    commandId: randomUUID(),
    actor,
    traceId: randomUUID(),
    hops: 0,
    time,
  },
})

function commitOf(
  aggregate: AnyAggregate,
  stream: string,
  events: readonly StoredEvent[],
  state: unknown,
  actor: string,
  before: unknown,
  hash: string,
): Commit {
  const last = events.at(-1)?.info
  const version = last?.version ?? 0
  const held = claimsOf(aggregate, before)
  return {
    key: randomUUID(),
    payloadHash: "",
    decided: {
      stream,
      commandType: "benchmark",
      info: {
        id: randomUUID(),
        traceId: last?.traceId ?? "",
        commandId: last?.commandId ?? "",
        hops: 0,
        actor: { id: actor, kind: "person", groups: [] },
        tenant: stream.split("/")[0] ?? "",
        time,
      },
      outcome: { status: "COMMITTED", version, eventCount: events.length },
      decidedAt: time,
      events,
      state,
    },
    expected: version - events.length,
    ...(version % snapshotEvery === 0 ? { snapshot: { state, hash } } : {}),
    claim: Object.entries(claimsOf(aggregate, state))
      .filter(([name, value]) => held[name] !== value)
      .map(([name, value]) => ({ name, value })),
    release: [],
    guards: [],
  }
}

type Item = Record<string, unknown>
type TransactItem = Awaited<ReturnType<typeof commitItems>>[number]

/** Collects the puts of transactions and writes them in batches; the last put of an item wins. */
function batchWriter(client: DynamoDBDocumentClient) {
  let waiting = new Map<string, { table: string; item: Item }>()
  let written = 0
  const flush = async () => {
    const puts = [...waiting.values()]
    waiting = new Map()
    written += puts.length
    const batches = Array.from({ length: Math.ceil(puts.length / batchMax) }, (_, index) =>
      puts.slice(index * batchMax, (index + 1) * batchMax),
    )
    await Promise.all(batches.map(batch => client.send(new BatchWriteCommand({ RequestItems: byTable(batch) }))))
    return written
  }
  const write = async (items: readonly TransactItem[]) => {
    for (const { Put } of items)
      if (Put?.Item !== undefined && Put.TableName !== undefined && Put.TableName !== notWritten)
        waiting.set(keyOf(Put.TableName, Put.Item), { table: Put.TableName, item: Put.Item })
    if (waiting.size >= batchMax * batchesAtOnce) await flush()
  }
  const recorder = {
    send: async (command: unknown) => {
      if (!(command instanceof TransactWriteCommand)) throw new Error("only transactions are taken down")
      await write(command.input.TransactItems ?? [])
      return {}
    },
  }
  return { recorder: recorder as unknown as DynamoDBDocumentClient, write, flush }
}

const keyOf = (table: string, { partition, sort, stream, version }: Item) =>
  JSON.stringify(partition === undefined ? [table, stream, version] : [table, partition, sort])

function byTable(puts: readonly { table: string; item: Item }[]) {
  const requests: Record<string, { PutRequest: { Item: Item } }[]> = {}
  for (const { table, item } of puts) {
    requests[table] ??= []
    requests[table].push({ PutRequest: { Item: item } })
  }
  return requests
}
