import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import sqlite from "node-sqlite3-wasm"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createBackend } from "../../../src/host/dynamodb/backend.ts"
import { startDynoxide } from "../../../src/host/dynamodb/dynoxide.ts"
import { indexStreamLog } from "../../../src/host/dynamodb/streamLog.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "foldline-test-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function inDatabase<T>(work: (db: sqlite.Database) => T): T {
  const db = new sqlite.Database(join(folder, "dynamodb.db"))
  db.exec("PRAGMA locking_mode = EXCLUSIVE")
  try {
    return work(db)
  } finally {
    db.close()
  }
}

async function writing(count: number): Promise<unknown> {
  const dynoxide = await startDynoxide(folder, () => {})
  const db = createBackend(dynoxide.url)
  await db
    .call("CreateTable", {
      TableName: "Log",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
    })
    .catch(() => {})
  for (let n = 0; n < count; n++) await db.call("PutItem", { TableName: "Log", Item: { pk: { S: `${n}` } } })
  await db.close()
  await dynoxide.stop()
  return inDatabase(log =>
    log.all("SELECT sequence_number FROM _stream_records ORDER BY id").map(row => row.sequence_number),
  )
}

describe("dynoxide's stream log", () => {
  test("finds a table's newest record by index from the first start on", async () => {
    await writing(0)
    const plan = inDatabase(db =>
      db.all(
        "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = 'Log'",
      ),
    )
    expect(JSON.stringify(plan)).toContain("foldline_stream_order")
  })

  test("loses what is a day older than its newest record, and goes on counting", async () => {
    expect(await writing(3)).toEqual(["1", "2", "3"])
    inDatabase(db => db.exec("UPDATE _stream_records SET created_at = created_at - 90000 WHERE id < 3"))
    expect(await writing(1)).toEqual(["3", "4"])
    inDatabase(db => db.exec("UPDATE _stream_records SET created_at = created_at - 90000"))
    expect(await writing(1)).toEqual(["3", "4", "5"])
    expect(await writing(0)).toEqual(["5"])
  })

  test("that is not what it was is left alone", () => {
    inDatabase(db => db.exec("CREATE TABLE _stream_records (another TEXT)"))
    expect(indexStreamLog(join(folder, "dynamodb.db"))).toBe(false)
  })
})
