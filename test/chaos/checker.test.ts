import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type RunningCell, startCell } from "../../outside/cell/cell.ts"
import { checkAll } from "../../src/cli/chaos/check/check.ts"
import { type Evidence, type Item, lookInto } from "../../src/cli/chaos/look.ts"
import { demoUsers, type Name, names, type Person, signIn } from "../../src/cli/chaos/people.ts"
import { poison } from "../../src/cli/chaos/poison.ts"
import { outcomeOf, type Sent, send } from "../../src/cli/chaos/send.ts"
import { type Ask, bulk, opening, poisonedStream } from "../../src/cli/chaos/story.ts"
import { tapBus } from "../../src/cli/chaos/tap.ts"
import { connectServices } from "../../src/cli/services.ts"
import { app } from "../../src/contexts/index.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"

let running: RunningHost
let cell: RunningCell
let truth: Evidence

const patienceMs = 60_000
const violationsIn = (evidence: Evidence) => checkAll(app, evidence).flatMap(({ violations }) => violations)

/** Accounts with invitations, a repeat, a misuse and a refusal, and a poisoned stream behind which a command waits; no fault besides. */
beforeAll(async () => {
  running = await startLocalHost({ demoUsers, speed: 20 })
  cell = await startCell({ port: 0, key: "checker", transitionMs: 0 })
  await connectServices(running, { cell: { url: cell.url, key: "checker" } })
  const tap = await tapBus(running.local)
  const people = new Map<Name, Person>()
  for (const name of names) people.set(name, await signIn(running.local, name))
  const sent: Sent[] = []
  const accountId = opening(1)[0]?.input.accountId
  const more = (mutation: string, input: Record<string, unknown>, twist?: Ask["twist"]): Ask => ({
    by: "ada",
    mutation,
    commandId: `checker-test-${mutation}-${twist ?? "once"}`,
    input: { accountId, ...input },
    ...(twist ? { twist } : {}),
  })
  const asks = [
    ...opening(1).filter(({ by }) => by === "ada" || by === "dan"),
    more("renameAccount", { name: "Again" }, "repeat"),
    more("renameAccount", { name: "Other" }, "reuse"),
    more("renameAccount", { name: "" }),
  ]
  const run = async (ask: Ask) => {
    const one = await send(people, ask)
    sent.push(one)
    await outcomeOf(people, one)
  }
  for (const ask of asks) await run(ask)
  const poisoned = [await poison(running.local, poisonedStream(1))]
  for (const ask of bulk(1, 1)) await run(ask)
  const look = lookInto(running.local, tap, {
    sent,
    faults: () => [],
    poisoned,
    now: () => running.host.clock.now(),
    cell: async () => cell.store.indexes().map(([, index]) => index),
  })
  const startedAt = Date.now()
  do truth = await look()
  while (violationsIn(truth).length > 0 && Date.now() - startedAt < patienceMs)
}, 180_000)
afterAll(async () => {
  await running?.stop()
  await cell?.stop()
})

type Table = "eventStore" | "idempotencyStore" | "outbox" | "viewStore" | "traceTable"
const isMarker = ({ type }: Item) => type === "$parked"
const isEvent = ({ type, data }: Item) => type !== undefined && data !== undefined && type !== "AccountBewitched"
const isWaiting = ({ command }: Item) => String(command).startsWith("parked/")
const monthMs = 30 * 24 * 60 * 60_000
const isCommand = ({ data }: Item) => typeof data === "object" && data !== null && "messageId" in data
const idStarts = (start: string) => (item: Item) => String(item.id).startsWith(start)
const kindIs = (kind: string) => (item: Item) => item.kind === kind

/** Evidence as a bug would have left it: what stands in one store is changed on the way to the checker. */
const planted = (table: Table, change: (items: readonly Item[]) => readonly Item[]): Evidence => ({
  ...truth,
  [table]: change(truth[table]),
})
const lost = (table: Table, which: (item: Item) => boolean) =>
  planted(table, items => items.filter((item, at) => at !== items.findLastIndex(which) || !which(item)))
const changed = (table: Table, which: (item: Item) => boolean, change: Item) =>
  planted(table, items => items.map((item, at) => (at === items.findLastIndex(which) ? { ...item, ...change } : item)))
const added = (table: Table, which: (item: Item) => boolean, change: Item) =>
  planted(table, items => [...items, { ...items.find(which), ...change }])

const withoutOutcome = (ending: string): Evidence => ({
  ...truth,
  bus: truth.bus.filter(({ detail }) => !detail.id.endsWith(ending)),
})

