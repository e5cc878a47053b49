import { randomUUID } from "node:crypto"
import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb"
import { z } from "zod"
import { documentClient } from "../../src/adapters/dynamodb/client.ts"
import { dynamoEventStore } from "../../src/adapters/dynamodb/eventStore.ts"
import { subjectCipher } from "../../src/adapters/personal/cipher.ts"
import { sha256 } from "../../src/adapters/secrets/secret.ts"
import { type Aggregate, type App, messages, open, rejected, rowsOf, view } from "../../src/core/index.ts"
import { handleCommand } from "../../src/core/run/handleCommand.ts"
import { streamOf } from "../../src/core/stream.ts"
import { type Balance, depositedData, type Engine, openedData, owner } from "./engine.ts"
import { createTable } from "./tables.ts"

const commands = messages({
  Open: z.object({ accountId: z.string(), ownerId: z.string(), currency: z.string(), branch: z.string() }),
  Deposit: z.object({ accountId: z.string(), amount: z.int(), reference: z.string() }),
})
const events = messages({
  Opened: z.object({ accountId: z.string(), ownerId: z.string(), currency: z.string(), branch: z.string() }),
  Deposited: z.object({ accountId: z.string(), amount: z.int(), reference: z.string() }),
})

const account: Aggregate<typeof commands, typeof events, Balance, { AccountUnknown: string }> = {
  name: "account",
  description: "Money that was put in stays in.",
  commands,
  events,
  rejections: { AccountUnknown: "There is no such account." },
  key: "accountId",
  initial: { status: "unknown", balance: 0 },
  authorize: { Open: open(), Deposit: open() },
  decide: {
    Open: (state, data) => (state.status === "unknown" ? [events.Opened(data)] : []),
    Deposit: (state, data) => (state.status === "unknown" ? rejected("AccountUnknown") : [events.Deposited(data)]),
  },
  evolve: {
    Opened: () => ({ status: "open", balance: 0 }),
    Deposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
  },
}

const nobodysView = view({
  name: "nobodysView",
  description: "Who belongs to an account?",
  type: "Belonging",
  row: z.object({ accountId: z.string(), personId: z.string(), role: z.string() }),
  partition: ["personId"],
  sort: ["accountId"],
  authorize: open(),
  from: [rowsOf(account, () => [])],
})

const app: App = {
  contexts: [
    {
      name: "bank",
      description: "The workload of the benchmark",
      aggregates: [account],
      views: [nobodysView],
      projections: [],
      automations: [],
    },
  ],
  tenancy: { field: "accountId", roles: ["owner"], sources: [], view: nobodysView },
}

const tables = { events: "bench-events", idempotency: "bench-idempotency", outbox: "bench-outbox" }
const snapshotEvery = 20
const batchMax = 25

/** The kernel's command handler with its real adapters; the tables have the indexes and the stream of the template. */
export async function foldlineEngine(endpoint: string): Promise<Engine> {
  const client = documentClient(endpoint)
  await createTables(client)
  const noSubjects = { keyOf: () => Promise.reject(new Error("the workload has no personal values")) }
  const ports = {
    app,
    events: dynamoEventStore(client, tables, subjectCipher(noSubjects)),
    hash: sha256,
    reducerHash: () => "bench",
    now: () => new Date().toISOString(),
    pause: () => new Promise<void>(resolve => setTimeout(resolve, 1)),
  }
  const send = async (type: string, data: Readonly<Record<string, unknown>>) => {
    const { outcome } = await handleCommand(ports, {
      type: `bank.${type}`,
      data,
      info: {
        id: randomUUID(),
        traceId: randomUUID(),
        commandId: randomUUID(),
        hops: 0,
        actor: { id: owner, kind: "person", groups: [] },
        tenant: String(data.accountId),
        time: new Date().toISOString(),
      },
    })
    if (outcome.status !== "COMMITTED") throw new Error(JSON.stringify(outcome))
  }
  return {
    name: "Foldline",
    workersMax: 32,
    accountsMax: 128,
    historyMax: 10_000,
    seed: (ids, count) => seed(client, ids, count),
    open: id => send("Open", openedData(id)),
    deposit: id => send("Deposit", depositedData(id)),
    close: async () => client.destroy(),
  }
}

async function createTables(client: DynamoDBDocumentClient): Promise<void> {
  await createTable(client, tables.events, "stream:S version:N", { directory: "directory:S stream:S" })
  await createTable(client, tables.idempotency, "id:S")
  await createTable(client, tables.outbox, "stream:S command:S", { pending: "pending:S at:S" }, "NEW_IMAGE")
}

/** Rows as the adapter writes them, the state on every twentieth. */
async function seed(client: DynamoDBDocumentClient, ids: readonly string[], count: number): Promise<void> {
  let batch: { PutRequest: { Item: Record<string, unknown> } }[] = []
  const flush = async () => {
    if (batch.length > 0) await client.send(new BatchWriteCommand({ RequestItems: { [tables.events]: batch } }))
    batch = []
  }
  for (const id of ids)
    for (let version = 1; version <= count; version++) {
      batch.push({ PutRequest: { Item: row(id, version) } })
      if (batch.length === batchMax) await flush()
    }
  await flush()
}

const row = (id: string, version: number) => ({
  stream: streamOf({ tenant: id, aggregate: "account", id }),
  version,
  type: version === 1 ? "Opened" : "Deposited",
  schemaVersion: 1,
  data: JSON.stringify(version === 1 ? openedData(id) : depositedData(id)),
  commandId: randomUUID(),
  actor: owner,
  traceId: randomUUID(),
  hops: 0,
  at: new Date().toISOString(),
  ...(version % snapshotEvery === 0
    ? { state: JSON.stringify({ status: "open", balance: (version - 1) * 100 }), hash: "bench" }
    : {}),
})
