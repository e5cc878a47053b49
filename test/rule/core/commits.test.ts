import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { sha256 } from "../../../src/adapters/secrets/secret.ts"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { reducerText } from "../../../src/core/aggregate.ts"
import type { Commit, CommitResult } from "../../../src/core/ports.ts"
import { snapshotEvery } from "../../../src/core/run/commitOf.ts"
import { decisionAttemptsMax, record } from "../../../src/core/run/handleCommand.ts"
import { prepare } from "../../../src/core/run/prepareCommand.ts"
import { kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"
const newId = () => randomUUID()
const opening = (accountId: string, more: object = {}) =>
  account.OpenAccount({ accountId, name: "Ada's", slug: `s${accountId.slice(0, 8)}`, ...more })

/** The flow in memory that keeps what each commit holds. */
function watched(answer?: (commit: Commit, count: number) => CommitResult | undefined) {
  const commits: Commit[] = []
  const k = kernel(store => ({
    ...store,
    async commit(commit) {
      commits.push(commit)
      return answer?.(commit, commits.length) ?? store.commit(commit)
    },
  }))
  const paused: number[] = []
  const ports = { ...k.ports, pause: async (attempt: number) => void paused.push(attempt) }
  return { k, ports, commits, paused }
}

describe("a commit", () => {
  test("carries the state after every twentieth event, and after no other", async () => {
    const { k, commits } = watched()
    const accountId = newId()
    await k.ask(request(opening(accountId), ada))
    for (let n = 2; n <= 2 * snapshotEvery + 1; n++)
      await k.ask(request(account.RenameAccount({ accountId, name: `Name ${n}` }), ada))
    expect(commits.flatMap(({ snapshot }, index) => (snapshot === undefined ? [] : [index + 1]))).toEqual([
      snapshotEvery,
      2 * snapshotEvery,
    ])
    const carrying = commits[snapshotEvery - 1]
    const aggregate = prepare(k.ports, request(opening(accountId), ada)).owner.aggregate
    expect(carrying?.snapshot).toEqual({ state: carrying?.decided.state, hash: sha256(reducerText(aggregate)) })
  })

  test("names the actor and nothing else that is known of the person", async () => {
    const { k, commits } = watched()
    const asked = request(opening(newId()), ada, { email: "ada@example.org" })
    await k.ask({ ...asked, info: { ...asked.info, actor: { ...asked.info.actor, groups: ["support"] } } })
    expect(commits[0]?.decided.info.actor).toEqual({ id: ada, kind: "person", groups: [] })
  })

  test("claims and gives up what changes only, each with whom it is about", async () => {
    const { k, commits } = watched()
    const accountId = newId()
    await k.ask(request(opening(accountId, { slug: "slug-one" }), ada))
    await k.ask(request(account.RenameAccount({ accountId, name: "Two" }), ada))
    await k.ask(request(account.RenameAccount({ accountId, name: "Two", slug: "slug-two" }), ada))
    expect(
      commits.map(({ claim, release }) => [claim.map(({ value }) => value), release.map(({ value }) => value)]),
    ).toEqual([
      [["slug-one"], []],
      [[], []],
      [["slug-two"], ["slug-one"]],
    ])
    expect(commits[0]?.claim[0]).not.toHaveProperty("about")
    const invite = { accountId, invitationId: newId(), email: "bob@example.org", role: "viewer" as const }
    await k.ask(request(invitation.InviteMember(invite), ada))
    expect(commits.at(-1)?.claim).toEqual([expect.objectContaining({ about: "email:bob@example.org" })])
  })

  test("of a refusal or of what was so already claims nothing and guards nothing it did not read", async () => {
    const { k, commits } = watched()
    const accountId = newId()
    await k.ask(request(opening(accountId), ada))
    await k.ask(request(account.RemoveOwner({ accountId, personId: ada }), ada))
    expect(commits.at(-1)).toMatchObject({ claim: [], release: [], guards: [], expected: 1 })
    expect(commits.at(-1)?.decided).not.toHaveProperty("state")
    expect(commits.at(-1)?.decided.events).toEqual([])
    expect(commits[0]).not.toHaveProperty("behind")
  })
})

describe("a decision", () => {
  test("is tried again on a conflict, each time after a longer pause, and ends FAILED after the last", async () => {
    const contended = watched(({ decided }) => (decided.events.length > 0 ? { status: "conflict" } : undefined))
    const { outcome } = await contended.k.ask(request(opening(newId()), ada))
    expect(outcome).toEqual({ status: "FAILED", reason: `still contended after ${decisionAttemptsMax} attempts` })
    expect(contended.commits).toHaveLength(decisionAttemptsMax + 1)
  })

  test("that is committed at the last attempt stands", async () => {
    const last = watched((_, count) => (count < decisionAttemptsMax ? { status: "busy" } : undefined))
    expect((await last.k.ask(request(opening(newId()), ada))).outcome.status).toBe("COMMITTED")
  })

  test("whose outcome cannot be recorded is not answered", async () => {
    const { k, ports, commits, paused } = watched(() => ({ status: "busy" }))
    const prepared = prepare(k.ports, request(opening(newId()), ada))
    const refusal = { decided: { commandType: "accounts.OpenAccount", info: { commandId: "id" } } } as Commit
    await expect(record(ports, prepared, refusal)).rejects.toThrow("could not record the outcome")
    expect(commits).toHaveLength(decisionAttemptsMax)
    expect(paused).toEqual(Array.from({ length: decisionAttemptsMax }, (_, index) => index + 1))
  })

  test("about a value that another holds is refused in the aggregate's words", async () => {
    const k = kernel()
    await k.ask(request(opening(newId(), { slug: "taken-slug" }), ada))
    const { outcome } = await k.ask(request(opening(newId(), { slug: "taken-slug" }), ada))
    expect(outcome).toEqual({
      status: "REJECTED",
      version: 0,
      rejection: { code: "SlugTaken", message: "Another account has this slug.", path: "slug" },
    })
  })

  test("on another version than was expected names the field", async () => {
    const k = kernel()
    const accountId = newId()
    await k.ask(request(opening(accountId), ada))
    const rename = account.RenameAccount({ accountId, name: "Two" })
    const refused = await k.ask(request(rename, ada, { expectedVersion: 7 }))
    expect(refused.outcome).toMatchObject({
      version: 1,
      rejection: { code: "VersionConflict", path: "expectedVersion" },
    })
    expect((await k.ask(request(rename, ada, { expectedVersion: 1 }))).outcome).toMatchObject({ version: 2 })
    const known = request(rename, ada)
    expect(prepare(k.ports, { ...known, expectedVersion: 1 }).payloadHash).not.toBe(prepare(k.ports, known).payloadHash)
  })

  test("guards the membership that it read, and not its own stream", async () => {
    const { k, commits } = watched()
    const accountId = newId()
    await k.ask(request(opening(accountId), ada))
    await k.ask(request(account.RenameAccount({ accountId, name: "Two" }), ada))
    expect(commits.at(-1)?.guards).toEqual([])
    const invite = { accountId, invitationId: newId(), email: "bob@example.org", role: "viewer" as const }
    await k.ask(request(invitation.InviteMember(invite), ada))
    expect(commits.at(-1)?.guards).toEqual([{ stream: `${accountId}/account/${accountId}`, version: 2 }])
  })

  test("made by an automation reads no membership", async () => {
    const { k, commits } = watched()
    const accountId = newId()
    await k.ask(request(opening(accountId), ada))
    const invite = invitation.InviteMember({ accountId, invitationId: newId(), email: "b@example.org", role: "viewer" })
    const { outcome } = await k.ask(request(invite, "policy", { automation: true }))
    expect(outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
    expect(commits.at(-1)?.guards).toEqual([])
  })
})
