import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { account } from "../../src/contexts/accounts/account.ts"
import { app } from "../../src/contexts/index.ts"
import { viewsOf } from "../../src/core/run/updateViews.ts"
import { storedName } from "../../src/core/view.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, join, mails, openAccount, type Person, type Receipt, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

let running: RunningHost
let owner: Person
let member: Person
let outsider: Person
let support: Person

beforeAll(async () => {
  running = await startLocalHost()
  ;[owner, member, outsider, support] = (await Promise.all(
    ["owner", "member", "outsider", "support"].map(name => signedIn(running, name)),
  )) as [Person, Person, Person, Person]
}, 120_000)
afterAll(() => running?.stop())

const accountQuery = `query ($accountId: ID!, $atLeastVersion: Int) { account(accountId: $accountId, atLeastVersion: $atLeastVersion) {
  accountId name slug status version
  members { items { personId role } nextToken }
  invitations { items { invitationId email role } }
  counts { members openInvitations }
} }`
interface Account {
  name: string
  slug: string
  status: string
  version: number
  members: { items: { personId: string; role: string }[] }
  invitations: { items: { invitationId: string; email: string }[] }
  counts: { members: number; openInvitations: number } | null
}
const accountOf = (who: Person, accountId: string) => who.ask<Account | null>("account", accountQuery, { accountId })
/** What happened to an account, its members and invitations; what other contexts make of that is their business. */
const storedEvents = async (accountId: string) =>
  (await storesOf(running).all("EventStore")).filter(({ stream }) =>
    ["account", "membership", "invitation"].some(name => String(stream).startsWith(`${accountId}/${name}/`)),
  )
/** Of the account alone. */
const ownEvents = async (accountId: string) =>
  (await storedEvents(accountId)).filter(({ stream }) => stream === `${accountId}/account/${accountId}`)

describe("a request", () => {
  test("travels from the mutation to a row that can be read, and its receipt says so", async () => {
    const accountId = randomUUID()
    const commandId = randomUUID()
    const { data } = await owner.send("openAccount", {
      accountId,
      name: "Whole way",
      slug: `w-${accountId.slice(0, 8)}`,
      commandId,
    })
    expect(data?.openAccount).toMatchObject({ commandId, status: "ACCEPTED", duplicate: false, protected: true })
    expect(await owner.settled(commandId)).toMatchObject({ status: "PROJECTED", aggregateId: accountId, version: 1 })
    expect(await accountOf(owner, accountId)).toMatchObject({
      name: "Whole way",
      status: "open",
      version: 1,
      members: { items: [{ role: "owner" }] },
    })
  })

  test("without a command id is not protected against a retry, and says so", async () => {
    const accountId = randomUUID()
    const { data } = await owner.send("openAccount", { accountId, name: "N", slug: `n-${accountId.slice(0, 8)}` })
    const receipt = data?.openAccount as Receipt
    expect(receipt).toMatchObject({ protected: false, status: "ACCEPTED" })
    expect((await owner.settled(receipt.commandId)).status).toBe("PROJECTED")
  })

  test("can be followed by support from the e-mail address to every view", async () => {
    const accountId = await openAccount(owner, "Traced")
    const steps = await eventually("the whole trace", async () => {
      const found = await support.ask<{ items: { traceId: string }[] }>(
        "findTraces",
        "query ($text: String!) { findTraces(text: $text) { items { traceId } } }",
        { text: accountId },
      )
      const traceId = found.items[0]?.traceId
      if (traceId === undefined) return undefined
      const { steps } = await support.ask<{ steps: { kind: string; component: string; data: string | null }[] }>(
        "trace",
        "query ($traceId: ID!) { trace(traceId: $traceId) { steps { kind component at data } } }",
        { traceId },
      )
      return (
        ["accepted", "event", "projection"].every(kind => steps.some(step => step.kind === kind)) &&
        viewsOf(app, account).every(view =>
          steps.some(({ component }) => component.split(", ").includes(storedName(view))),
        ) &&
        steps
      )
    })
    expect(steps.find(({ kind }) => kind === "accepted")?.component).toBe("accounts.OpenAccount")
    const byMail = () =>
      support.ask<{ items: { traceId: string }[] }>(
        "findTraces",
        "query ($text: String!) { findTraces(text: $text) { items { traceId } } }",
        { text: owner.email.toUpperCase() },
      )
    await eventually("the trace by e-mail", async () => (await byMail()).items.length > 0)
  })

  test("shows its history with the state at any version, personal values masked", async () => {
    const accountId = randomUUID()
    await owner.run("openAccount", {
      accountId,
      name: "First",
      slug: `h-${accountId.slice(0, 8)}`,
      displayName: "Olga",
    })
    await owner.run("renameAccount", { accountId, name: "Second" })
    const history = (atVersion?: number) =>
      support.ask<{ version: number; state: string; events: { type: string; data: string }[] }>(
        "history",
        'query ($id: ID!, $atVersion: Int) { history(aggregate: "account", id: $id, atVersion: $atVersion) { version state events { version type data } } }',
        { id: accountId, atVersion: atVersion ?? null },
      )
    const now = await history()
    expect(now.events.map(({ type }) => type)).toEqual(["AccountOpened", "AccountRenamed"])
    expect(JSON.parse(now.state)).toMatchObject({ name: "Second" })
    expect(JSON.parse((await history(1)).state)).toMatchObject({ name: "First" })
    expect(JSON.stringify(now)).not.toContain("Olga")
  })
})

