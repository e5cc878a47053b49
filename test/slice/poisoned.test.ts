import { randomUUID } from "node:crypto"
import { PutCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { commandKey } from "../../src/core/outcome.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { commandInfo, personNamed } from "../scenario.ts"
import { eventually, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

let running: RunningHost
let owner: Person
let support: Person

beforeAll(async () => {
  running = await startLocalHost()
  ;[owner, support] = (await Promise.all(["owner", "support"].map(name => signedIn(running, name)))) as [Person, Person]
}, 120_000)
afterAll(() => running?.stop())

/** Each opens several streams: together more than the outbox's stream has lanes, so that some share the lane of any other. */
const neighboursCount = 12

const streamOf = (accountId: string) => `${accountId}/account/${accountId}`
const parkedOf = async (stream: string) => {
  const { items } = await support.ask<{ items: readonly { kind: string; stream: string; cause: string }[] }>(
    "parked",
    "{ parked(limit: 100) { items { kind stream cause } nextToken } }",
  )
  return items.filter(item => item.stream === stream)
}

/** Puts a row into the outbox as a commit would have, past every rule; gives its command's info. */
async function plantRow(accountId: string, decided: (info: ReturnType<typeof commandInfo>) => Promise<string>) {
  const { client, named } = storesOf(running)
  const info = commandInfo({ tenant: accountId, commandId: randomUUID(), actor: personNamed(randomUUID()) })
  const at = new Date().toISOString()
  const Item = {
    stream: streamOf(accountId),
    command: commandKey(info),
    decided: await decided(info),
    at,
    pending: "0",
  }
  await client.send(new PutCommand({ TableName: named("Outbox"), Item }))
  return info
}

const stillWaiting = async (stream: string) =>
  (await storesOf(running).all("Outbox")).filter(
    row => row.stream === stream && row.pending !== undefined && row.pending !== "failed",
  )

/** Every other stream goes on, that of the poisoned row too, without any retry's wait. */
async function everythingElseGoesOn(accountId: string) {
  const receipts = await Promise.all([
    owner.run("renameAccount", { accountId, name: "Goes on" }),
    ...Array.from({ length: neighboursCount }, () => openAccount(owner)),
  ])
  expect(receipts[0]).toMatchObject({ status: "PROJECTED" })
}

describe("a row of the outbox that no retry can help", () => {
  test("because it cannot be read is set aside at once, alone", async () => {
    const accountId = await openAccount(owner)
    await plantRow(accountId, async () => "{ broken")
    await everythingElseGoesOn(accountId)
    const kept = await eventually("the kept row", async () => {
      const found = await parkedOf(streamOf(accountId))
      return found.length > 0 && found
    })
    expect(kept).toMatchObject([{ kind: "delivery", cause: expect.stringContaining("it cannot be read") }])
  })

  test("because its views cannot be made is published and set aside at once, alone, and its sender is told", async () => {
    const accountId = await openAccount(owner)
    const info = await plantRow(accountId, async info =>
      storesOf(running).cipher.seal({
        stream: streamOf(accountId),
        commandType: "accounts.RenameAccount",
        info,
        outcome: { status: "COMMITTED", version: 2, eventCount: 0 },
        decidedAt: new Date().toISOString(),
        events: [],
        state: null,
      }),
    )
    await everythingElseGoesOn(accountId)
    const kept = await eventually("the kept row", async () => {
      const found = await parkedOf(streamOf(accountId))
      return found.length > 0 && found
    })
    expect(kept).toMatchObject([{ kind: "delivery", cause: expect.stringContaining("its views cannot be made") }])
    const steps = await eventually("both steps", async () => {
      const found = (await storesOf(running).all("TraceTable")).filter(({ id }) => id === `trace/${info.traceId}`)
      return ["unchanged", "failed"].every(kind => found.some(step => step.kind === kind)) && found
    })
    expect(steps.find(({ kind }) => kind === "failed")?.message).toContain("its views cannot be made")
    expect(await stillWaiting(streamOf(accountId))).toEqual([])
  })
})
