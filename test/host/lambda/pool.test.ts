import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { openNodeSandbox } from "../../../src/host/lambda/nodeSandbox.ts"
import { createPool, type Pool } from "../../../src/host/lambda/pool.ts"

const taskRoot = mkdtempSync(join(tmpdir(), "foldline-pool-"))
const pools: Pool[] = []
afterAll(async () => {
  await Promise.all(pools.map(pool => pool.stop()))
  rmSync(taskRoot, { recursive: true, force: true })
})
writeFileSync(
  join(taskRoot, "index.js"),
  `exports.handler = async ({ waitMs = 0, computeMs = 0 }) => {
  await new Promise(resolve => setTimeout(resolve, waitMs))
  for (const end = Date.now() + computeMs; Date.now() < end; );
}`,
)

/** A pool that starts one environment as soon as somebody waits, and counts those that it started. */
async function warmPool() {
  let opened = 0
  const open = () => {
    opened++
    return openNodeSandbox({
      taskRoot,
      handler: "index.handler",
      runtime: "nodejs22.x",
      functionName: "busy",
      functionVersion: "$LATEST",
      memoryMb: 128,
      logGroup: "group",
      logStream: "stream",
      clockOffsetMs: 0,
      metered: false,
      environment: {},
      log: () => {},
    })
  }
  const pool = createPool(open, 8, 1)
  pools.push(pool)
  await pool.warm()
  const run = (event: object) =>
    pool.run({
      ...{ requestId: randomUUID(), arn: "arn", event: JSON.stringify(event), timeoutMs: 30_000 },
      ...{ clockOffsetMs: 0, traceHeader: "" },
    })
  return { run, opened: () => opened }
}

describe("an invocation that finds no environment free", () => {
  test("gets one of its own soon when the function waits for something", async () => {
    const { run, opened } = await warmPool()
    await Promise.all([run({ waitMs: 2_000 }), run({ waitMs: 2_000 })])
    expect(opened()).toBe(2)
  })

  test("waits a little for one that computes: another would only slow it down", async () => {
    const { run, opened } = await warmPool()
    await Promise.all([run({ computeMs: 350 }), run({})])
    expect(opened()).toBe(1)
  })

  test("does not wait for one that computes without end", async () => {
    const { run, opened } = await warmPool()
    await Promise.race([run({ computeMs: 20_000 }), run({}).then(() => expect(opened()).toBe(2))])
    expect(opened()).toBe(2)
  })
})