describe("P1 a command takes effect once", () => {
  test("sent five times at once, it makes one event and every sender the same outcome", async () => {
    const accountId = randomUUID()
    const input = { accountId, name: "Once", slug: `o-${accountId.slice(0, 8)}`, commandId: randomUUID() }
    await Promise.all(Array.from({ length: 5 }, () => owner.send("openAccount", input)))
    expect(await owner.settled(input.commandId)).toMatchObject({ status: "PROJECTED", version: 1 })
    await eventually(
      "the receipt says that it was repeated",
      async () => (await owner.receipt(input.commandId))?.duplicate,
    )
    expect(await ownEvents(accountId)).toHaveLength(1)
  })

  test("with another input under the same id it is refused, and the first outcome stays", async () => {
    const accountId = await openAccount(owner)
    const commandId = randomUUID()
    expect((await owner.run("renameAccount", { accountId, name: "First", commandId })).status).toBe("PROJECTED")
    await owner.send("renameAccount", { accountId, name: "Second", commandId })
    const refused = await eventually("the refusal", async () => {
      const receipt = await owner.receipt(commandId)
      return receipt?.status === "REJECTED" && receipt
    })
    expect(refused.rejection?.code).toBe("CommandIdReused")
    expect((await accountOf(owner, accountId))?.name).toBe("First")
  })
})

describe("P2 what a decision writes is written together", () => {
  test("twenty parallel commands on one account leave versions without gap or twin, each with its record and outbox row", async () => {
    const accountId = await openAccount(owner)
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, n) => owner.run("renameAccount", { accountId, name: `Name ${n}` })),
    )
    expect(receipts.every(({ status }) => status === "PROJECTED")).toBe(true)
    const versions = (await ownEvents(accountId)).map(({ version }) => Number(version)).sort((a, b) => a - b)
    expect(versions).toEqual(Array.from({ length: 21 }, (_, index) => index + 1))
    const outbox = (await storesOf(running).all("Outbox")).filter(
      ({ stream }) => stream === `${accountId}/account/${accountId}`,
    )
    expect(outbox).toHaveLength(21)
  })
})

