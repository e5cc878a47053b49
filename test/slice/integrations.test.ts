import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Cloud, newKey, program, startCloud, untilStatus } from "./cloud.ts"
import { eventually, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

let cloud: Cloud
let owner: Person
let accountId: string
beforeAll(async () => {
  cloud = await startCloud({ metricsEveryMs: 200 })
  owner = await signedIn(cloud.running, "owner")
  accountId = await openAccount(owner)
}, 180_000)
afterAll(() => cloud?.stop())

const apiKey = "datadog-key-0123456789abcdef0123"

describe("an integration with Datadog", () => {
  test("publishes the metrics of the account's indexes with its key, until it is disabled", async () => {
    const { key } = await newKey(owner, accountId)
    const ask = program(cloud.running.local.restUrl ?? "", key)
    await ask("POST", "/api/v2/indexes/measured", {})
    await untilStatus(ask, "measured", "READY")
    const enabled = await owner.run("enableDatadog", { accountId, site: "datadoghq.eu", apiKey })
    expect(enabled).toMatchObject({ status: "PROJECTED" })
    const [{ marqoEndpoint }] = (await ask("GET", "/api/v2/indexes")).body.results
    const duration = await eventually("a distribution of durations", async () => {
      await program(marqoEndpoint, key)("GET", "/")
      return cloud.datadog.submissions
        .filter(({ path }) => path === "/api/v1/distribution_points")
        .find(({ series }) => series.some(({ tags }) => tags.includes("index:measured")))
    })
    expect(duration.apiKey).toBe(apiKey)
    await owner.run("disableDatadog", { accountId })
    await eventually("silence", async () => {
      const before = cloud.datadog.submissions.length
      await new Promise(resolve => setTimeout(resolve, 600))
      return cloud.datadog.submissions.length === before
    })
  })

  test("keeps its key where nobody reads it again: in no event, row, trace or log", async () => {
    const view = await owner.ask<Record<string, unknown>>(
      "datadog",
      "query ($accountId: ID!) { datadog(accountId: $accountId) { enabled site since } }",
      { accountId },
    )
    expect(view).toMatchObject({ enabled: false, site: null })
    const { all } = storesOf(cloud.running)
    for (const table of ["EventStore", "Outbox", "ViewStore", "TraceTable", "IdempotencyStore"])
      expect(JSON.stringify(await all(table)), table).not.toContain(apiKey)
  })
})
