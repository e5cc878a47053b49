import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { cpuMsOf } from "../cpuTime.ts"
import { startLocalHost } from "../localHost.ts"
import { openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

const commandsCount = 100
const withinMs = 15_000
const patienceMs = 90_000

let running: RunningHost
let owner: Person
beforeAll(async () => {
  running = await startLocalHost()
  owner = await signedIn(running, "owner")
}, 120_000)
afterAll(() => running?.stop())

/** Sends so many commands at once; gives their outcomes once all have one, and how long that took. */
async function renamedAtOnce(accountId: string) {
  const commandIds: readonly string[] = Array.from({ length: commandsCount }, () => randomUUID())
  const giveUpAt = Date.now() + patienceMs
  const answers = await Promise.all(
    commandIds.map((commandId, n) => owner.send("renameAccount", { accountId, name: `Name ${n}`, commandId })),
  )
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([])
  for (;;) {
    const records = (await storesOf(running).all("IdempotencyStore")).filter(({ id }) =>
      commandIds.includes(String(id).split("/")[2] ?? ""),
    )
    if (records.length === commandsCount || Date.now() > giveUpAt)
      return { commandIds, outcomes: records.map(({ data }) => (data as Decided).outcome.status) }
    // Looking costs time that the commands need.
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}
interface Decided {
  readonly outcome: { readonly status: string }
}

describe("a hundred parallel commands on one account", () => {
  test("all end COMMITTED and PROJECTED, versions without gap or twin", async () => {
    const accountId = await openAccount(owner)
    const { commandIds, outcomes } = await renamedAtOnce(accountId)
    expect(outcomes).toEqual(commandIds.map(() => "COMMITTED"))
    const versions = (await storesOf(running).all("EventStore"))
      .filter(({ stream }) => stream === `${accountId}/account/${accountId}`)
      .map(({ version }) => Number(version))
      .sort((a, b) => a - b)
    expect(versions).toEqual(Array.from({ length: commandsCount + 1 }, (_, index) => index + 1))
    for (const commandId of commandIds) expect((await owner.settled(commandId)).status).toBe("PROJECTED")
  })

  // By the clock, or, where the machine does much else meanwhile, by the host's CPU time: the pauses between attempts are short.
  test("are decided within 15 s", async () => {
    const accountId = await openAccount(owner)
    let decided: readonly string[] = []
    const startedAt = Date.now()
    const cpuMs = await cpuMsOf(async () => {
      decided = (await renamedAtOnce(accountId)).outcomes
    })
    expect(decided).toHaveLength(commandsCount)
    expect(Math.min(cpuMs, Date.now() - startedAt)).toBeLessThan(withinMs)
  })
})
