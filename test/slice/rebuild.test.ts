import { randomUUID } from "node:crypto"
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { account } from "../../src/contexts/accounts/account.ts"
import { accounts } from "../../src/contexts/accounts/index.ts"
import { app } from "../../src/contexts/index.ts"
import { canonicalJson } from "../../src/core/json.ts"
import { viewsOf } from "../../src/core/run/updateViews.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, join, mails, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

const findings = "found { kind count } samples { view stream kind fields }"
const rebuildMutation = `mutation ($view: String!, $action: RebuildAction!, $dryRun: Boolean, $limit: Int) {
  rebuild(view: $view, action: $action, dryRun: $dryRun, limit: $limit) {
    view status estimate { streams events dollars } streams rows written ${findings}
  }
}`
const verifyMutation = `mutation ($view: String!, $sample: Int, $heal: Boolean) {
  verify(view: $view, sample: $sample, heal: $heal) { streams rows written ${findings} cursor }
}`
const reconcileMutation = `mutation ($next: String) { reconcile(next: $next) {
  shreddedAgain sources ahead written lost { stream version commandId } next
} }`
const replayMutation = `mutation ($to: String!, $type: String) { replay(to: $to, type: $type) { streams events cursor } }`
/** Whatever has rows once an account is open and has people: its own views, and its first API key. */
const views = [...accounts.views, ...accounts.projections].map(({ name }) => name).concat("apiKeys")

interface Checked {
  readonly status?: string
  readonly estimate: { streams: number; events: number; dollars: number }
  readonly streams: number
  readonly written: number
  readonly found: readonly { kind: string; count: number }[]
}

let running: RunningHost
let owner: Person
let member: Person
let support: Person
let accountId: string

beforeAll(async () => {
  running = await startLocalHost()
  ;[owner, member, support] = (await Promise.all(
    ["owner", "member", "support"].map(name => signedIn(running, name)),
  )) as [Person, Person, Person]
  accountId = await openAccount(owner, "Rebuilt")
  await join(owner, member, accountId, "viewer")
  await owner.run("inviteMember", { accountId, invitationId: randomUUID(), email: "x@example.net", role: "viewer" })
  for (const view of views) await eventually(`${view} to be right`, async () => (await verify(view)).found.length === 0)
}, 120_000)
afterAll(() => running?.stop())

const verify = (view: string, more: Readonly<Record<string, unknown>> = {}) =>
  support.ask<Checked>("verify", verifyMutation, { view, ...more })

/** Does the row belong to a view that is rebuilt here, and to the account? */
const isRebuilt = (partition: unknown) =>
  String(partition).includes(accountId) && views.some(view => String(partition).includes(`/${view}.`))

/** Every row that is served, stamps excluded. */
const rows = async () =>
  (await storesOf(running).all("ViewStore"))
    .filter(({ row, partition }) => row !== undefined && isRebuilt(partition))
    .map(({ partition, sort, row }) => canonicalJson({ partition, sort, row }))
    .sort()

async function rebuild(view: string, dryRun = false): Promise<Checked> {
  const order = (action: string, more = {}) =>
    support.ask<Checked>("rebuild", rebuildMutation, { view, action, dryRun, ...more })
  let now = await order("START")
  while (now.status === "RUNNING") now = await order("NEXT", { limit: 4 })
  return now
}

/** Damages the stored rows of every view: some are gone, the others say something else. */
async function damage() {
  const { client, named, all } = storesOf(running)
  const TableName = named("ViewStore")
  const stored = (await all("ViewStore")).filter(
    ({ row, partition, sort }) =>
      row !== undefined && sort !== "." && isRebuilt(partition) && !String(partition).startsWith("unique/"),
  )
  for (const [index, item] of stored.entries()) {
    const { partition, sort } = item
    if (index % 2 === 0) await client.send(new DeleteCommand({ TableName, Key: { partition, sort } }))
    else
      await client.send(new PutCommand({ TableName, Item: { ...item, row: { ...(item.row as object), role: "?" } } }))
  }
  await client.send(
    new UpdateCommand({
      TableName,
      Key: { partition: `${accountId}/accountCounts.1`, sort: "." },
      UpdateExpression: "SET #row.members = :wrong",
      ExpressionAttributeNames: { "#row": "row" },
      ExpressionAttributeValues: { ":wrong": 99 },
    }),
  )
}

