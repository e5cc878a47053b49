/**
 * Measures transactions on dynoxide while its stream log grows. Run from the root of the repository:
 * `npx tsx docs/decisions/002-stream-log.bench.ts [transactions] [concurrency]`.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Backend, createBackend } from "../../src/host/dynamodb/backend.ts"
import { startDynoxide } from "../../src/host/dynamodb/dynoxide.ts"

const [transactions = 100_000, concurrency = 8] = process.argv.slice(2).map(Number)
const reportEvery = 10_000
const tables = ["Events", "Records", "Outbox"]

const createTable = (db: Backend, name: string) =>
  db.call("CreateTable", {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    ...(name === "Outbox" ? { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } } : {}),
  })

const transaction = (n: number) => ({
  TransactItems: tables.map(TableName => ({
    Put: {
      TableName,
      Item: { pk: { S: `command-${n}` }, data: { S: "x".repeat(250) } },
      ConditionExpression: "attribute_not_exists(pk)",
    },
  })),
})

const folder = mkdtempSync(join(tmpdir(), "foldline-bench-"))
const dynoxide = await startDynoxide(folder, console.warn)
const db = createBackend(dynoxide.url)
for (const name of tables) await createTable(db, name)

let next = 0
let startedAt = performance.now()
async function worker() {
  while (next < transactions) {
    const n = ++next
    await db.call("TransactWriteItems", transaction(n))
    if (n % reportEvery !== 0) continue
    const seconds = (performance.now() - startedAt) / 1_000
    console.log(`${n} transactions: ${Math.round(reportEvery / seconds)}/s`)
    startedAt = performance.now()
  }
}
await Promise.all(Array.from({ length: concurrency }, worker))
await db.close()
await dynoxide.stop()
rmSync(folder, { recursive: true, force: true })
