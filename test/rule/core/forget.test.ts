import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { forget } from "../../../src/core/run/forget.ts"
import { request } from "./kernel.ts"
import { accountId, ada, bobsAddress, spelled, world } from "./upkeep.ts"

describe("to forget", () => {
  test("an address takes it out of rows, unique values and the ways to find a trace", async () => {
    const w = await world()
    expect(spelled(w)).toContain(bobsAddress)
    const certificate = await forget(w.ports, ` ${bobsAddress.toUpperCase()} `)
    expect(certificate.purged).toMatchObject({ streams: 1, claims: 1, pointers: 1 })
    expect(certificate.purged.rows).toBeGreaterThan(0)
    expect(spelled(w)).not.toContain(bobsAddress)
    expect(JSON.stringify(certificate)).not.toMatch(/bob/i)
  })

  test("a person leaves the rows that name them, without the name", async () => {
    const w = await world()
    expect(spelled(w)).toContain("Ada L")
    await forget(w.ports, ada)
    expect(spelled(w)).not.toContain("Ada L")
    expect(w.views.rows().filter(({ row }) => row?.personId === ada).length).toBeGreaterThan(0)
  })

  test("twice keeps the time of the first, and finds nothing more", async () => {
    const w = await world()
    const first = await forget(w.ports, bobsAddress)
    const again = await forget({ ...w.ports, now: () => "2027-01-01T00:00:00.000Z" }, bobsAddress)
    expect(again.forgottenAt).toBe(first.forgottenAt)
    expect(again.purged).toMatchObject({ claims: 0, rows: 0, pointers: 0 })
  })

  test("goes on where it was cut short", async () => {
    const w = await world()
    const second = "invitation-00000000000002"
    const other = "account-00000000000000002"
    await w.ask(request(account.OpenAccount({ accountId: other, name: "Two", slug: "slug-two" }), ada))
    await w.ask(
      request(
        invitation.InviteMember({ accountId: other, invitationId: second, email: bobsAddress, role: "viewer" }),
        ada,
      ),
    )
    await w.settle()
    const slices = { ...w.ports, expired: () => true }
    const first = await forget(slices, bobsAddress)
    expect(first.next).toBe(`${accountId}/invitation/invitation-00000000000001`)
    expect(spelled(w)).toContain(bobsAddress)
    await forget(slices, bobsAddress, first.next)
    expect(spelled(w)).not.toContain(bobsAddress)
  })

  test("frees nothing that another person holds", async () => {
    const w = await world()
    await forget(w.ports, ada)
    const invite = invitation.InviteMember({
      accountId,
      invitationId: "invitation-00000000000003",
      email: bobsAddress,
      role: "viewer",
    })
    expect((await w.ask(request(invite, ada))).outcome).toMatchObject({ rejection: { code: "AlreadyInvited" } })
  })
})
