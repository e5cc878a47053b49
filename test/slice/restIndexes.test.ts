import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Cloud, newKey, type Program, program, startCloud, untilStatus } from "./cloud.ts"
import { openAccount, type Person, signedIn } from "./person.ts"

let cloud: Cloud
let owner: Person
let accountId: string
let ask: Program
beforeAll(async () => {
  cloud = await startCloud()
  owner = await signedIn(cloud.running, "owner")
  accountId = await openAccount(owner)
  ask = program(cloud.running.local.restUrl ?? "", (await newKey(owner, accountId)).key)
}, 180_000)
afterAll(() => cloud?.stop())

describe("an index over REST", () => {
  test("is created, listed, used, changed and deleted", async () => {
    const created = await ask("POST", "/api/v2/indexes/books", {})
    expect(created).toMatchObject({
      status: 200,
      body: { acknowledged: true, shards_acknowledged: true, index: "books" },
    })
    await untilStatus(ask, "books", "READY")
    const { body } = await ask("GET", "/api/v2/indexes")
    expect(body.results).toHaveLength(1)
    console.log(JSON.stringify(body, null, 1))
  })
})
