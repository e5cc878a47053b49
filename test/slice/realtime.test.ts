import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, openAccount, type Person, type Receipt, signedIn } from "./person.ts"
import { connect, type Subscriber } from "./subscriber.ts"

let running: RunningHost
let owner: Person
let member: Person
let outsider: Person
let support: Person
const open: Subscriber[] = []
const connected = async (who: Person) => {
  const subscriber = await connect(running, who)
  open.push(subscriber)
  return subscriber
}

beforeAll(async () => {
  running = await startLocalHost()
  ;[owner, member, outsider, support] = (await Promise.all(
    ["owner", "member", "outsider", "support"].map(name => signedIn(running, name)),
  )) as [Person, Person, Person, Person]
}, 120_000)
afterAll(async () => {
  for (const subscriber of open) subscriber.close()
  await running?.stop()
})

const onReceipt = "subscription ($commandId: ID!) { onReceipt(commandId: $commandId) { commandId status version } }"
const onTrace = "subscription ($traceId: ID!) { onTrace(traceId: $traceId) { traceId kind component } }"
const onAccountChanged =
  "subscription ($accountId: ID!) { onAccountChanged(accountId: $accountId) { view version gone } }"
const accountAt =
  "query ($accountId: ID!, $atLeastVersion: Int) { account(accountId: $accountId, atLeastVersion: $atLeastVersion) { name version } }"

const minuteMs = 60_000

interface Change {
  readonly version: number
}
interface Step {
  readonly traceId: string
  readonly kind: string
  readonly component: string
}

const stepsOf = async (traceId: string) =>
  (
    await support.ask<{ steps: readonly Step[] }>(
      "trace",
      "query ($traceId: ID!) { trace(traceId: $traceId) { steps { traceId kind component } } }",
      { traceId },
    )
  ).steps

describe("a receipt", () => {
  test("is pushed to its sender and to nobody else, though somebody else asks for the same command id", async () => {
    const commandId = randomUUID()
    const mine = await (await connected(owner)).subscribe<Receipt>("onReceipt", onReceipt, { commandId })
    const foreign = await (await connected(outsider)).subscribe<Receipt>("onReceipt", onReceipt, { commandId })
    const accountId = randomUUID()
    await owner.run("openAccount", { accountId, name: "N", slug: `r-${accountId.slice(0, 8)}`, commandId })
    await eventually("the push", async () => mine.some(({ status }) => status === "PROJECTED"))
    expect(mine.at(-1)).toEqual({ commandId, status: "PROJECTED", version: 1 })
    const fence = randomUUID()
    const fenced = await (await connected(outsider)).subscribe<Receipt>("onReceipt", onReceipt, { commandId: fence })
    const otherId = randomUUID()
    await outsider.run("openAccount", {
      accountId: otherId,
      name: "N",
      slug: `r-${otherId.slice(0, 8)}`,
      commandId: fence,
    })
    await eventually("a later push to the other", async () => fenced.length > 0)
    expect(foreign).toEqual([])
  })
})

describe("a live view", () => {
  test("of a foreign account cannot be watched", async () => {
    const accountId = await openAccount(owner)
    const outside = await connected(outsider)
    for (const field of ["onAccountChanged", "onMembersChanged", "onInvitationsChanged"])
      await expect(
        outside.subscribe(field, `subscription ($accountId: ID!) { ${field}(accountId: $accountId) { view } }`, {
          accountId,
        }),
        field,
      ).rejects.toThrow('"errorType":"Unauthorized"')
  })

  test("of invitations to my address is told to me, who see what the account is called and nothing else of it", async () => {
    const accountId = await openAccount(owner, "Inviting lab")
    const query = "subscription { onMyInvitationsChanged { view scope gone } }"
    const [mine, others] = await Promise.all(
      [member, outsider].map(async person =>
        (await connected(person)).subscribe<object>("onMyInvitationsChanged", query, {}),
      ),
    )
    await owner.run("inviteMember", { accountId, email: member.email, role: "viewer" })
    await eventually("the push", async () => (mine ?? []).length > 0)
    expect(mine).toEqual([{ view: "myInvitations", scope: encodeURIComponent(member.email), gone: false }])
    expect(others).toEqual([])
    const { items } = await member.ask<{ items: readonly { accountId: string; account: object }[] }>(
      "myInvitations",
      "{ myInvitations { items { accountId account { accountId name } } } }",
    )
    expect(items.find(item => item.accountId === accountId)?.account).toEqual({ accountId, name: "Inviting lab" })
    const schema = await member.ask<{ fields: readonly { name: string }[] }>(
      "__type",
      '{ __type(name: "InvitingAccount") { fields { name } } }',
    )
    expect(schema.fields.map(({ name }) => name)).toEqual(["accountId", "name", "version"])
  })

  test("tells only of the account that is watched", async () => {
    const [watched, other] = await Promise.all([openAccount(owner), openAccount(owner)])
    const changes = await (await connected(owner)).subscribe<Change>("onAccountChanged", onAccountChanged, {
      accountId: watched,
    })
    await owner.run("renameAccount", { accountId: other, name: "Other" })
    await owner.run("renameAccount", { accountId: watched, name: "Watched" })
    await owner.run("closeAccount", { accountId: watched })
    await eventually("the last notice", async () => changes.some(({ version }) => version === 3))
    expect(new Set(changes.map(({ version }) => version))).toEqual(new Set([2, 3]))
  })
})

