import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import { forget, subjectNamed } from "../../../src/core/run/forget.ts"
import { decideOrPark } from "../../../src/core/run/park.ts"
import { at, request } from "./kernel.ts"
import { accountId, ada, bobsAddress, spelled, world } from "./upkeep.ts"

const someStep = { step: "accepted", causeId: "cause", component: "command", at: "2026" } as const

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
    expect(JSON.parse(first.next ?? "")).toEqual({
      step: 0,
      after: `${accountId}/invitation/invitation-00000000000001`,
    })
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

  test("ends when every slice is cut short, after a second look", async () => {
    const w = await world()
    const slices = { ...w.ports, expired: () => true }
    let certificate = await forget(slices, bobsAddress)
    let count = 1
    for (; certificate.next !== undefined; count++) certificate = await forget(slices, bobsAddress, certificate.next)
    expect(count).toBeGreaterThan(3)
    expect(spelled(w)).not.toContain(bobsAddress)
  })

  test("looks a second time: nothing has come back, or it is removed and told", async () => {
    const w = await world()
    expect((await forget(w.ports, bobsAddress)).cameBack).toEqual({
      ...{ streams: 0, claims: 0, rows: 0, pointers: 0, letters: 0, waiting: 0 },
    })
    const late = await world()
    let looked = 0
    // A function that had the address in hand finds the way to a trace again, between the two looks.
    const track = {
      unpoint: async (text: string) => {
        const found = await late.track.unpoint(text)
        if (looked++ === 0) await late.track.record([{ ...someStep, traceId: "late" }], [bobsAddress])
        return found
      },
    }
    expect(await forget({ ...late.ports, track }, bobsAddress)).toMatchObject({
      purged: { pointers: 1 },
      cameBack: { pointers: 1 },
    })
    expect(late.track.find(bobsAddress)).toEqual([])
  })

  test.each([ada, "ada@example.org"])("%s forgets the person's id and the verified address alike", async text => {
    const w = await world()
    const person = async () => ({ id: ada, address: "Ada@example.org" })
    const certificate = await forget({ ...w.ports, person }, text)
    expect(["ada@example.org", ada].map(one => w.keys.isForgotten(subjectNamed(one)))).toEqual([true, true])
    expect(new Set([certificate.subject, ...certificate.also])).toEqual(
      new Set([ada, "ada@example.org"].map(one => w.ports.hash(subjectNamed(one)))),
    )
    expect(spelled(w)).not.toContain("Ada L")
  })

  test("says where it does not reach, and that letters are being handled", async () => {
    const w = await world()
    expect((await forget(w.ports, ada)).unreached).toContain("mails that were sent")
    const letters = { purge: async () => 0, inHand: async () => 2 }
    expect((await forget({ ...w.ports, letters }, ada)).unreached.at(-1)).toMatch(
      /^2 dead letters that are being handled/,
    )
  })

  test("ends the parked commands of a person and those that speak of an address, and leaves the others", async () => {
    const w = await world()
    const stream = `${accountId}/account/${accountId}`
    const [opened] = (await w.events.load(stream, "")).events as [StoredEvent]
    w.events.plant({ ...opened, type: "AccountBewitched", info: { ...opened.info, id: `${stream}/2`, version: 2 } })
    const wait = async (command: Parameters<typeof request>[0], actor: string) => {
      const asked = request(command, actor)
      expect((await decideOrPark(w.ports, asked)).outcome.status).toBe("PARKED")
      return asked.info.commandId
    }
    const carl = "carl-00000000000000000000"
    const speaks = await wait(
      invitation.InviteMember({
        ...{ accountId, invitationId: "invitation-00000000000009" },
        email: bobsAddress,
        role: "viewer",
      }),
      carl,
    )
    const own = await wait(account.RenameAccount({ accountId, name: "Adas" }), ada)
    const others = await wait(account.RenameAccount({ accountId, name: "Carls" }), carl)

    expect((await forget(w.ports, bobsAddress)).purged.waiting).toBe(1)
    expect((await forget(w.ports, ada)).purged.waiting).toBe(1)
    expect((await w.events.parking.waiting(stream)).map(({ info }) => info.commandId)).toEqual([others])
    const failed = w.events.outbox.filter(({ outcome }) => outcome.status === "FAILED")
    expect(failed.map(({ info }) => info.commandId).sort()).toEqual([speaks, own].sort())
    expect(failed.map(({ outcome }) => outcome)).toContainEqual({
      status: "FAILED",
      reason: "it was about somebody who is forgotten",
    })
  })

  test("removes kept messages that say it in their sender's words", async () => {
    const w = await world()
    const keep = (actor: string, email: string) =>
      w.ports.deliveries.keepMessage(
        { stream: "s", cause: "c", at },
        { channel: "actor", event: { id: `${actor}-${email}`, type: "accounts.InviteMember", actor, data: { email } } },
      )
    await keep("carl", bobsAddress)
    await keep(ada, "dora@example.org")
    await keep("carl", "dora@example.org")
    expect((await forget(w.ports, bobsAddress)).purged.letters).toBe(1)
    expect((await forget(w.ports, ada)).purged.letters).toBe(1)
    expect((await w.ports.deliveries.list(9)).deliveries).toHaveLength(1)
  })

  test("makes what is said about the subject later a refusal, and leaves everything else", async () => {
    const w = await world()
    await forget(w.ports, bobsAddress)
    const invite = (email: string, id: string) =>
      w.ask(request(invitation.InviteMember({ accountId, invitationId: id, email, role: "viewer" }), ada))
    expect((await invite(bobsAddress, "invitation-00000000000021")).outcome).toMatchObject({
      status: "REJECTED",
      rejection: { code: "SubjectForgotten" },
    })
    expect((await invite("else@example.org", "invitation-00000000000022")).outcome.status).toBe("COMMITTED")
  })
})
