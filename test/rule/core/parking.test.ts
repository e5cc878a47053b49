import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { commands as membership } from "../../../src/contexts/accounts/membership.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import { noteRepeat } from "../../../src/core/run/noteRepeat.ts"
import { decideOrPark, failOrPark } from "../../../src/core/run/park.ts"
import { redrive } from "../../../src/core/run/redrive.ts"
import { updateViews } from "../../../src/core/run/updateViews.ts"
import { at, kernel, request } from "./kernel.ts"
import { ada, bob, forever, poisoned } from "./poisoned.ts"

describe("a stream that cannot be folded", () => {
  test("is set aside, and its commands wait in order of arrival with a receipt that says so", async () => {
    const { k, ask, rename, stream } = await poisoned()
    const commandId = randomUUID()
    expect((await ask(rename("One"), ada, { commandId })).outcome).toEqual({
      status: "PARKED",
      reason: "AccountBewitched v1 is not known",
    })
    await ask(rename("Two"))
    const waiting = await k.events.parking.waiting(stream)
    expect(waiting.map(({ request }) => request.data.name)).toEqual(["One", "Two"])
    await k.project()
    expect(k.track.receipt(ada, commandId, stream.split("/")[0] ?? "")).toMatchObject({
      status: "PARKED",
      reason: "AccountBewitched v1 is not known",
    })
  })

  test("holds up nobody else", async () => {
    const { ask } = await poisoned()
    const accountId = randomUUID()
    const open = account.OpenAccount({ accountId, name: "Other", slug: `s${accountId.slice(0, 8)}` })
    expect((await ask(open)).outcome).toMatchObject({ status: "COMMITTED" })
  })

  test("lets whoever needs it to know what a sender may do wait behind it too", async () => {
    const p = await poisoned()
    const invitationId = randomUUID()
    const invite = invitation.InviteMember({
      accountId: p.accountId,
      invitationId,
      email: "c@example.org",
      role: "member",
    })
    expect((await p.ask(invite, bob)).outcome).toMatchObject({ status: "PARKED" })
    p.repair()
    expect(await p.redrive()).toMatchObject({ status: "RELEASED", released: 1 })
    expect((await p.k.events.load(`${p.accountId}/invitation/${invitationId}`, "")).events).toHaveLength(1)
  })

  test("lets a message that is delivered again wait once, and says so to whoever sends it again", async () => {
    const { k, ask, rename, stream } = await poisoned()
    const [commandId, id] = [randomUUID(), randomUUID()]
    await ask(rename("One"), ada, { commandId, id })
    expect(await ask(rename("One"), ada, { commandId, id })).toMatchObject({ duplicate: false })
    expect(await ask(rename("One"), ada, { commandId })).toMatchObject({ duplicate: true })
    expect((await ask(rename("Another"), ada, { commandId })).outcome).toMatchObject({
      rejection: { code: "CommandIdReused" },
    })
    expect(await k.events.parking.waiting(stream)).toHaveLength(1)
  })

  test("answers what was decided before it was set aside", async () => {
    const { k, ports, ask, rename, stream, repair } = await poisoned()
    repair()
    const asked = request(rename("Before"), ada)
    await decideOrPark(ports, asked)
    await k.events.parking.park({ stream, version: 4, cause: "by hand", at, arrived: 0 })
    expect((await decideOrPark(ports, asked)).outcome).toMatchObject({ status: "COMMITTED", version: 3 })
    expect((await ask(rename("After"))).outcome).toMatchObject({ status: "PARKED", reason: "by hand" })
  })

  test("keeps what is personal in a waiting command about its subject", async () => {
    const { k, ask, accountId, stream } = await poisoned()
    const data = { accountId, invitationId: randomUUID(), email: "c@example.org", role: "member" }
    await ask({ type: "InviteMember", data }, bob, { email: "bob@example.org" })
    const [waiting] = await k.events.parking.waiting(stream)
    expect(JSON.stringify(waiting)).not.toContain("@example.org")
    expect(waiting?.request.data.email).toMatchObject({ subject: "email:c@example.org" })
  })
})

describe("a command that fails by itself", () => {
  test("sets nothing aside", async () => {
    const { k, ports, accountId } = await poisoned()
    const membershipStream = `${accountId}/membership/${bob}`
    const broken = {
      ...ports,
      reducerHash: ports.reducerHash,
      events: {
        ...ports.events,
        commit: async () => {
          throw new Error("no")
        },
      },
    }
    const end = request(membership.EndMembership({ accountId, personId: bob }), "policy", { automation: true })
    await expect(decideOrPark(broken, end)).rejects.toThrow("no")
    expect(await k.events.parking.find(membershipStream)).toBeUndefined()
  })
})

