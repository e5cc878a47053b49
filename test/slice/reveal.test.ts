import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, type Person, signedIn } from "./person.ts"

let running: RunningHost
let owner: Person
let support: Person

beforeAll(async () => {
  running = await startLocalHost()
  ;[owner, support] = (await Promise.all(["owner", "support"].map(name => signedIn(running, name)))) as [Person, Person]
}, 120_000)
afterAll(() => running?.stop())

interface Reveal {
  readonly reveal: string | null
  readonly until: string | null
  readonly rejection: { code: string; path: string | null } | null
}

const revealing =
  'mutation ($id: ID!, $reason: String!) { reveal(aggregate: "account", id: $id, reason: $reason) { reveal until rejection { code path } } }'
const looking =
  "query ($aggregate: String!, $id: ID!, $tenant: ID, $reveal: ID) { history(aggregate: $aggregate, id: $id, tenant: $tenant, reveal: $reveal) { state events { type data actor } } }"
const reason = "The owner asked on the phone who they are called here"

async function opened() {
  const accountId = randomUUID()
  const slug = `s-${accountId.slice(0, 13)}`
  await owner.run("openAccount", { accountId, name: "Lab", slug, displayName: "Olivia Owner" })
  return accountId
}
const reveal = (id: string, why = reason) => support.ask<Reveal>("reveal", revealing, { id, reason: why })

describe("personal values of an aggregate", () => {
  test("are masked until somebody of support says why; then they are shown, and who looked is an event", async () => {
    const accountId = await opened()
    const see = (more = {}) =>
      support.ask<{ state: string; events: readonly { type: string; data: string; actor: string }[] }>(
        "history",
        looking,
        { aggregate: "account", id: accountId, ...more },
      )
    expect(JSON.stringify(await see())).not.toContain("Olivia")
    const leave = await reveal(accountId)
    expect(leave).toMatchObject({ rejection: null })
    const { state, events } = await see({ reveal: leave.reveal })
    expect(state).toContain("Olivia Owner")
    expect(events[0]?.data).toContain("Olivia Owner")

    const log = await see({ aggregate: "supportLog", id: `account.${accountId}`, tenant: accountId })
    expect(log.events.map(({ type, data }) => [type, JSON.parse(data).reason])).toEqual([
      ["PersonalValuesRevealed", reason],
    ])
    const found = await eventually("the trace of it", async () => {
      const page = await support.ask<{ items: readonly { traceId: string }[] }>(
        "findTraces",
        "query ($text: String!) { findTraces(text: $text) { items { traceId } } }",
        { text: "support" },
      )
      const traceId = page.items[0]?.traceId
      if (traceId === undefined) return undefined
      const { steps } = await support.ask<{ steps: readonly { kind: string; component: string; actor: string }[] }>(
        "trace",
        "query ($traceId: ID!) { trace(traceId: $traceId) { steps { kind component actor } } }",
        { traceId },
      )
      return steps.some(({ kind }) => kind === "event") && steps
    })
    expect(found.map(({ kind, component }) => [kind, component])).toEqual([
      ["accepted", "foldline.RevealPersonalValues"],
      ["event", "foldline.PersonalValuesRevealed"],
    ])
    expect(new Set(found.map(({ actor }) => actor))).toEqual(new Set([log.events[0]?.actor]))
  })

  test("are shown to nobody else, and not without a reason", async () => {
    const accountId = await opened()
    expect(await reveal(accountId, "why")).toMatchObject({
      reveal: null,
      rejection: { code: "Invalid", path: "reason" },
    })
    const { reveal: leave } = await reveal(accountId)
    for (const [query, variables] of [
      [revealing, { id: accountId, reason }],
      [looking, { aggregate: "account", id: accountId, reveal: leave }],
    ] as const)
      expect((await owner.graphql(query, variables)).errors?.[0]?.errorType).toBe("Unauthorized")
    const other = await opened()
    const { errors } = await support.graphql(looking, { aggregate: "account", id: other, reveal: leave })
    expect(errors?.[0]?.message).toContain("Reveal them again")
  })
})
