import { describe, expect, test } from "vitest"
import { faultPlan, isDoomed } from "../../src/cli/chaos/plan.ts"
import { accountId, bulk, opening } from "../../src/cli/chaos/story.ts"
import type { Fault, Hop } from "../../src/host/host.ts"
import { stableText } from "../../src/host/stableText.ts"

const hops: readonly Hop[] = ["bus", "asyncLambda", "stream", "scheduler", "sdk", "lambda"]
const messages = Array.from({ length: 2_000 }, (_, at) => `TransactWriteItems|message ${at}`)

const nameOf = (fault: Fault) => (fault.kind === "kill" ? `kill ${fault.when}` : fault.kind)

describe("a fault plan", () => {
  test("says the same for a message whenever it is asked, and something else for another seed", () => {
    const asked = (seed: number, ids: readonly string[]) => {
      const plan = faultPlan(seed)
      return new Map(ids.flatMap(id => hops.map(hop => [`${hop} ${id}`, plan.at(hop, id, 1)])))
    }
    expect(asked(7, [...messages].reverse())).toEqual(asked(7, messages))
    expect(asked(8, messages)).not.toEqual(asked(7, messages))
  })

  test("has every kind of fault on the hops where AWS can deal it", () => {
    const plan = faultPlan(1)
    const mails = messages.map((_, at) => `ses|POST /v2/email/outbound-emails|${at}`)
    const puts = messages.map((_, at) => `events|PutEvents|${at}`)
    const batches = messages.map((_, at) => `BatchWriteItem|${at}`)
    const ids: Readonly<Record<string, readonly string[]>> = { sdk: [...messages, ...mails, ...puts, ...batches] }
    const kindsAt = (hop: Hop) => {
      const found = (ids[hop] ?? messages).map(id => plan.at(hop, id, 1))
      return [...new Set(found.flatMap(fault => (fault === undefined ? [] : [nameOf(fault)])))].sort()
    }
    const late = ["delay", "drop", "duplicate", "throttle"]
    expect(Object.fromEntries(hops.map(hop => [hop, kindsAt(hop)]))).toEqual({
      bus: late,
      scheduler: late,
      asyncLambda: late,
      stream: [...late, "loseAck"].sort(),
      lambda: ["delay", "kill after", "kill before", "kill between", "skew", "timeout"],
      sdk: ["conflict", "delay", "kill after", "kill before", "loseAck", "partialFailure", "throttle"],
    })
    const entries = messages.map((_, at) => plan.at("bus", `put|${at}`, 1)?.kind)
    expect(new Set(entries)).toEqual(new Set([undefined, "partialFailure"]))
  })

  test("leaves every asynchronous invocation an attempt to succeed, unless the command is doomed", () => {
    const plan = faultPlan(3)
    const isLost = (hop: Hop, id: string, attempt: number) =>
      ["drop", "kill", "timeout"].includes(plan.at(hop, id, attempt)?.kind ?? "")
    for (const id of messages)
      for (const attempt of [1, 2, 3])
        expect(
          ["asyncLambda" as const, "lambda" as const].filter(hop => isLost(hop, id, attempt)).length,
        ).toBeLessThanOrEqual(attempt === 1 ? 1 : 0)
    const doomed = messages
      .map(id => `DomainBehavior|foldline.actor|accounts.RenameAccount|${id}|`)
      .find(id => isDoomed(3, id))
    expect([1, 2, 3, 4].map(attempt => isLost("lambda", doomed ?? "", attempt))).toEqual([true, true, true, false])
  })
})

describe("a story", () => {
  test("is the same for the same seed, with command ids of its own for every seed", () => {
    expect(bulk(5, 100)).toEqual(bulk(5, 100))
    const ids = [...opening(5), ...bulk(5, 100), ...bulk(6, 100)].map(({ commandId }) => commandId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test("asks for every command of accounts and indexes that a person may ask for, often of the same accounts", () => {
    const asks = Array.from({ length: 5 }, (_, seed) => bulk(seed, 100)).flat()
    expect([...new Set(asks.map(({ mutation }) => mutation))].sort()).toEqual([
      "acceptInvitation",
      "addOwner",
      "changeMemberRole",
      "closeAccount",
      "createIndex",
      "declineInvitation",
      "deleteIndex",
      "demoteOwner",
      "inviteMember",
      "modifyIndex",
      "openAccount",
      "removeMember",
      "removeOwner",
      "renameAccount",
      "revokeInvitation",
    ])
    expect(bulk(1, 100).filter(({ input }) => input.accountId === accountId(1, 0)).length).toBeGreaterThan(20)
  })
})

describe("a message's name", () => {
  test("does not change with what is made anew in every run", () => {
    const run = (uuid: string, ulid: string, time: string) =>
      `receipt/${uuid}/command-1 trace/${ulid} at ${time} by FoldlineStateless-makeMembershipOnInvitationAccepted`
    const first = run("3763e983-bee6-4934-8781-83515e7e9b47", "01M7Z2Y1AK380DYE4XH6CT09DA", "2026-11-21T12:53:30.712Z")
    const again = run("63c06597-bc4b-41ce-b48c-85741ac9094c", "01M7ZNYJQHQ47TVDCH6G8CKH0B", "2026-11-22T00:00:01Z")
    expect(stableText(again)).toBe(stableText(first))
    expect(stableText(first)).toContain("makeMembershipOnInvitationAccepted")
  })
})