describe("a redrive", () => {
  test("leaves a stream that still cannot be folded as it is", async () => {
    const { ask, rename, redrive } = await poisoned()
    await ask(rename("One"))
    expect(await redrive()).toMatchObject({
      status: "PARKED",
      released: 0,
      left: 1,
      cause: "AccountBewitched v1 is not known",
    })
  })

  test("decides what waits in order of arrival, and then lets the stream go on", async () => {
    const p = await poisoned()
    const commandId = randomUUID()
    await p.ask(p.rename("One"), ada, { commandId })
    await p.ask(p.rename("Two"))
    p.repair()
    expect(await p.redrive()).toEqual({ stream: p.stream, status: "RELEASED", released: 2, left: 0 })
    expect((await p.ask(p.rename("Three"))).outcome).toMatchObject({ status: "COMMITTED", version: 5 })
    expect(await p.names()).toEqual(["One", "Two", "Three"])
    await p.k.project()
    expect(p.k.track.receipt(ada, commandId, p.accountId)).toMatchObject({ status: "PROJECTED", version: 3 })
  })

  test("lets whoever comes before the queue is empty wait behind it", async () => {
    const p = await poisoned()
    for (const name of ["One", "Two"]) await p.ask(p.rename(name))
    p.repair()
    expect(await p.redrive("0000")).toMatchObject({ status: "RELEASING", released: 0, left: 2 })
    expect((await p.ask(p.rename("Three"))).outcome).toMatchObject({ status: "PARKED" })
    await Promise.all([p.redrive(), p.redrive()])
    expect(await p.names()).toEqual(["One", "Two", "Three"])
    expect(await p.k.events.parking.find(p.stream)).toBeUndefined()
  })

  test("authorizes each sender anew", async () => {
    const p = await poisoned()
    await p.ask(p.rename("Bob's"), bob)
    const removed = { ...(await p.k.events.load(`${p.accountId}/membership/${bob}`, "")).events[0] } as StoredEvent
    p.k.events.plant({ ...removed, type: "MemberRemoved", data: {}, info: { ...removed.info, version: 2 } })
    p.repair()
    await p.redrive()
    expect(p.k.events.outbox.at(-1)?.outcome).toMatchObject({ rejection: { code: "NotAuthorized" } })
  })

  test("records who released each command, and the release as an event, once", async () => {
    const p = await poisoned()
    await p.ask(p.rename("One"))
    p.repair()
    expect(await p.redrive(at)).toMatchObject({ status: "RELEASING", released: 0 })
    await p.redrive()
    const released = p.k.track.steps.filter(({ step }) => step === "released")
    expect(released).toMatchObject([{ actor: "support-person", component: "accounts.RenameAccount" }])
    expect((await p.k.events.load(`${p.accountId}/supportLog/account.${p.accountId}`, "")).events).toMatchObject([
      {
        type: "ParkedWorkReleased",
        data: { stream: p.stream, cause: "AccountBewitched v1 is not known", since: at },
        info: { actor: "support-person" },
      },
    ])
    for (const text of ["support-person", "support", p.accountId]) expect(p.k.track.find(text), text).not.toEqual([])
  })

  test("lets a command that fails by itself end FAILED, and its successors go on", async () => {
    const p = await poisoned()
    await p.ask(p.rename("One"))
    await p.ask(p.rename("Two"))
    p.repair()
    const ports = {
      ...p.ports,
      events: {
        ...p.ports.events,
        commit: async (commit: Parameters<typeof p.ports.events.commit>[0]) => {
          if (JSON.stringify(commit.decided.events).includes('"One"')) throw new Error("it cannot be done")
          return p.ports.events.commit(commit)
        },
      },
    }
    expect(await redrive(ports, p.stream, "support-person", forever)).toMatchObject({ status: "RELEASED", released: 2 })
    expect(await p.names()).toEqual(["Two"])
    for (const row of p.k.events.outbox) await updateViews(p.k.viewPorts, row)
    expect(p.k.events.outbox.map(({ outcome }) => outcome.status)).toContain("FAILED")
  })
})

describe("a command that could not be decided at all", () => {
  const given = () => {
    const k = kernel()
    const accountId = randomUUID()
    const ports = { ...k.ports, parking: k.events.parking, track: k.track }
    const fail = async (name: string, commandId: string) => {
      const asked = request(account.RenameAccount({ accountId, name }), ada, { commandId })
      const handled = await failOrPark(ports, asked, "TypeError: broke")
      await noteRepeat(ports, asked, handled)
      return handled
    }
    const kinds = () => k.track.steps.map(({ step }) => step)
    return { k, accountId, fail, kinds }
  }

  test("ends FAILED, and a repeat of it is answered so, marked, and traced as already processed", async () => {
    const { k, accountId, fail, kinds } = given()
    const commandId = randomUUID()
    const failed = { status: "FAILED", reason: "TypeError: broke" }
    expect(await fail("One", commandId)).toMatchObject({ outcome: failed, duplicate: false })
    expect(kinds()).toEqual([])
    expect(await fail("One", commandId)).toMatchObject({ outcome: failed, duplicate: true })
    expect(k.track.receipt(ada, commandId, accountId)).toMatchObject({ duplicate: true })
    expect(k.track.steps).toMatchObject([{ step: "alreadyProcessed", message: "already processed: FAILED" }])
  })

  test("under an id that was used with another input is refused as that, and the first outcome stays", async () => {
    const { k, fail } = given()
    const commandId = randomUUID()
    await fail("One", commandId)
    expect((await fail("Two", commandId)).outcome).toMatchObject({ rejection: { code: "CommandIdReused" } })
    expect(k.events.outbox.map(({ outcome, misuse }) => [outcome.status, misuse])).toEqual([
      ["FAILED", undefined],
      ["REJECTED", true],
    ])
  })

  test("goes on waiting where another delivery of it waits: behind the stream that says what its sender may do", async () => {
    const p = await poisoned()
    const asked = request(
      invitation.InviteMember({
        ...{ accountId: p.accountId, invitationId: randomUUID() },
        ...{ email: "c@example.org", role: "member" },
      }),
      bob,
    )
    const waits = { outcome: { status: "PARKED", reason: "AccountBewitched v1 is not known" } }
    expect(await decideOrPark(p.ports, asked)).toMatchObject(waits)
    expect(await failOrPark(p.ports, asked, "EventAgeExceeded")).toMatchObject(waits)
    expect(p.k.events.outbox.map(({ outcome }) => outcome.status)).not.toContain("FAILED")
    expect(await p.k.events.parking.waiting(p.stream)).toHaveLength(1)
  })
})
