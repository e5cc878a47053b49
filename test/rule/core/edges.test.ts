import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import { hopsMax } from "../../../src/core/message.ts"
import { kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"

/** What mutants of the kernel showed that no test would notice. */
describe("a decision", () => {
  const open = (accountId: string) =>
    account.OpenAccount({ accountId, name: "Ada's", slug: `s${accountId.slice(0, 8)}` })

  test("that is more than the store takes is refused with the limit, and that is its outcome", async () => {
    const k = kernel(store => ({
      ...store,
      commit: async commit =>
        commit.decided.events.length > 0 ? { status: "tooLarge", limit: "100 items" } : store.commit(commit),
    }))
    const { outcome } = await k.ask(request(open(randomUUID()), ada))
    expect(outcome).toMatchObject({
      status: "REJECTED",
      rejection: { code: "TooLarge", message: expect.stringContaining("100 items") },
    })
    expect(k.events.outbox.map(row => row.outcome)).toEqual([outcome])
  })

  test("at the last hop that is allowed is made", async () => {
    const k = kernel()
    const last = request(open(randomUUID()), ada, { hops: hopsMax })
    expect((await k.ask(last)).outcome.status).toBe("COMMITTED")
  })

  test("that is refused names the field only when one is to blame", async () => {
    const k = kernel()
    const accountId = randomUUID()
    await k.ask(request(open(accountId), ada))
    const past = { accountId, invitationId: randomUUID(), email: "b@example.org", role: "viewer" as const }
    const refused = await k.ask(request(invitation.InviteMember({ ...past, expiresAt: "2020-01-01T00:00:00Z" }), ada))
    expect(refused.outcome).toMatchObject({ rejection: { code: "ExpiryPassed", path: "expiresAt" } })
    await k.ask(request(account.CloseAccount({ accountId }), ada))
    const again = await k.ask(request(open(accountId), ada))
    expect(again.outcome).toMatchObject({ status: "REJECTED", rejection: { code: "NotAuthorized" } })
    expect(Object.keys((again.outcome as { rejection: object }).rejection)).toEqual(["code", "message"])
  })

  test("on a stream with a gap is not made: the stream cannot be folded", async () => {
    const k = kernel()
    const accountId = randomUUID()
    await k.ask(request(open(accountId), ada))
    const stream = `${accountId}/account/${accountId}`
    const [opened] = (await k.events.load(stream, "")).events as [StoredEvent]
    k.events.plant({ ...opened, type: "AccountClosed", info: { ...opened.info, id: `${stream}/3`, version: 3 } })
    const asked = request(account.RenameAccount({ accountId, name: "Late" }), ada)
    const error = await k.ask(asked).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain("its versions are not contiguous")
  })
})
