import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { commands as membership } from "../../../src/contexts/accounts/membership.ts"
import type { Commit, CommitResult } from "../../../src/core/ports.ts"
import { decisionAttemptsMax } from "../../../src/core/run/handleCommand.ts"
import { kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"
const bob = "bob-000000000000000000000"
const newAccount = () => {
  const accountId = randomUUID()
  return { accountId, open: account.OpenAccount({ accountId, name: "Ada's", slug: `s${accountId.slice(0, 8)}` }) }
}
const stored = async (k: ReturnType<typeof kernel>, accountId: string) => {
  const types: string[] = []
  for await (const { type } of k.events.read(`${accountId}/account/${accountId}`, 1)) types.push(type)
  return types
}

describe("a command", () => {
  test("takes effect once, however often it is delivered", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    const asked = request(open, ada)
    const first = await k.ask(asked)
    const again = await k.ask(asked)
    expect(first).toMatchObject({ outcome: { status: "COMMITTED", version: 1 }, duplicate: false })
    expect(again.outcome).toEqual(first.outcome)
    expect(await stored(k, accountId)).toEqual(["AccountOpened"])
  })

  test("sent again by its client is answered with the original outcome and known as a repeat", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    const commandId = randomUUID()
    await k.ask(request(open, ada, { commandId }))
    await k.ask(request(account.CloseAccount({ accountId }), ada))
    const again = await k.ask(request(open, ada, { commandId }))
    expect(again).toMatchObject({ duplicate: true, outcome: { status: "COMMITTED", version: 1 } })
  })

  test("that was refused stays refused, even when it would succeed now", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    const commandId = randomUUID()
    const rename = account.RenameAccount({ accountId, name: "Lovelace" })
    expect((await k.ask(request(rename, ada, { commandId }))).outcome).toMatchObject({ status: "REJECTED" })
    await k.ask(request(open, ada))
    expect((await k.ask(request(rename, ada, { commandId }))).outcome).toMatchObject({ status: "REJECTED" })
  })

  test("id used with another input is refused, and the first outcome stays", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    const commandId = randomUUID()
    await k.ask(request(open, ada, { commandId }))
    const other = account.OpenAccount({ accountId, name: "Other", slug: "other-slug" })
    expect((await k.ask(request(other, ada, { commandId }))).outcome).toMatchObject({
      rejection: { code: "CommandIdReused" },
    })
    expect((await k.ask(request(open, ada, { commandId }))).outcome).toMatchObject({ status: "COMMITTED" })
    await k.project()
    expect(k.track.receipt(ada, commandId, ada)).toMatchObject({ status: "PROJECTED" })
  })

  test("with the same id from another actor is another command", async () => {
    const k = kernel()
    const commandId = randomUUID()
    await k.ask(request(newAccount().open, ada, { commandId }))
    expect((await k.ask(request(newAccount().open, bob, { commandId }))).outcome).toMatchObject({ status: "COMMITTED" })
  })

  test("with invalid input is refused with the field's path", async () => {
    const k = kernel()
    const { accountId } = newAccount()
    const { outcome } = await k.ask(
      request({ type: "OpenAccount", data: { accountId, name: "", slug: "fine-slug" } }, ada),
    )
    expect(outcome).toMatchObject({ status: "REJECTED", rejection: { code: "Invalid", path: "name" } })
  })

  test("without an aggregate id gets one derived from actor and command id", async () => {
    const k = kernel()
    const command = { type: "OpenAccount", data: { name: "Ada's", slug: "derived-id" } }
    const commandId = randomUUID()
    const first = await k.ask(request(command, ada, { commandId }))
    expect(first.outcome).toMatchObject({ status: "COMMITTED" })
    expect(first.stream.split("/").at(-1)).toMatch(/^[0-9A-Za-z_-]{20,64}$/)
    expect((await k.ask(request(command, ada, { commandId }))).stream).toBe(first.stream)
  })

  test("with an expected version is refused when the aggregate has moved on", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    await k.ask(request(open, ada))
    const rename = (name: string, expectedVersion: number) =>
      request(account.RenameAccount({ accountId, name }), ada, { expectedVersion })
    expect((await k.ask(rename("One", 1))).outcome).toMatchObject({ status: "COMMITTED", version: 2 })
    expect((await k.ask(rename("Two", 1))).outcome).toMatchObject({
      rejection: { code: "VersionConflict" },
      version: 2,
    })
  })

  test("at the end of too long a chain of automations is refused", async () => {
    const k = kernel()
    const { outcome } = await k.ask(
      request(account.AddOwner({ accountId: ada, personId: bob }), "loop", { automation: true, hops: 17 }),
    )
    expect(outcome).toMatchObject({ rejection: { code: "TooManyHops" } })
  })

  test("that nobody decides is an error of ours, not an outcome", () =>
    expect(kernel().ask({ ...request(newAccount().open, ada), type: "accounts.Unheard" })).rejects.toThrow(
      "no aggregate decides",
    ))
})

