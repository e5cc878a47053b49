import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Fault, Hop } from "../../src/host/host.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, mails, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

/** What goes wrong in this file; set by each test, asked by the host before each delivery. */
let plan: (hop: Hop, messageId: string, attempt: number) => Fault | undefined = () => undefined

let running: RunningHost
let owner: Person
beforeAll(async () => {
  running = await startLocalHost({ speed: 20, faults: { at: (hop, id, attempt) => plan(hop, id, attempt) } })
  owner = await signedIn(running, "owner")
}, 120_000)
afterAll(() => running?.stop())

const countsOf = (accountId: string) =>
  owner.ask<{ members: number; openInvitations: number } | null>(
    "accountCounts",
    "query ($accountId: ID!) { accountCounts(accountId: $accountId) { members openInvitations } }",
    { accountId },
  )
const invite = (accountId: string) =>
  owner.run("inviteMember", {
    accountId,
    invitationId: randomUUID(),
    email: `${randomUUID()}@example.org`,
    role: "viewer",
  })

describe("P1 and P6 under repeated deliveries", () => {
  test("everything delivered three times on every hop happens once, outside effects too", async () => {
    plan = (hop, _, attempt) =>
      attempt === 1 && (hop === "bus" || hop === "asyncLambda" || hop === "stream")
        ? { kind: "duplicate", times: 2, spreadMs: 100 }
        : undefined
    const accountId = await openAccount(owner)
    const invitationId = randomUUID()
    await owner.run("inviteMember", { accountId, invitationId, email: "twice@example.org", role: "viewer" })
    await eventually("the counts", async () => (await countsOf(accountId))?.openInvitations === 1)
    await eventually("the mail", async () => (await mails(running)).some(({ text }) => text.includes(invitationId)))
    await new Promise(resolve => setTimeout(resolve, 500))
    plan = () => undefined
    expect((await mails(running)).filter(({ text }) => text.includes(invitationId))).toHaveLength(1)
    expect(await countsOf(accountId)).toEqual({ members: 1, openInvitations: 1 })
    const events = (await storesOf(running).all("EventStore")).filter(({ stream }) =>
      String(stream).startsWith(`${accountId}/`),
    )
    expect(events.map(({ type }) => type).sort()).toEqual([
      "AccountOpened",
      "InvitationSecretRecorded",
      "MemberInvited",
    ])
  })
})

describe("P5 a view never misses an event", () => {
  test("an event that comes late leaves a gap that the next one heals from the event store", async () => {
    const accountId = await openAccount(owner)
    await eventually("the first count", async () => (await countsOf(accountId))?.members === 1)
    let delayed = 0
    plan = (hop, id, attempt) => {
      const isFirst = hop === "bus" && id.includes("ProjectionEngine") && attempt === 1 && delayed++ === 0
      return isFirst ? { kind: "delay", ms: 600_000 } : undefined
    }
    await owner.run("renameAccount", { accountId, name: "Two" })
    await owner.run("renameAccount", { accountId, name: "Three" })
    await invite(accountId)
    await eventually("the count after the gap", async () => (await countsOf(accountId))?.openInvitations === 1)
    const progress = async () =>
      (await storesOf(running).all("ViewStore")).find(
        ({ partition, sort }) => partition === `source/${accountId}/account/${accountId}` && sort === "accountCounts.1",
      )
    await eventually("the projection to pass the gap", async () => Number((await progress())?.version) === 3)
    plan = () => undefined
    await eventually("the trace to tell of the healing", async () =>
      (await storesOf(running).all("TraceTable")).some(
        ({ message, stream }) => String(message).startsWith("healed a gap") && String(stream).includes(accountId),
      ),
    )
  })
})

describe("P2 under throttling, conflicts and lost acknowledgements", () => {
  test("the first transaction of every command fails or is lost, and each command still takes effect once", async () => {
    const kinds = [{ kind: "throttle" }, { kind: "conflict" }, { kind: "loseAck" }] as const
    plan = (hop, id, attempt) =>
      hop === "sdk" && id.startsWith("TransactWriteItems") && attempt === 1 ? kinds[id.length % 3] : undefined
    const accountId = await openAccount(owner)
    const receipts = []
    for (let n = 0; n < 6; n++) receipts.push(await owner.run("renameAccount", { accountId, name: `Name ${n}` }))
    plan = () => undefined
    expect(receipts.map(({ status, version }) => ({ status, version }))).toEqual(
      [2, 3, 4, 5, 6, 7].map(version => ({ status: "PROJECTED", version })),
    )
    expect(receipts.every(({ duplicate }) => !duplicate)).toBe(true)
  })
})

describe("P3 under functions that die", () => {
  test("a decision that is killed before, while or after it works is made in the end", async () => {
    const whens = ["before", "between", "after"] as const
    plan = (hop, id, attempt) =>
      hop === "lambda" && attempt === 1 ? { kind: "kill", when: whens[id.length % 3] ?? "after" } : undefined
    const accountId = await openAccount(owner)
    const receipt = await owner.run("renameAccount", { accountId, name: "Survivor" })
    plan = () => undefined
    expect(receipt).toMatchObject({ status: "PROJECTED", version: 2 })
  })
})
