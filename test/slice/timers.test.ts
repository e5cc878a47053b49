import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Fault, Hop } from "../../src/host/host.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

const minuteMs = 60_000
const hourMs = 60 * minuteMs

let plan: (hop: Hop, messageId: string) => Fault | undefined = () => undefined
let running: RunningHost
let owner: Person
beforeAll(async () => {
  running = await startLocalHost({ faults: { at: (hop, id) => plan(hop, id) } })
}, 120_000)
afterAll(() => running?.stop())

/** An invitation whose timer is set, to fire in a quarter of an hour of the host's clock. */
async function invited() {
  plan = () => undefined
  // The last test may have let the token's hour pass.
  owner = await signedIn(running, "owner")
  const accountId = await openAccount(owner)
  const invitationId = randomUUID()
  const expiresAt = new Date(running.host.clock.now() + 15 * minuteMs).toISOString()
  const email = `${randomUUID()}@example.org`
  const { traceId } = await owner.run("inviteMember", { accountId, invitationId, email, role: "viewer", expiresAt })
  const steps = async () => (await storesOf(running).all("TraceTable")).filter(({ id }) => id === `trace/${traceId}`)
  await eventually("the timer", async () =>
    (await steps()).some(({ message }) => /^set the timer/.test(String(message))),
  )
  const isExpired = async () => (await steps()).some(({ component }) => component === "accounts.InvitationExpired")
  return { accountId, invitationId, steps, isExpired }
}

/** Lets the host's time pass until something is so. */
async function letPass(stepMs: number, isSo: () => Promise<boolean>) {
  for (let step = 1; step < 40 && !(await isSo()); step++) {
    running.host.clock.advance(stepMs)
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  await eventually("what the time brings", isSo)
}

describe("a timer", () => {
  test("that is due sends its command, which decides anew", async () => {
    const { isExpired } = await invited()
    await letPass(5 * minuteMs, isExpired)
    expect(await isExpired()).toBe(true)
  })

  test("that never reaches the bus becomes a dead letter, and its command is decided all the same", async () => {
    const { isExpired, steps } = await invited()
    let dropped = 0
    plan = hop => {
      if (hop !== "scheduler") return undefined
      dropped++
      return { kind: "drop" }
    }
    await letPass(2 * hourMs, isExpired)
    expect(dropped).toBeGreaterThan(5)
    expect(await isExpired()).toBe(true)
    expect((await steps()).filter(({ component }) => component === "accounts.InvitationExpired")).toHaveLength(1)
  })

  test("whose command its decider never survives ends FAILED, visibly", async () => {
    const { isExpired, steps } = await invited()
    plan = (hop, id) =>
      hop === "lambda" && id.includes("DomainBehavior") && id.includes("ExpireInvitation")
        ? { kind: "kill", when: "before" }
        : undefined
    const failed = async () => (await steps()).find(({ kind }) => kind === "failed")
    await letPass(5 * minuteMs, async () => (await failed()) !== undefined)
    expect(await failed()).toMatchObject({
      component: "accounts.ExpireInvitation",
      message: expect.stringContaining("killed"),
    })
    expect(await isExpired()).toBe(false)
    const { commandId } = (await failed()) as { commandId: string }
    const receipts = async () =>
      (await storesOf(running).all("TraceTable")).filter(
        ({ id, status }) =>
          String(id).startsWith("receipt/automation:") && String(id).endsWith(commandId) && status === "FAILED",
      )
    // The receipt and the trace hear of the outcome side by side.
    await eventually("the receipt", async () => (await receipts()).length > 0)
    expect(await receipts()).toHaveLength(1)
  })
})
