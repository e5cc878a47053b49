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
      ["account", "invitation"].some(name => String(stream).startsWith(`${accountId}/${name}/`)),
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

const steps = async (traceId: string) =>
  (await storesOf(running).all("TraceTable")).filter(({ id }) => id === `trace/${traceId}`)

describe("P4 a published event under a fanout that dies", () => {
  test("between publication and mark is published again under its id, and its consumers take effect once", async () => {
    const accountId = await openAccount(owner)
    await eventually("the first count", async () => (await countsOf(accountId))?.members === 1)
    /** How often each message reached the bus, by its content. */
    const reached = new Map<string, number>()
    plan = (hop, id, attempt) => {
      if (hop === "bus" && id.startsWith("put|")) reached.set(id, (reached.get(id) ?? 0) + 1)
      const isFanout = hop === "sdk" && id.startsWith("events|PutEvents")
      // Dies after the bus has the event and before the row says so, the first two times.
      return isFanout && attempt <= 2 ? { kind: "kill", when: "after" } : undefined
    }
    const invitationId = randomUUID()
    const { traceId } = await owner.run("inviteMember", {
      ...{ accountId, invitationId, email: `${randomUUID()}@example.org`, role: "viewer" },
    })
    await eventually("the mail", async () => (await mails(running)).some(({ text }) => text.includes(invitationId)))
    const row = async () =>
      (await storesOf(running).all("Outbox")).find(({ stream }) => stream === `${accountId}/invitation/${invitationId}`)
    await eventually("the mark", async () => (await row())?.pending === undefined && (await row()) !== undefined)
    plan = () => undefined

    expect(Math.max(...reached.values())).toBeGreaterThanOrEqual(3)
    await eventually("the count", async () => (await countsOf(accountId))?.openInvitations === 1)
    expect((await mails(running)).filter(({ text }) => text.includes(invitationId))).toHaveLength(1)
    const told = await eventually("the step", async () => {
      const found = (await steps(traceId)).filter(
        ({ kind, component }) => kind === "event" && /MemberInvited/.test(String(component)),
      )
      return found.length > 0 && found
    })
    expect(told.map(({ causeId }) => causeId)).toEqual([`${accountId}/invitation/${invitationId}/1`])
  })
})

describe("P6 an effect whose function dies in the middle", () => {
  const invitedWithTrace = async () => {
    const accountId = await openAccount(owner)
    const invitationId = randomUUID()
    const email = `${randomUUID()}@example.org`
    const { traceId } = await owner.run("inviteMember", { accountId, invitationId, email, role: "viewer" })
    const told = async () => (await steps(traceId)).find(({ kind }) => kind === "effect")?.message
    return { invitationId, traceId, told }
  }

  test("says that its outcome is unknown until the attempt that is made again knows", async () => {
    let killed = 0
    plan = (hop, id) =>
      hop === "sdk" && id.startsWith("ses|") && killed++ < 1 ? { kind: "kill", when: "before" } : undefined
    const { invitationId, told } = await invitedWithTrace()
    await eventually("the kill", async () => killed > 0)
    await eventually("the step", async () => (await told()) === "mail: unknown")
    await eventually("the mail", async () => (await mails(running)).some(({ text }) => text.includes(invitationId)))
    await eventually("the step", async () => (await told()) === "mail: performed")
    plan = () => undefined
  })

  test("every time is kept where support sees it, and its outcome stays unknown", async () => {
    let killed = 0
    plan = (hop, id) => {
      if (hop !== "sdk" || !id.startsWith("ses|")) return undefined
      killed++
      return { kind: "kill", when: "after" }
    }
    const { traceId, told } = await invitedWithTrace()
    for (let step = 1; step < 20 && !(await steps(traceId)).some(({ kind }) => kind === "failed"); step++) {
      running.host.clock.advance(130_000)
      await new Promise(resolve => setTimeout(resolve, 500))
    }
    await eventually("the end of the attempts", async () =>
      (await steps(traceId)).some(({ kind }) => kind === "failed"),
    )
    plan = () => undefined
    expect(killed).toBeGreaterThan(1)
    expect(await told()).toBe("mail: unknown")
    const failed = (await steps(traceId)).find(({ kind }) => kind === "failed")
    expect(failed?.message).toContain("killed")
    const kept = (await storesOf(running).all("Outbox")).find(
      ({ pending, message }) => pending === "failed" && String(message).includes(traceId),
    )
    expect(kept?.cause).toMatch(/NotifiermailInvitation.*signal: killed$/)
  })
})
