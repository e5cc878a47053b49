import { randomUUID } from "node:crypto"
import { PutCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { app } from "../../src/contexts/index.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, join, mails, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"
import { connect } from "./subscriber.ts"

/** What the host says about calls that a role may not make. */
const refused: string[] = []
let running: RunningHost
let owner: Person
let member: Person
let support: Person

beforeAll(async () => {
  running = await startLocalHost({
    print: line => void (/lacks the statement|a Deny of/.test(line) && refused.push(line)),
  })
  await signIn()
}, 120_000)
afterAll(() => running?.stop())

async function signIn() {
  const all = await Promise.all(["owner", "member", "support"].map(name => signedIn(running, name)))
  ;[owner, member, support] = all as [Person, Person, Person]
}

const ask = (query: string, variables: Readonly<Record<string, unknown>> = {}) =>
  support.graphql(query, variables).then(({ data, errors }) => {
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data
  })

/** An account lives, with everything that automations do for it. */
async function life() {
  const accountId = await openAccount(owner, "All of it")
  const live = await connect(running, owner)
  const heard = await live.subscribe(
    "onAccountChanged",
    "subscription ($id: ID!) { onAccountChanged(accountId: $id) { version } }",
    { id: accountId },
  )
  await owner.run("renameAccount", { accountId, name: "Renamed" })
  await eventually("a push", async () => heard.length > 0)
  live.close()
  await join(owner, member, accountId, "member")
  await owner.run("changeMemberRole", { accountId, personId: personOf(member), role: "owner" })
  await eventually("the promotion", async () => (await roleOf(accountId)) === "owner")
  await owner.run("demoteOwner", { accountId, personId: personOf(member), role: "viewer" })
  await eventually("the demotion", async () => (await roleOf(accountId)) === "viewer")
  await owner.run("removeMember", { accountId, personId: personOf(member) })
  return accountId
}

const personOf = ({ token }: Person) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sub
const roleOf = async (accountId: string) => {
  const { items } = await member.ask<{ items: { accountId: string; role: string }[] }>(
    "myAccounts",
    "{ myAccounts(limit: 100) { items { accountId role } } }",
  )
  return items.find(item => item.accountId === accountId)?.role
}

/** An invitation's timer fires. */
async function timeout(accountId: string) {
  const [invitationId, email] = [randomUUID(), `${randomUUID()}@example.org`]
  const expiresAt = new Date(running.host.clock.now() + 20 * 60_000).toISOString()
  await owner.run("inviteMember", { accountId, invitationId, email, role: "viewer", expiresAt })
  await eventually("the mail", async () => (await mails(running)).some(({ to }) => to.includes(email)))
  for (let step = 0; step < 40 && !(await hasEvent("InvitationExpired", invitationId)); step++) {
    running.host.clock.advance(5 * 60_000)
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  await eventually("the end of the invitation", () => hasEvent("InvitationExpired", invitationId))
  await signIn()
  return email
}

const hasEvent = async (type: string, id: string) =>
  (await storesOf(running).all("EventStore")).some(item => item.type === type && String(item.stream).endsWith(id))

/** A stream that cannot be folded is parked, rehearsed and released; a command that no function gets ends as a letter. */
async function troubles() {
  const accountId = await openAccount(owner, "In trouble")
  const stream = `${accountId}/account/${accountId}`
  const { client, named } = storesOf(running)
  const planted = { stream, version: 2, type: "NotYetInvented", schemaVersion: 1, data: "{}", hops: 0 }
  const from = { commandId: randomUUID(), actor: "someone", traceId: randomUUID(), at: new Date().toISOString() }
  await client.send(new PutCommand({ TableName: named("EventStore"), Item: { ...planted, ...from } }))
  await owner.send("renameAccount", { accountId, name: "Waits", commandId: randomUUID() })
  const query = "{ parked(limit: 100) { items { stream } } }"
  await eventually("the marker", async () => JSON.stringify(await ask(query)).includes(stream))
  await ask("query ($stream: ID!) { rehearse(stream: $stream) { folds } }", { stream })
  await ask("mutation ($stream: ID!) { redrive(stream: $stream) { status } }", { stream })
}

describe("the least privilege", () => {
  test("of every function and data source is enough for the story, support and upkeep", async () => {
    const accountId = await life()
    const email = await timeout(accountId)
    await troubles()
    await ask('query ($id: ID!) { history(aggregate: "account", id: $id) { version } }', { id: accountId })
    const views = app.contexts.flatMap(({ views, projections }) => [...views, ...projections].map(({ name }) => name))
    for (const view of views) {
      await ask("mutation ($view: String!) { rebuild(view: $view, action: START) { status } }", { view })
      await ask("mutation ($view: String!) { rebuild(view: $view, action: NEXT) { status } }", { view })
      await ask("mutation ($view: String!) { verify(view: $view, heal: true) { rows } }", { view })
    }
    await ask("mutation { reconcile { ahead } }")
    await ask('mutation { replay(to: "accountCounts") { events } }')
    await ask("mutation ($subject: String!) { forget(subject: $subject) { forgottenAt } }", { subject: email })

    expect(refused).toEqual([])
  }, 120_000)
})