describe("P3 an accepted command always ends in an outcome", () => {
  test("input that the domain refuses to read ends REJECTED with the field's path", async () => {
    const accountId = randomUUID()
    const receipt = await owner.run("openAccount", { accountId, name: "", slug: "fine-slug" })
    expect(receipt).toMatchObject({ status: "REJECTED", rejection: { code: "Invalid", path: "name" } })
  })

  test("a refusal of the domain has a name and a sentence", async () => {
    const accountId = await openAccount(owner)
    const { data } = await owner.graphql("{ myAccounts(limit: 100) { items { personId accountId } } }")
    const personId = (data?.myAccounts as { items: { personId: string }[] } | undefined)?.items[0]?.personId
    expect(await owner.run("removeOwner", { accountId, personId })).toMatchObject({
      status: "REJECTED",
      rejection: { code: "LastOwner" },
    })
  })

  test("the latest refusals are a list that support reads", async () => {
    const accountId = await openAccount(owner)
    const { traceId } = await owner.run("renameAccount", { accountId, name: "" })
    await eventually("the refusal in the list", async () => {
      const { items } = await support.ask<{ items: { traceId: string }[] }>(
        "findTraces",
        '{ findTraces(text: "rejected", limit: 50) { items { traceId } } }',
      )
      return items.some(item => item.traceId === traceId)
    })
  })

  test("a slug that is taken is refused by name", async () => {
    const slug = `taken-${randomUUID().slice(0, 8)}`
    await owner.run("openAccount", { accountId: randomUUID(), name: "A", slug })
    expect(await member.run("openAccount", { accountId: randomUUID(), name: "B", slug })).toMatchObject({
      status: "REJECTED",
      rejection: { code: "SlugTaken", path: "slug" },
    })
  })

  test("an expected version that has passed is refused", async () => {
    const accountId = await openAccount(owner)
    await owner.run("renameAccount", { accountId, name: "Two" })
    expect(await owner.run("renameAccount", { accountId, name: "Three", expectedVersion: 1 })).toMatchObject({
      status: "REJECTED",
      rejection: { code: "VersionConflict" },
    })
  })
})

describe("P4 events are published if and only if they were committed", () => {
  test("every stored event has its step in a trace, and every traced event is stored", async () => {
    const stored = async () =>
      (await storesOf(running).all("EventStore"))
        .filter(({ version }) => Number(version) > 0)
        .map(({ stream, version }) => `${stream}/${version}`)
    const traced = async () =>
      (await storesOf(running).all("TraceTable"))
        .filter(({ kind }) => kind === "event")
        .map(({ causeId }) => String(causeId))
    // Automations may still be at work: what is looked at is a moment at which nothing is on its way.
    const atRest = await eventually("each event to be stored and traced", async () => {
      const now = { traced: [...new Set(await traced())].sort(), stored: (await stored()).sort() }
      return now.traced.length >= now.stored.length && now
    })
    expect(atRest.traced).toEqual(atRest.stored)
  })
})

describe("P6 an outside effect keeps its promise", () => {
  test("an invitation is mailed to the invited address, with a secret", async () => {
    const accountId = await openAccount(owner, "Mailing")
    const invitationId = randomUUID()
    await owner.run("inviteMember", { accountId, invitationId, email: "guest@example.org", role: "viewer" })
    const mailed = async () => (await mails(running)).filter(({ text }) => text.includes(invitationId))
    const [mail] = await eventually("the mail", async () => ((await mailed()).length > 0 ? mailed() : undefined))
    expect(mail).toMatchObject({ to: ["guest@example.org"], subject: "You are invited to Mailing" })
    expect(mail?.text).toContain("Secret: ")
  })

  test("the secret of the mail lets its reader accept, whatever the address", async () => {
    const accountId = await openAccount(owner)
    const invitationId = randomUUID()
    await owner.run("inviteMember", { accountId, invitationId, email: "other-address@example.org", role: "viewer" })
    expect(await outsider.run("acceptInvitation", { accountId, invitationId })).toMatchObject({
      rejection: { code: "NotInvited" },
    })
    const mail = await eventually("the mail", async () =>
      (await mails(running)).find(({ text }) => text.includes(invitationId)),
    )
    const secret = /Secret: (\S+)/.exec(mail.text)?.[1]
    // The mail may arrive before the account knows its secret.
    await eventually("the secret to be known", async () => {
      const { status } = await outsider.run("acceptInvitation", { accountId, invitationId, secret })
      return status === "PROJECTED"
    })
    const { items } = await eventually("the membership", async () => {
      const found = await outsider.ask<{ items: { accountId: string }[] }>(
        "myAccounts",
        "{ myAccounts(limit: 100) { items { accountId } } }",
      )
      return found.items.some(item => item.accountId === accountId) && found
    })
    expect(items.length).toBeGreaterThan(0)
  })
})

