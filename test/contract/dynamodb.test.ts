import { randomUUID } from "node:crypto"
import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, expect, test } from "vitest"
import { dynamoReceipts } from "../../src/adapters/dynamodb/receipts.ts"
import { dynamoTrack } from "../../src/adapters/dynamodb/track.ts"
import { dynamoUpkeepStore } from "../../src/adapters/dynamodb/upkeepStore.ts"
import { dynamoViewStore } from "../../src/adapters/dynamodb/viewStore.ts"
import { dynamoWatchers } from "../../src/adapters/dynamodb/watchers.ts"
import { dynamoWrappedKeys } from "../../src/adapters/dynamodb/wrappedKeys.ts"
import type { RowKey } from "../../src/core/view.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { storesOf } from "../slice/stores.ts"
import { directoryContract } from "./directoryContract.ts"
import { commitOf, eventStoreContract } from "./eventStoreContract.ts"
import { parkingContract } from "./parkingContract.ts"
import { trackContract } from "./trackContract.ts"
import { viewStoreContract } from "./viewStoreContract.ts"
import { viewVersionContract } from "./viewVersionContract.ts"

let running: RunningHost
beforeAll(async () => {
  running = await startLocalHost()
}, 120_000)
afterAll(() => running?.stop())

eventStoreContract("on DynamoDB", async () => {
  const { client, named, cipher, events } = storesOf(running)
  const keys = dynamoWrappedKeys(client, named("KeyTable"))
  const forget = async (subject: string) => void (await keys.shred(cipher.nameOf(subject), new Date().toISOString()))
  return { store: events, forget }
})
test("loading a stream of 10,000 events reads what loading one of 40 reads", async () => {
  const { client, events } = storesOf(running)
  let unitsRead = 0
  // Of this client only: the host's functions read too, in the background.
  client.middlewareStack.add(
    (next, context) => async args => {
      const counted = context.commandName === "QueryCommand" ? { ReturnConsumedCapacity: "TOTAL" as const } : {}
      const answer = await next({ ...args, input: { ...args.input, ...counted } })
      const { ConsumedCapacity } = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } }
      unitsRead += ConsumedCapacity?.CapacityUnits ?? 0
      return answer
    },
    { step: "initialize" },
  )
  const grow = async (stream: string, length: number, each: number) => {
    for (let version = 0; version < length; version += each) {
      const commit = commitOf(stream, version, each)
      const snapshot = { hash: "reducer-1", state: commit.decided.state }
      await events.commit({ ...commit, snapshot })
    }
  }
  const unitsOf = async (stream: string) => {
    const before = unitsRead
    await events.load(stream, "reducer-1")
    return unitsRead - before
  }
  const [short, long] = ["40", "10000"].map(length => `tenant/counter/${length}-${randomUUID()}`) as [string, string]
  await grow(short, 40, 40)
  await grow(long, 10_000, 80)
  expect(await unitsOf(short)).toBeGreaterThan(0)
  expect(await unitsOf(long)).toBeLessThanOrEqual((await unitsOf(short)) * 1.2)
}, 120_000)
parkingContract("on DynamoDB", async () => {
  const { events, parking } = storesOf(running)
  return { events, parking }
})
directoryContract("on DynamoDB", async () => storesOf(running))
viewStoreContract("on DynamoDB", async () => {
  const { client, named } = storesOf(running)
  return dynamoViewStore(client, named("ViewStore"))
})
test("a view whose source record is an item of its own, from before, goes on from it", async () => {
  const { client, named } = storesOf(running)
  const table = named("ViewStore")
  const [stream, view] = [`tenant/thing/${randomUUID()}`, "things.1"]
  const [old, kept] = ["old", "kept"].map(sort => ({ partition: `${stream}/${view}`, sort })) as [RowKey, RowKey]
  for (const Item of [
    { partition: `source/${stream}`, sort: view, version: 3, keys: [old] },
    { ...old, row: {}, source: stream, version: 3 },
  ])
    await client.send(new PutCommand({ TableName: table, Item }))
  const views = dynamoViewStore(client, table)
  expect((await views.sources(stream)).get(view)).toEqual({ version: 3, keys: [old] })
  const change = {
    stream,
    view,
    puts: [{ ...kept, row: {}, source: stream, version: 4 }],
    deletes: [old],
    keys: [kept],
  }
  expect(await views.replace([{ ...change, version: 4, expected: 3 }])).toBe("written")
  expect(await views.replace([{ ...change, version: 4, expected: 3 }])).toBe("stale")
  expect((await views.sources(stream)).get(view)).toEqual({ version: 4, keys: [kept] })
  expect(await views.get(old)).toBeUndefined()
})
test("watchers are found while their note lasts", async () => {
  const { client, named } = storesOf(running)
  const table = named("TraceTable")
  const watch = (scope: string, expiresAt: number) =>
    client.send(new PutCommand({ TableName: table, Item: { id: `watch/${scope}`, step: "members", expiresAt } }))
  await watch("now", Date.now() / 1000 + 60)
  await watch("over", Date.now() / 1000 - 60)
  const topics = ["now", "over", "never"].map(scope => ({ scope, kind: "members" }))
  const watched = await dynamoWatchers(client, table).watched([...topics, { scope: "now", kind: "account" }])
  expect([...watched]).toEqual([{ scope: "now", kind: "members" }])
})
viewVersionContract("on DynamoDB", async () => {
  const { client, named, events, directory } = storesOf(running)
  const table = named("ViewStore")
  return { events, directory, views: dynamoViewStore(client, table), upkeep: dynamoUpkeepStore(client, table) }
})
trackContract("on DynamoDB", async () => {
  const { client, named } = storesOf(running)
  const table = named("TraceTable")
  const query = async (id: string) =>
    (
      await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "id = :id",
          ExpressionAttributeValues: { ":id": id },
          ConsistentRead: true,
        }),
      )
    ).Items ?? []
  return {
    track: dynamoTrack(client, table),
    receipts: dynamoReceipts(client, table),
    receipt: async (actor, commandId, tenant) =>
      (
        await client.send(
          new GetCommand({
            TableName: table,
            Key: { id: `receipt/${actor}/${commandId}`, step: tenant },
            ConsistentRead: true,
          }),
        )
      ).Item,
    steps: async traceId =>
      (await query(`trace/${traceId}`)).map(item => ({
        step: String(item.kind),
        ...(item.message ? { message: String(item.message) } : {}),
      })),
    find: async value => (await query(`find/${value}`)).map(item => String(item.traceId)),
  }
})