describe("a trace", () => {
  test("is watched by support while a request goes on, step by step", async () => {
    const accountId = await openAccount(owner)
    const expiresAt = new Date(running.host.clock.now() + 20 * minuteMs).toISOString()
    const invitation = { accountId, invitationId: randomUUID(), email: "late@example.org", role: "viewer", expiresAt }
    const { traceId } = await owner.run("inviteMember", invitation)
    const steps = await (await connected(support)).subscribe<Step>("onTrace", onTrace, { traceId })
    await eventually("the timer", async () =>
      (await stepsOf(traceId)).some(({ component }) => component === "expireInvitationWhenDue"),
    )
    running.host.clock.advance(21 * minuteMs)
    await eventually("the end of the invitation", async () =>
      steps.some(({ kind, component }) => kind === "event" && component === "accounts.InvitationExpired"),
    )
    expect(steps.every(step => step.traceId === traceId)).toBe(true)
    // Steps of different messages are pushed in no order.
    await eventually("the command of the timer", async () =>
      steps.some(({ component }) => component === "accounts.ExpireInvitation"),
    )
  })

  test("cannot be watched by anybody else", async () => {
    await expect((await connected(owner)).subscribe("onTrace", onTrace, { traceId: randomUUID() })).rejects.toThrow(
      "Not Authorized to access onTrace on type Subscription",
    )
  })
})

describe("what only the backend pushes", () => {
  test("is refused to people", async () => {
    const change = '{view: "account", scope: "s", key: "k", version: 1, gone: false}'
    const receipt = '{commandId: "c", traceId: "t", status: PROJECTED, actor: "a", tenant: "t"}'
    const step = '{traceId: "t", kind: "event", causeId: "c", component: "c", at: "2026-01-01T00:00:00Z"}'
    for (const mutation of [
      `publishViewChange(change: ${change}) { view }`,
      `publishReceipt(receipt: ${receipt}) { status }`,
      `publishTraceStep(step: ${step}) { kind }`,
    ])
      for (const who of [owner, support]) {
        const { errors } = await who.graphql(`mutation { ${mutation} }`)
        expect(errors?.[0]?.errorType, mutation).toBe("Unauthorized")
      }
  })
})

describe("a client that lost its connection", () => {
  test("connects again, and catches up by reading with the version that it waits for", async () => {
    const accountId = await openAccount(owner)
    const first = await connected(owner)
    await first.subscribe("onAccountChanged", onAccountChanged, { accountId })
    first.close()
    await owner.run("renameAccount", { accountId, name: "Missed" })
    const ahead = await owner.graphql(accountAt, { accountId, atLeastVersion: 3 })
    expect(ahead.errors?.[0]).toMatchObject({
      errorType: "NotYetVisible",
      errorInfo: { haveVersion: 2, wantedVersion: 3, retryAfterMs: expect.any(Number) },
    })
    const changes = await (await connected(owner)).subscribe<Change>("onAccountChanged", onAccountChanged, {
      accountId,
    })
    const { data } = await owner.graphql(accountAt, { accountId, atLeastVersion: 2 })
    expect(data?.account).toEqual({ name: "Missed", version: 2 })
    await owner.run("renameAccount", { accountId, name: "Heard" })
    await eventually("the notice", async () => changes.some(({ version }) => version === 3))
    const fresh = await owner.graphql(accountAt, { accountId, atLeastVersion: 3 })
    expect(fresh.data?.account).toEqual({ name: "Heard", version: 3 })
  })
})