describe("a timer", () => {
  test("ends an invitation when its time is over", async () => {
    const accountId = await openAccount(owner)
    const invitationId = randomUUID()
    const expiresAt = new Date(running.host.clock.now() + 600_000).toISOString()
    await owner.run("inviteMember", { accountId, invitationId, email: "late@example.org", role: "viewer", expiresAt })
    expect((await accountOf(owner, accountId))?.invitations.items).toHaveLength(1)
    running.host.clock.advance(600_000)
    await eventually(
      "the end of the invitation",
      async () => (await accountOf(owner, accountId))?.invitations.items.length === 0,
    )
    expect((await storedEvents(accountId)).map(({ type }) => type)).toContain("InvitationExpired")
  })
})

describe("P9 nobody reads or changes what is not theirs", () => {
  test("an outsider is refused before any event, and finds nothing", async () => {
    const accountId = await openAccount(owner)
    const before = (await storedEvents(accountId)).length
    const { errors } = await outsider.send("renameAccount", { accountId, name: "Mine", commandId: randomUUID() })
    expect(errors?.[0]?.errorType).toBe("Unauthorized")
    for (const query of [
      "account(accountId: $accountId) { name }",
      "members(accountId: $accountId) { items { personId } }",
      "invitations(accountId: $accountId) { items { email } }",
      "accountCounts(accountId: $accountId) { members }",
    ]) {
      const answer = await outsider.graphql(`query ($accountId: ID!) { ${query} }`, { accountId })
      expect(answer.errors?.[0]?.errorType, query).toBe("Unauthorized")
    }
    expect(await storedEvents(accountId)).toHaveLength(before)
  })

  test("only support reads traces and histories", async () => {
    for (const query of [
      'trace(traceId: "01JABCDEFGHJKMNPQRSTVWXYZ0") { steps { kind } }',
      'findTraces(text: "x") { items { traceId } }',
      `history(aggregate: "account", id: "${randomUUID()}") { version }`,
    ])
      expect((await owner.graphql(`{ ${query} }`)).errors?.[0]?.errorType, query).toBe("Unauthorized")
  })

  test("what only automations may send is refused to people", async () => {
    const accountId = await openAccount(owner)
    const { errors } = await owner.send("addOwner", { accountId, personId: randomUUID() })
    expect(errors?.[0]?.errorType).toBe("Unauthorized")
    const forged = await owner.graphql(
      'mutation ($input: RenameAccountInput!) { renameAccount(input: $input, thread: {traceId: "t", causationId: "c", hops: 0, automation: "x"}) { commandId } }',
      { input: { accountId, name: "N" } },
    )
    expect(forged.errors?.[0]?.errorType).toBe("Unauthorized")
  })

  test("a receipt is its actor's own", async () => {
    const commandId = randomUUID()
    const accountId = randomUUID()
    await owner.run("openAccount", { accountId, name: "N", slug: `r-${accountId.slice(0, 8)}`, commandId })
    expect(await outsider.receipt(commandId)).toBeNull()
  })

  test("opening an account under a foreign id tells nothing", async () => {
    const accountId = await openAccount(owner)
    expect(
      await outsider.run("openAccount", { accountId, name: "Mine", slug: `x-${accountId.slice(0, 8)}` }),
    ).toMatchObject({ status: "REJECTED", rejection: { code: "NotAuthorized" } })
  })
})

describe("the members of an account", () => {
  test("are invited, accept, change roles and leave; an owner can act once the receipt says PROJECTED", async () => {
    const accountId = await openAccount(owner, "Team")
    await join(owner, member, accountId, "admin")
    const team = await eventually("the counts", async () => {
      const found = await accountOf(member, accountId)
      return found?.counts?.members === 2 && found.counts.openInvitations === 0 && found
    })
    expect(team.members.items).toHaveLength(2)
    const memberId = team.members.items.find(({ role }) => role === "admin")?.personId
    expect(await member.run("renameAccount", { accountId, name: "Renamed by an admin" })).toMatchObject({
      status: "PROJECTED",
    })
    expect(await owner.run("changeMemberRole", { accountId, personId: memberId, role: "owner" })).toMatchObject({
      status: "PROJECTED",
    })
    await eventually("the promotion", async () => {
      const found = await accountOf(owner, accountId)
      return found?.members.items.length === 2 && found.members.items.every(({ role }) => role === "owner")
    })
    expect(await member.run("closeAccount", { accountId })).toMatchObject({ status: "PROJECTED" })
  })
})
