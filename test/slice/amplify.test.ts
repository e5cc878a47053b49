import { randomUUID } from "node:crypto"
import { signIn, signOut } from "aws-amplify/auth"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { ask, configureAmplify, idToken, listen, run } from "./amplifyClient.ts"
import { eventually, mails, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

let running: RunningHost
let owner: Person
let restore = () => {}
beforeAll(async () => {
  running = await startLocalHost()
  restore = configureAmplify(running)
  owner = await signedIn(running, "owner")
  const member = running.local.users.find(({ email }) => email.startsWith("member"))
  const { isSignedIn } = await signIn({ username: member?.email ?? "", password: member?.password ?? "" })
  expect(isSignedIn).toBe(true)
}, 120_000)
afterAll(async () => {
  await signOut()
  restore()
  await running?.stop()
})

interface Change {
  readonly view: string
  readonly version: number
}

async function openOwn(): Promise<string> {
  const accountId = randomUUID()
  await run("openAccount", { accountId, name: "Mine", slug: `a-${accountId.slice(0, 8)}`, displayName: "Mia" })
  return accountId
}

/** An invitation to the signed-in member, and the secret in its mail. */
async function invited(accountId: string): Promise<{ invitationId: string; secret: string }> {
  const invitationId = randomUUID()
  await owner.run("inviteMember", { accountId, invitationId, email: "member@example.org", role: "viewer" })
  const mail = await eventually("the mail", async () =>
    (await mails(running)).find(({ text }) => text.includes(invitationId)),
  )
  await eventually("the secret to be known", async () =>
    (await storesOf(running).all("EventStore")).some(
      ({ stream, type }) => type === "InvitationSecretRecorded" && String(stream).endsWith(invitationId),
    ),
  )
  return { invitationId, secret: /Secret: (\S+)/.exec(mail.text)?.[1] ?? "" }
}

const pageOf = (field: string) => `{ ${field} { items { accountId } } }`
type Page = Readonly<Record<string, { items: readonly { accountId: string }[] }>>

describe("a headless Amplify client, signed in by SRP, with the access token that it sends by itself", () => {
  test("sends a command under an id of its own and hears its receipt move to PROJECTED", async () => {
    const accountId = randomUUID()
    const receipts = await run("openAccount", { accountId, name: "Mine", slug: `a-${accountId.slice(0, 8)}` })
    expect(receipts.at(-1)).toMatchObject({ status: "PROJECTED", aggregateId: accountId, version: 1 })
  })

  test("reads account, members and counts in one nested query", async () => {
    const accountId = await openOwn()
    const read = () =>
      ask<{ account: { counts: { members: number } | null } }>(
        `query ($accountId: ID!) { account(accountId: $accountId, atLeastVersion: 1) {
          name members { items { name role } } invitations { items { email } } counts { members }
        } }`,
        { accountId },
      )
    const { account } = await eventually("the counts", async () => {
      const found = await read()
      return found.account.counts !== null && found
    })
    expect(account).toEqual({
      name: "Mine",
      members: { items: [{ name: "Mia", role: "owner" }] },
      invitations: { items: [] },
      counts: { members: 1 },
    })
  })

  test("is told when the answer to a live view has changed, until it unsubscribes", async () => {
    const accountId = await openOwn()
    const accountChanges = await listen<Change>(
      "onAccountChanged",
      "subscription ($accountId: ID!) { onAccountChanged(accountId: $accountId) { view version } }",
      { accountId },
    )
    await run("renameAccount", { accountId, name: "Two" })
    await eventually("the notice", async () => accountChanges.heard.some(({ version }) => version === 2))
    expect(accountChanges.heard.at(-1)).toMatchObject({ view: "account", version: 2 })
    accountChanges.end()
    const memberChanges = await listen<Change>(
      "onMembersChanged",
      "subscription ($accountId: ID!) { onMembersChanged(accountId: $accountId) { view version } }",
      { accountId },
    )
    const heardBefore = accountChanges.heard.length
    await run("renameAccount", { accountId, name: "Three" })
    await run("inviteMember", { accountId, email: "x@example.org", role: "viewer", invitationId: randomUUID() })
    await run("closeAccount", { accountId })
    await eventually("the members' notice", async () => memberChanges.heard.length > 0)
    expect(accountChanges.heard).toHaveLength(heardBefore)
    memberChanges.end()
  })

  test("gets the API's refusals as typed errors", async () => {
    const accountId = await openAccount(owner)
    await expect(
      ask("query ($accountId: ID!) { account(accountId: $accountId) { name } }", { accountId }),
    ).rejects.toMatchObject({ errors: [{ errorType: "Unauthorized" }] })
    const { failures } = await listen(
      "onAccountChanged",
      "subscription ($accountId: ID!) { onAccountChanged(accountId: $accountId) { view } }",
      { accountId },
    )
    expect(JSON.stringify(failures)).toContain("Unauthorized")
  })

  test("cannot list invitations to its address, and is told which token can", async () => {
    await expect(ask(pageOf("myInvitations"))).rejects.toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ errorType: "VerifiedEmailMissing", message: expect.stringContaining("ID token") }),
      ]),
    })
  })

  test("accepts an invitation by the secret of the mail", async () => {
    const accountId = await openAccount(owner)
    const { invitationId, secret } = await invited(accountId)
    expect((await run("acceptInvitation", { accountId, invitationId })).at(-1)?.status).toBe("REJECTED")
    expect((await run("acceptInvitation", { accountId, invitationId, secret })).at(-1)?.status).toBe("PROJECTED")
    await eventually("the membership", async () =>
      (await ask<Page>(pageOf("myAccounts"))).myAccounts?.items.some(item => item.accountId === accountId),
    )
  })
})

describe("a headless Amplify client with the ID token", () => {
  test("lists invitations to its verified address, and accepts one without a secret", async () => {
    const accountId = await openAccount(owner)
    const { invitationId } = await invited(accountId)
    const token = await idToken()
    const { myInvitations } = await ask<Page>(pageOf("myInvitations"), {}, token)
    expect(myInvitations?.items.map(item => item.accountId)).toContain(accountId)
    const input = { accountId, invitationId, commandId: randomUUID() }
    await ask(
      "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { status } }",
      { input },
      token,
    )
    await eventually("the outcome", async () => {
      const { receipt } = await ask<{ receipt: { status: string } | null }>(
        "query ($commandId: ID!) { receipt(commandId: $commandId) { status } }",
        { commandId: input.commandId },
      )
      return receipt?.status === "PROJECTED"
    })
  })
})