describe("the checker", () => {
  test("finds nothing where nothing is wrong, and has looked at everything", () => {
    const findings = checkAll(app, truth)
    expect(findings.flatMap(({ violations }) => violations)).toEqual([])
    const idle = findings.filter(({ checked }) => checked === 0).map(({ check }) => check)
    expect(idle).toEqual([])
  })

  const bugs: readonly (readonly [string, string, () => Evidence])[] = [
    ["a command without an outcome", "one outcome", () => lost("idempotencyStore", isCommand)],
    ["a decision that left no outbox row", "one outcome", () => lost("outbox", () => true)],
    [
      "a receipt that tells another outcome",
      "one outcome",
      () => changed("traceTable", idStarts("receipt/"), { status: "FAILED" }),
    ],
    ["a lost receipt", "one outcome", () => lost("traceTable", idStarts("receipt/"))],
    ["a trace that lost its end", "one outcome", () => lost("traceTable", kindIs("rejected"))],
    ["a repeat that nobody answered", "one outcome", () => lost("traceTable", kindIs("alreadyProcessed"))],
    [
      "a gap in a stream",
      "streams contiguous",
      () => lost("eventStore", ({ type, version }) => type !== undefined && version === 1),
    ],
    ["an event that no command decided", "streams contiguous", () => added("eventStore", isEvent, { version: 99 })],
    [
      "an event that was changed afterwards",
      "streams contiguous",
      () => changed("eventStore", isEvent, { data: "{}" }),
    ],
    [
      "a claim that was not given up",
      "unique claims",
      () => added("eventStore", ({ holder }) => holder !== undefined, { stream: "claim/account.slug/left-over" }),
    ],
    ["a claim that is not held", "unique claims", () => lost("eventStore", ({ holder }) => holder !== undefined)],
    [
      "an event that was not published",
      "published if and only if committed",
      () => ({ ...truth, bus: truth.bus.filter(({ source }) => source !== "foldline.domain") }),
    ],
    [
      "an event that was published and not committed",
      "published if and only if committed",
      () => ({
        ...truth,
        bus: [...truth.bus, { source: "foldline.domain", detail: { id: "x/y/z/1", type: "accounts.AccountOpened" } }],
      }),
    ],
    [
      "an outbox row that waits for ever",
      "published if and only if committed",
      () => changed("outbox", () => true, { pending: "1" }),
    ],
    [
      "a view that missed an event",
      "views equal a fold from scratch",
      () => changed("viewStore", ({ partition }) => String(partition).endsWith("/account.1"), { row: { name: "old" } }),
    ],
    [
      "a row that should have gone",
      "views equal a fold from scratch",
      () =>
        added("viewStore", ({ partition }) => String(partition).includes("/members."), { sort: "somebody/membership" }),
    ],
    [
      "a projection that counted twice",
      "projections equal a fold from scratch",
      () =>
        changed("viewStore", ({ partition }) => String(partition).includes("accountCounts"), {
          row: { accountId: "x", members: 9, openInvitations: 9 },
        }),
    ],
    [
      "a projection that stalled",
      "projections equal a fold from scratch",
      () =>
        lost(
          "viewStore",
          ({ partition, sort }) => String(partition).startsWith("source/") && String(sort).startsWith("accountCounts"),
        ),
    ],
    [
      "a trace that does not tell of a view",
      "traces tell of views and projections",
      () => planted("traceTable", items => items.filter(item => !kindIs("view")(item))),
    ],
    [
      "a trace that does not tell of a projection",
      "traces tell of views and projections",
      () => planted("traceTable", items => items.filter(item => !kindIs("projection")(item))),
    ],
    ["a mail that was never sent", "each effect as promised", () => ({ ...truth, mails: truth.mails.slice(1) })],
    [
      "a mail that nothing asked for",
      "each effect as promised",
      () => ({ ...truth, mails: [...truth.mails, { messageId: "m", to: ["x@example.org"], text: "hello" }] }),
    ],
    [
      "an effect that hangs half done",
      "each effect as promised",
      () => changed("idempotencyStore", item => !isCommand(item), { status: "INPROGRESS" }),
    ],
    [
      "a receipt that never ends",
      "receipts settled",
      () => changed("traceTable", idStarts("receipt/"), { status: "ACCEPTED" }),
    ],
    [
      "a dead letter that nobody explains",
      "nothing left in queues",
      () => ({ ...truth, queues: { ...truth.queues, DeadLetters: 1 } }),
    ],
    [
      "a stream that is parked without a cause",
      "parked is what was poisoned",
      () => planted("eventStore", items => [...items, { stream: "a/account/a", version: 7, cause: "?" }]),
    ],
    ["a poisoned stream that is not set aside", "parked is what was poisoned", () => lost("eventStore", isMarker)],
    [
      "a command that waits behind a stream that was not poisoned",
      "parked is what was poisoned",
      () => changed("outbox", isWaiting, { stream: "a/account/a" }),
    ],
    [
      "a decision on what nobody can fold",
      "parked is what was poisoned",
      () => added("eventStore", item => isEvent(item) && item.stream === poisonedStream(1), { version: 9 }),
    ],
    [
      "a receipt that says PARKED while nothing waits",
      "parked is what was poisoned",
      () => changed("traceTable", idStarts("receipt/"), { status: "PARKED", commandId: "some-other-command" }),
    ],
    ["a parked command that was lost", "one outcome", () => lost("outbox", isWaiting)],
    [
      "a parked command whose sender was not told",
      "one outcome",
      () => changed("traceTable", ({ status }) => status === "PARKED", { status: "ACCEPTED" }),
    ],
    ["a parked command that nobody published", "published if and only if committed", () => withoutOutcome("/parked")],
    ["a timer that never fired", "each effect as promised", () => ({ ...truth, at: truth.at + monthMs })],
  ]

  test.each(bugs)("finds %s", (_, check, bug) => {
    expect(violationsIn(bug()).some(violation => violation.startsWith(check))).toBe(true)
  })
})