describe("a rebuild on the local host", () => {
  test("brings every damaged view back to a fold of the events, and starts no automation", async () => {
    const before = await rows()
    const mailed = (await mails(running)).length
    await damage()
    expect(await rows()).not.toEqual(before)
    const dry = await rebuild("members", true)
    expect(dry.found.length).toBeGreaterThan(0)
    expect(dry.written).toBe(0)
    for (const view of views) {
      const done = await rebuild(view)
      expect(done).toMatchObject({ status: "DONE" })
      expect(done.estimate.streams).toBeGreaterThan(0)
    }
    expect(await rows()).toEqual(before)
    expect((await mails(running)).length).toBe(mailed)
    for (const view of views) expect((await verify(view)).found).toEqual([])
  })

  test("goes on while commands come in, and loses none", async () => {
    await damage()
    const renames = Array.from({ length: 10 }, (_, index) =>
      owner.run("renameAccount", { accountId, name: `While rebuilding ${index}` }),
    )
    const invitations = Array.from({ length: 3 }, (_, index) =>
      owner.run("inviteMember", {
        accountId,
        invitationId: randomUUID(),
        email: `while${index}@example.net`,
        role: "viewer",
      }),
    )
    for (const view of views) await rebuild(view)
    await Promise.all([...renames, ...invitations])
    for (const view of views)
      await eventually(`${view} to be right`, async () => (await verify(view)).found.length === 0)
    expect(
      await owner.ask(
        "account",
        "query ($accountId: ID!) { account(accountId: $accountId) { counts { members openInvitations } } }",
        {
          accountId,
        },
      ),
    ).toEqual({ counts: { members: 2, openInvitations: 4 } })
  })

  test("is for the support group only", async () => {
    const { errors } = await owner.graphql(rebuildMutation, { view: "members", action: "START" })
    expect(errors?.[0]?.errorType).toBe("Unauthorized")
  })
})

test("verify heals a sample", async () => {
  await damage()
  const found = await verify("members", { sample: 50, heal: true })
  expect(found.written).toBeGreaterThan(0)
  expect((await verify("members", { sample: 50 })).found).toEqual([])
  for (const view of views) await rebuild(view)
})

test("a replay reaches an automation by its name alone", async () => {
  const replayed = await support.ask<{ events: number }>("replay", replayMutation, {
    to: "makeMembershipOnInvitationAccepted",
  })
  expect(replayed.events).toBe(1)
  expect(
    (await support.ask<{ events: number }>("replay", replayMutation, { to: "trackAndTrace" })).events,
  ).toBeGreaterThan(5)
  expect(
    (await support.ask<{ events: number }>("replay", replayMutation, { to: "members", type: "MemberJoined" })).events,
  ).toBe(1)
})

test("reconcile brings rows and commands back to an event store that was restored to an earlier time", async () => {
  const before = await rows()
  const { version, commandId } = await owner.run("renameAccount", { accountId, name: "Lost by the restore" })
  expect(await rows()).not.toEqual(before)
  const { client, named } = storesOf(running)
  await client.send(
    new DeleteCommand({
      TableName: named("EventStore"),
      Key: { stream: `${accountId}/account/${accountId}`, version },
    }),
  )
  let [ahead, next] = [0, null as string | null]
  const lost: { commandId: string }[] = []
  do {
    const done = await support.ask<{ ahead: number; lost: { commandId: string }[]; next: string | null }>(
      "reconcile",
      reconcileMutation,
      { next },
    )
    ahead += done.ahead
    lost.push(...done.lost)
    next = done.next
  } while (next !== null)
  // Every view of the account, and its projection.
  expect(ahead).toBe(viewsOf(app, account).length + 1)
  expect(lost.map(one => one.commandId)).toEqual([commandId])
  expect(await rows()).toEqual(before)
  const again = await owner.run("renameAccount", { accountId, name: "After the restore", commandId: randomUUID() })
  expect(again).toMatchObject({ status: "PROJECTED", version })
})
