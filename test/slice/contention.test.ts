import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

const commandsCount = 100
const patienceMs = 15_000

let running: RunningHost
let owner: Person
beforeAll(async () => {
  running = await startLocalHost()
  owner = await signedIn(running, "owner")
}, 120_000)
afterAll(() => running?.stop())

test("a hundred parallel commands on one account all end COMMITTED, versions without gap or twin, within 15 s", async () => {
  const accountId = await openAccount(owner)
  const stream = `${accountId}/account/${accountId}`
  const commandIds = Array.from({ length: commandsCount }, () => randomUUID())
  const startedAt = Date.now()
  const answers = await Promise.all(
    commandIds.map((commandId, n) => owner.send("renameAccount", { accountId, name: `Name ${n}`, commandId })),
  )
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([])

  const records = async () =>
    (await storesOf(running).all("IdempotencyStore")).filter(({ id }) =>
      commandIds.some(one => String(id).endsWith(one)),
    )
  const outcomes = await eventually("an outcome of each", async () => {
    const found = await records()
    if (found.length === commandsCount) return found
    // Looking costs time that the commands need.
    await new Promise(resolve => setTimeout(resolve, 250))
    return undefined
  })
  expect(Date.now() - startedAt).toBeLessThan(patienceMs)
  expect(outcomes.map(({ data }) => (data as { outcome: { status: string } }).outcome.status)).toEqual(
    commandIds.map(() => "COMMITTED"),
  )
  const versions = (await storesOf(running).all("EventStore"))
    .filter(row => row.stream === stream)
    .map(({ version }) => Number(version))
    .sort((a, b) => a - b)
  expect(versions).toEqual(Array.from({ length: commandsCount + 1 }, (_, index) => index + 1))
  for (const commandId of commandIds) expect((await owner.settled(commandId)).status).toBe("PROJECTED")
})
