import { randomUUID } from "node:crypto"
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { memoryTrack } from "../../src/adapters/memory/track.ts"
import { onceGuard } from "../../src/adapters/powertools/onceGuard.ts"
import { sha256 } from "../../src/adapters/secrets/secret.ts"
import { invitation } from "../../src/contexts/accounts/invitation.ts"
import { mailInvitationOnMemberInvited } from "../../src/contexts/accounts/mailInvitationOnMemberInvited.ts"
import { app } from "../../src/contexts/index.ts"
import type { StoredEvent } from "../../src/core/aggregate.ts"
import type { AnyAutomation, EffectPromise } from "../../src/core/automation.ts"
import { react } from "../../src/core/run/react.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { invited } from "../rule/accounts/facts.ts"
import { derive, stored } from "../scenario.ts"
import { eventually } from "../slice/person.ts"
import { storesOf } from "../slice/stores.ts"

let running: RunningHost
beforeAll(async () => {
  running = await startLocalHost()
}, 120_000)
afterAll(() => running?.stop())

/** So long a function may work; what it had not ended by then is open again. */
const timeoutMs = 1_500
const [event] = stored(invitation, [invited]) as [StoredEvent]

type Provider = (key: string) => Promise<void>
const never = () => new Promise<void>(() => {})
const fails = () => Promise.reject(new Error("the provider is down"))
const works = () => Promise.resolve()

/** The invitation's mail under a promise, through the real guard and its table; each attempt meets what the provider does then. */
function mailing(promise: EffectPromise) {
  const { settings, named } = storesOf(running)
  const automation = {
    ...mailInvitationOnMemberInvited,
    name: `mail-${randomUUID()}`,
    effects: { mail: promise },
  } as AnyAutomation
  const track = memoryTrack()
  const keys: string[] = []
  const attempt = (provider: Provider) => {
    const guard = onceGuard(
      named("IdempotencyStore"),
      { getRemainingTimeInMillis: () => timeoutMs },
      new DynamoDBClient(settings),
    )
    return react(
      {
        app,
        track,
        views: { get: async () => undefined },
        sender: { send: async () => {} },
        mail: (_, key, given, begins) =>
          guard(key, given, async () => {
            await begins()
            keys.push(key)
            await provider(key)
          }),
        timers: { set: async () => {}, cancel: async () => {} },
        outside: { ask: async () => ({ status: 0, body: {} }) },
        derive,
        hash: sha256,
        now: () => new Date().toISOString(),
      },
      automation,
      event,
    )
  }
  /** An attempt whose function dies while the provider is at work. */
  const dies = async () => {
    const before = keys.length
    void attempt(never)
    await eventually("the provider to be asked", async () => keys.length > before)
  }
  const told = () => track.steps.filter(({ step }) => step === "effect").map(({ message }) => message)
  return { attempt, dies, keys, told }
}

const later = () => new Promise(resolve => setTimeout(resolve, timeoutMs + 50))
const promises = ["atMostOnce", "atLeastOnce", "idempotentProvider"] as const

describe("an effect", () => {
  test.each(promises)("that is recorded is not repeated (%s)", async promise => {
    const { attempt, keys, told } = mailing(promise)
    await attempt(works)
    expect(told()).toEqual(["mail: performed"])
    await attempt(works)
    expect(told()).toEqual(["mail: alreadyPerformed"])
    expect(keys).toHaveLength(1)
  })

  test.each(promises)("whose function dies in the middle says that its outcome is unknown (%s)", async promise => {
    const { dies, told } = mailing(promise)
    await dies()
    expect(told()).toEqual(["mail: unknown"])
  })
})

describe("an effect at most once", () => {
  test("whose function died in the middle is never repeated, and stays unknown", async () => {
    const { attempt, dies, keys, told } = mailing("atMostOnce")
    await dies()
    await later()
    await attempt(works)
    await attempt(works)
    expect(keys).toHaveLength(1)
    expect(told()).toEqual(["mail: unknown"])
  })

  test("that failed may have happened: it is not repeated, and says so", async () => {
    const { attempt, keys, told } = mailing("atMostOnce")
    await attempt(fails)
    await attempt(works)
    expect(keys).toHaveLength(1)
    expect(told()).toEqual(["mail: unknown"])
  })
})

describe.each(["atLeastOnce", "idempotentProvider"] as const)("an effect under %s", promise => {
  test("whose function died in the middle is repeated, under its key, once the function's time is over", async () => {
    const { attempt, dies, keys, told } = mailing(promise)
    await dies()
    await expect(attempt(works)).rejects.toThrow(/in progress/i)
    await later()
    await attempt(works)
    expect(told()).toEqual(["mail: performed"])
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })

  test("that failed is repeated under its key", async () => {
    const { attempt, keys, told } = mailing(promise)
    await expect(attempt(fails)).rejects.toThrow("the provider is down")
    expect(told()).toEqual(["mail: unknown"])
    await attempt(works)
    expect(told()).toEqual(["mail: performed"])
    expect(new Set(keys).size).toBe(1)
  })

  test("whose functions die twice is repeated until it is known", async () => {
    const { attempt, dies, told } = mailing(promise)
    await dies()
    await later()
    await dies()
    expect(told()).toEqual(["mail: unknown"])
    await later()
    await attempt(works)
    expect(told()).toEqual(["mail: performed"])
  })
})
