import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { EventStore, EventType } from "@castore/core"
import { DynamoDBSingleTableEventStorageAdapter } from "@castore/event-storage-adapter-dynamodb"
import { type Balance, depositedData, type Engine, openedData } from "./engine.ts"
import { createTable } from "./tables.ts"

type Opened = ReturnType<typeof openedData>
type Deposited = ReturnType<typeof depositedData>

const table = "bench-castore"
const batchMax = 25

/** Castore with its DynamoDB adapter: one Query of the whole stream, one conditional Put; no idempotency, no outbox. */
export async function castoreEngine(endpoint: string): Promise<Engine> {
  const client = new DynamoDBClient({ endpoint })
  await createTable(client, table, "aggregateId:S version:N", { initialEvents: "eventStoreId:S timestamp:S" })
  const store = new EventStore({
    eventStoreId: "bank",
    eventTypes: [
      new EventType<"Opened", Opened>({ type: "Opened" }),
      new EventType<"Deposited", Deposited>({ type: "Deposited" }),
    ],
    reducer: (state: Balance & { aggregateId: string; version: number }, event) => ({
      aggregateId: event.aggregateId,
      version: event.version,
      status: "open" as const,
      balance: event.type === "Deposited" ? state.balance + event.payload.amount : 0,
    }),
    eventStorageAdapter: new DynamoDBSingleTableEventStorageAdapter({ tableName: table, dynamoDBClient: client }),
  })
  return {
    name: "Castore 2.4.2 on DynamoDB",
    workersMax: 32,
    accountsMax: 128,
    historyMax: 1_000,
    async seed(ids, count) {
      let batch: object[] = []
      const flush = async () => {
        if (batch.length > 0)
          await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: batch as never } }))
        batch = []
      }
      for (const id of ids)
        for (let version = 1; version <= count; version++) {
          batch.push({ PutRequest: { Item: row(id, version) } })
          if (batch.length === batchMax) await flush()
        }
      await flush()
    },
    open: id => store.pushEvent({ aggregateId: id, version: 1, type: "Opened", payload: openedData(id) }),
    async deposit(id) {
      const { aggregate } = await store.getAggregate(id)
      if (aggregate === undefined || aggregate.status !== "open") throw new Error("there is no such account")
      await store.pushEvent({
        aggregateId: id,
        version: aggregate.version + 1,
        type: "Deposited",
        payload: depositedData(id),
      })
    },
    close: async () => client.destroy(),
  }
}

/** An item as the adapter writes it. */
const row = (id: string, version: number) => ({
  aggregateId: { S: `bank#${id}` },
  version: { N: String(version) },
  type: { S: version === 1 ? "Opened" : "Deposited" },
  timestamp: { S: new Date().toISOString() },
  payload: {
    M: Object.fromEntries(
      Object.entries(version === 1 ? openedData(id) : depositedData(id)).map(([name, value]) => [
        name,
        typeof value === "number" ? { N: String(value) } : { S: value },
      ]),
    ),
  },
  ...(version === 1 ? { eventStoreId: { S: "bank" }, isInitialEvent: { N: "1" } } : {}),
})