describe("who may ask", () => {
  test("is decided by the membership's stream before each decision", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    await k.ask(request(open, ada))
    const rename = (actor: string) => k.ask(request(account.RenameAccount({ accountId, name: "New" }), actor))
    expect((await rename(bob)).outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
    await k.ask(
      request(membership.JoinAccount({ accountId, personId: bob, role: "admin" }), "policy", { automation: true }),
    )
    expect((await rename(bob)).outcome).toMatchObject({ status: "COMMITTED" })
    await k.ask(request(membership.RemoveMember({ accountId, personId: bob }), ada))
    expect((await rename(bob)).outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
  })

  test("is nobody in a closed account", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    await k.ask(request(open, ada))
    await k.ask(
      request(membership.JoinAccount({ accountId, personId: bob, role: "admin" }), "policy", { automation: true }),
    )
    await k.ask(request(account.CloseAccount({ accountId }), ada))
    const invite = invitation.InviteMember({
      accountId,
      invitationId: randomUUID(),
      email: "c@example.org",
      role: "member",
    })
    expect((await k.ask(request(invite, bob))).outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
  })

  test("a person may not ask what only automations may", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    await k.ask(request(open, ada))
    const join = membership.JoinAccount({ accountId, personId: bob, role: "admin" })
    expect((await k.ask(request(join, ada))).outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
  })

  test("cannot be overtaken: a removal between the check and the commit refuses the decision", async () => {
    const { accountId, open } = newAccount()
    let removeBob: (() => Promise<unknown>) | undefined
    const k = kernel(store => ({
      ...store,
      commit: async commit => {
        const remove = removeBob
        if (commit.decided.commandType === "accounts.RenameAccount") removeBob = undefined
        if (commit.decided.commandType === "accounts.RenameAccount") await remove?.()
        return store.commit(commit)
      },
    }))
    await k.ask(request(open, ada))
    await k.ask(
      request(membership.JoinAccount({ accountId, personId: bob, role: "admin" }), "policy", { automation: true }),
    )
    removeBob = () => k.ask(request(membership.RemoveMember({ accountId, personId: bob }), ada))
    const { outcome } = await k.ask(request(account.RenameAccount({ accountId, name: "Late" }), bob))
    expect(outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
    expect(await stored(k, accountId)).toEqual(["AccountOpened"])
  })
})

describe("a unique value", () => {
  test("is held by one aggregate, refused to others by name, and free after a rename", async () => {
    const k = kernel()
    const [one, other] = [newAccount(), newAccount()]
    const open = (accountId: string) => request(account.OpenAccount({ accountId, name: "N", slug: "the-slug" }), ada)
    expect((await k.ask(open(one.accountId))).outcome).toMatchObject({ status: "COMMITTED" })
    expect((await k.ask(open(other.accountId))).outcome).toMatchObject({
      rejection: { code: "SlugTaken", path: "slug" },
    })
    await k.ask(request(account.RenameAccount({ accountId: one.accountId, name: "N", slug: "another" }), ada))
    expect((await k.ask(open(other.accountId))).outcome).toMatchObject({ status: "COMMITTED" })
  })
})

describe("a commit", () => {
  /** Answers the next commits with these results instead of, or after, doing them. */
  const failing = (...results: readonly ("busy" | "lost")[]) => {
    const left = [...results]
    return (store: ReturnType<typeof kernel>["events"]) => ({
      ...store,
      commit: async (commit: Commit): Promise<CommitResult> => {
        const next = left.shift()
        if (next === "busy") return { status: "busy" }
        const result = await store.commit(commit)
        return next === "lost" ? { status: "busy" } : result
      },
    })
  }

  test("whose acknowledgement is lost is found again by the retry", async () => {
    const { accountId, open } = newAccount()
    const k = kernel(failing("lost") as never)
    expect(await k.ask(request(open, ada))).toMatchObject({
      duplicate: false,
      outcome: { status: "COMMITTED", version: 1 },
    })
    expect(await stored(k, accountId)).toEqual(["AccountOpened"])
  })

  test("that is throttled is tried again", async () => {
    const k = kernel(failing("busy", "busy") as never)
    expect((await k.ask(request(newAccount().open, ada))).outcome).toMatchObject({ status: "COMMITTED" })
  })

  test("that never gets through ends FAILED, visibly", async () => {
    const k = kernel(failing(...Array.from({ length: decisionAttemptsMax }, () => "busy" as const)) as never)
    expect((await k.ask(request(newAccount().open, ada))).outcome).toMatchObject({
      status: "FAILED",
      reason: expect.stringContaining("contended"),
    })
    expect(k.events.outbox).toHaveLength(1)
  })

  test("of a hundred commands on one aggregate gives versions without gap or twin", async () => {
    const k = kernel()
    const { accountId, open } = newAccount()
    await k.ask(request(open, ada))
    const renames = Array.from({ length: 100 }, (_, n) =>
      k.ask(request(account.RenameAccount({ accountId, name: `Name ${n}` }), ada)),
    )
    const outcomes = (await Promise.all(renames)).map(({ outcome }) => outcome)
    const committed = outcomes
      .filter(({ status }) => status === "COMMITTED")
      .map(outcome => ("version" in outcome ? outcome.version : 0))
    expect(new Set(committed).size).toBe(committed.length)
    expect(await stored(k, accountId)).toHaveLength(1 + committed.length)
  })
})
