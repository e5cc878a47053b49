import { describe, expect, test } from "vitest"
import { app } from "../../../src/contexts/index.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import {
  cloudEventToCommand,
  cloudEventToEvent,
  commandToCloudEvent,
  decidedAt,
  eventToCloudEvent,
  messagesOf,
} from "../../../src/core/cloudEvent.ts"
import { hookPath } from "../../../src/core/hook.ts"
import {
  aggregateOfCommand,
  contextOfCommand,
  ownersByType,
  servicesOf,
  serviceVariable,
} from "../../../src/core/manifest.ts"
import { follow } from "../../../src/core/message.ts"
import { commandInfo, stored } from "../../scenario.ts"
import { shelf, shelfEvents } from "./shelf.ts"

describe("a message on the bus", () => {
  const thread = { causationId: "cause", traceparent: "00-1-2-01", hops: 3 }
  const [event] = stored(shelf, [shelfEvents.Shelved({ place: "a" })]) as [StoredEvent]

  test("says what an event says, and is read again as that event", () => {
    const full = { ...event, info: { ...event.info, ...thread } }
    expect(eventToCloudEvent("lending", full)).toStrictEqual({
      specversion: "1.0",
      id: event.info.id,
      source: "/foldline/lending",
      type: "lending.Shelved",
      time: event.info.time,
      datacontenttype: "application/json",
      dataschema: "urn:foldline:lending:Shelved:3",
      subject: event.info.stream,
      traceid: event.info.traceId,
      hops: 3,
      causationid: "cause",
      traceparent: "00-1-2-01",
      commandid: event.info.commandId,
      actor: event.info.actor,
      tenant: event.info.tenant,
      streamversion: 1,
      data: { place: "a" },
    })
    for (const one of [event, full]) expect(cloudEventToEvent(eventToCloudEvent("lending", one))).toStrictEqual(one)
    expect(Object.keys(eventToCloudEvent("lending", event))).not.toContain("causationid")
    expect(Object.keys(eventToCloudEvent("lending", event))).not.toContain("traceparent")
  })

  test("says what a command asks, and is read again as that request", () => {
    const { relied: _, ...info } = commandInfo(thread)
    const asked = commandToCloudEvent("lending", { type: "Shelve", data: { shelfId: "1" } }, info)
    expect(cloudEventToCommand(asked)).toStrictEqual({ type: "lending.Shelve", data: { shelfId: "1" }, info })
    expect(cloudEventToCommand({ ...asked, expectedversion: 4 }).expectedVersion).toBe(4)
    expect(cloudEventToCommand({ ...asked, expectedversion: "4" })).not.toHaveProperty("expectedVersion")
    const { data: __, hops: ___, ...bare } = asked
    expect(cloudEventToCommand(bare)).toMatchObject({ data: {}, info: { hops: 0 } })
  })

  test("tells who asks", () => {
    const asked = commandToCloudEvent("lending", { type: "Shelve", data: {} }, commandInfo())
    const actor = (more: object) => cloudEventToCommand({ ...asked, ...more }).info.actor
    const { id } = commandInfo().actor
    expect(actor({})).toStrictEqual({ id, kind: "person", groups: [] })
    expect(actor({ actorgroups: "" })).toStrictEqual({ id, kind: "person", groups: [] })
    expect(actor({ actorgroups: "a,b", actoremail: "a@b.c" })).toStrictEqual({
      id,
      kind: "person",
      groups: ["a", "b"],
      email: "a@b.c",
    })
    for (const kind of ["person", "client", "automation", "anonymous"])
      expect(actor({ actorkind: kind }).kind).toBe(kind)
    expect(() => actor({ actorkind: "ghost" })).toThrow("unknown kind of actor: ghost")
    expect(() => actor({ actor: 7 })).toThrow("has no actor")
  })

  test("tells when it was decided, else when it was asked", () => {
    const asked = commandToCloudEvent("lending", { type: "Shelve", data: {} }, commandInfo())
    expect(decidedAt(asked)).toBe(commandInfo().time)
    expect(decidedAt({ ...asked, decidedat: "2026-11-02T00:00:00.000Z" })).toBe("2026-11-02T00:00:00.000Z")
  })

  test("of an outcome follows from its command, also when its aggregate is not known any more", () => {
    const row = {
      stream: "t/gone/1",
      commandType: "lending.Burn",
      info: commandInfo(),
      decidedAt: "2026-11-02T00:00:00.000Z",
      events: [],
      outcome: { status: "FAILED", reason: "It broke." },
    } as const
    const [message] = messagesOf(app, row)
    expect(message).toMatchObject({
      channel: "outcome",
      event: {
        id: `${row.info.id}/outcome`,
        source: "/foldline/lending",
        causationid: row.info.id,
        data: { status: "FAILED", reason: "It broke." },
      },
    })
    expect(messagesOf(app, { ...row, misuse: true })[0]?.event.data).toEqual({ ...row.outcome, misuse: true })
    const waits = { ...row, outcome: { status: "PARKED" as const, reason: "x" }, behind: "", payloadHash: "" }
    const [parked] = messagesOf(app, { ...waits, request: { type: "", data: {}, info: row.info } })
    expect(parked?.event.id).toBe(`${row.info.id}/parked`)
  })

  test("hands on its thread", () => {
    const cause = { ...commandInfo(), id: "cause", hops: 2 }
    expect(follow(cause)).toStrictEqual({ traceId: cause.traceId, causationId: "cause", hops: 2 })
    expect(follow({ ...cause, traceparent: "00-1-2-01" }, 1)).toStrictEqual({
      traceId: cause.traceId,
      causationId: "cause",
      hops: 3,
      traceparent: "00-1-2-01",
    })
  })
})

describe("an app", () => {
  // A copy has owners of its own: those of the app are made once.
  const fresh = () => ({ ...app })

  test("knows the owner of each command and event", () => {
    const found = (kind: "commands" | "events", type: string) => {
      const owner = ownersByType(fresh(), kind).get(type)
      return owner && `${owner.context.name}/${owner.aggregate.name}`
    }
    expect(found("commands", "accounts.OpenAccount")).toBe("accounts/account")
    expect(found("commands", "foldline.ReleaseParkedWork")).toBe("foldline/supportLog")
    expect(found("events", "accounts.AccountOpened")).toBe("accounts/account")
    expect(found("events", "accounts.OpenAccount")).toBeUndefined()
    const same = fresh()
    expect(ownersByType(same, "events")).toBe(ownersByType(same, "events"))
    expect(aggregateOfCommand(fresh(), "InviteMember").name).toBe("invitation")
    expect(contextOfCommand(app, "CreateIndex").name).toBe("indexes")
    expect(() => contextOfCommand(app, "Burn")).toThrow("no context knows the command Burn")
  })

  test("asks each service outside under one secret", () => {
    expect(servicesOf(app).map(({ name }) => name)).toEqual([...new Set(servicesOf(app).map(({ name }) => name))])
    expect(
      servicesOf(app)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["cell", "stripe"])
    expect(serviceVariable("stripe")).toBe("SERVICE_STRIPE_SECRET_ID")
    const [service] = servicesOf(app).filter(({ name }) => name === "stripe")
    expect(hookPath({ service } as Parameters<typeof hookPath>[0])).toBe("/hooks/stripe")
  })
})
