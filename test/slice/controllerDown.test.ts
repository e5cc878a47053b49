import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { type Cloud, newKey, program, startCloud, untilStatus } from "./cloud.ts"
import { eventually, openAccount, signedIn } from "./person.ts"

const dataFolder = mkdtempSync(join(tmpdir(), "foldline-down-"))
let cloud: Cloud
let again: RunningHost | undefined
beforeAll(async () => {
  cloud = await startCloud({}, { dataFolder })
}, 180_000)
afterAll(async () => {
  await again?.stop()
  await cloud?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

test("while the controller is down searches go on, and afterwards it knows every index", async () => {
  const owner = await signedIn(cloud.running, "owner")
  const accountId = await openAccount(owner)
  const { key } = await newKey(owner, accountId)
  const ask = program(cloud.running.local.restUrl ?? "", key)
  const name = `i-${randomUUID().slice(0, 8)}`
  await ask("POST", `/api/v2/indexes/${name}`, {})
  await untilStatus(ask, name, "READY")
  const { body } = await ask("GET", "/api/v2/indexes")
  const cell = program(body.results[0].marqoEndpoint, key)
  const add = { documents: [{ _id: "1", title: "The red balloon" }], tensorFields: ["title"] }
  await eventually("a key that the cell has heard of", async () => {
    return (await cell("POST", `/indexes/${name}/documents`, add)).status === 200
  })

  await cloud.running.stop()
  await expect(ask("GET", "/api/v2/indexes")).rejects.toThrow()
  const search = { q: "balloon", searchMethod: "TENSOR", limit: 1 }
  expect((await cell("POST", `/indexes/${name}/search`, search)).body.hits).toMatchObject([{ _id: "1" }])
  expect((await cell("POST", `/indexes/${name}/documents`, add)).status).toBe(200)

  again = await startLocalHost({ dataFolder })
  const after = program(again.local.restUrl ?? "", key)
  expect((await after("GET", "/api/v2/indexes")).body.results).toMatchObject([
    { indexName: name, indexStatus: "READY" },
  ])
  await after("DELETE", `/api/v2/indexes/${name}`)
  await eventually("the index is gone from the cell too", async () => {
    return (await cell("POST", `/indexes/${name}/search`, search)).status === 404
  })
})
