import { describe, expect, test } from "vitest"
import { z } from "zod"
import { app } from "../../../src/contexts/index.ts"
import { mayAsk, needsRole } from "../../../src/core/access.ts"
import {
  type AnyAggregate,
  claimsOf,
  commandOf,
  fold,
  isRejection,
  reducerText,
  rejected,
  type StoredEvent,
  UnknownEventError,
  upcast,
} from "../../../src/core/aggregate.ts"
import {
  anyOf,
  backend,
  group,
  member,
  open,
  person,
  rulesOf,
  self,
  verifiedEmail,
} from "../../../src/core/authorize.ts"
import {
  cloudEventToCommand,
  cloudEventToEvent,
  commandToCloudEvent,
  decidedAt,
  eventToCloudEvent,
  messagesOf,
} from "../../../src/core/cloudEvent.ts"
import { hookPath } from "../../../src/core/hook.ts"
import { canonicalJson } from "../../../src/core/json.ts"
import {
  aggregateOfCommand,
  contextOfCommand,
  ownersByType,
  roleSuffices,
  servicesOf,
  serviceVariable,
} from "../../../src/core/manifest.ts"
import { type Actor, follow, messages } from "../../../src/core/message.ts"
import { fromVault, unvaulted } from "../../../src/core/outside.ts"
import {
  about,
  emailSubject,
  hasPersonal,
  isPersonal,
  mapPersonal,
  masked,
  maskedData,
  metaOf,
  personal,
  secret,
  sensitive,
} from "../../../src/core/personal.ts"
import { PoisonedError, sure } from "../../../src/core/poisoned.ts"
import { indexKeys, partitionKey, rowKey, uniqueKeys, type View, view } from "../../../src/core/view.ts"
import { commandInfo, personNamed, stored } from "../../scenario.ts"

const ada = personNamed("ada-000000000000000000000", { role: "admin", email: "ada@example.org", groups: ["support"] })
const program: Actor = { id: "client:1", kind: "client", groups: [], role: "admin" }
const automation: Actor = { id: "automation:policy", kind: "automation", groups: [] }
const nobody: Actor = { id: "anonymous", kind: "anonymous", groups: [] }

describe("who may ask", () => {
  const may = (rule: Parameters<typeof mayAsk>[0], data = {}) =>
    [ada, program, automation, nobody].map(actor => mayAsk(rule, actor, data, app.tenancy))

  test.each([
    ["anybody", open(), [true, true, true, true]],
    ["a person", person(), [true, false, false, false]],
    ["a person whose address is verified", verifiedEmail(), [true, false, false, false]],
    ["a member with the role, a program too", member("admin"), [true, true, false, false]],
    ["a member of a group", group("support"), [true, false, false, false]],
    ["an automation", backend(), [false, false, true, false]],
    ["whoever passes one of several rules", anyOf(backend(), member("admin")), [true, true, true, false]],
  ] as const)("is %s", (_, rule, expected) => expect(may(rule)).toEqual(expected))

  test("is the person whom a field names", () => {
    expect(may(self("personId"), { personId: ada.id })).toEqual([true, false, false, false])
    expect(may(self("personId"), { personId: "somebody else" })).toEqual([false, false, false, false])
  })

  test("is nobody with a weaker role, another group, or an address that nobody verified", () => {
    const { email: _, ...unverified } = ada
    const asks = (rule: Parameters<typeof mayAsk>[0], actor: Actor) => mayAsk(rule, actor, {}, app.tenancy)
    expect(asks(member("owner"), ada)).toBe(false)
    expect(asks(group("admins"), ada)).toBe(false)
    expect(asks(verifiedEmail(), unverified)).toBe(false)
    expect(roleSuffices(app.tenancy, undefined, "viewer")).toBe(false)
    expect(roleSuffices(app.tenancy, "emperor", "viewer")).toBe(false)
  })

  test("needs a role to be read only where a role decides", () => {
    expect([member("admin"), anyOf(person(), anyOf(member("admin"))), person()].map(needsRole)).toEqual([
      true,
      true,
      false,
    ])
    expect(rulesOf(anyOf(person(), anyOf(backend(), open()))).map(({ by }) => by)).toEqual([
      "person",
      "backend",
      "open",
    ])
  })
})

const shelfEvents = messages({ Shelved: z.object({ place: z.string() }), Lost: z.object({}) })
const shelf: AnyAggregate = {
  name: "shelf",
  description: "",
  commands: messages({ Shelve: z.object({ shelfId: z.string() }) }),
  events: shelfEvents,
  rejections: {},
  key: "shelfId",
  initial: { places: [] },
  authorize: { Shelve: open() },
  decide: { Shelve: () => [] },
  evolve: {
    Shelved: (state: { places: string[] }, { place }) => ({ places: [...state.places, String(place)] }),
    Lost: (state: unknown) => state,
  },
  upcast: {
    Shelved: [({ room }) => ({ at: room }), ({ at }) => ({ place: `${at}!` })],
  },
  unique: { place: { holds: ({ places }: { places: string[] }) => places.at(-1), taken: "Taken" } },
}
const shelved = (data: Record<string, unknown>, schemaVersion: number, type = "Shelved"): StoredEvent => {
  const [event] = stored(shelf, [{ type: "Shelved", data }]) as [StoredEvent]
  return { ...event, type, schemaVersion }
}

describe("an event of an older schema", () => {
  test("takes every step to the current one, and no step that it has taken", () => {
    expect(upcast(shelf, shelved({ room: "a" }, 1))).toEqual({ place: "a!" })
    expect(upcast(shelf, shelved({ at: "b" }, 2))).toEqual({ place: "b!" })
    expect(upcast(shelf, shelved({ place: "c" }, 3))).toEqual({ place: "c" })
    expect(upcast(shelf, shelved({}, 1, "Lost"))).toEqual({})
    const histories = [shelved({ room: "a" }, 1), shelved({ at: "b" }, 2), shelved({ place: "c" }, 3)]
    expect(fold(shelf, histories)).toEqual({ places: ["a!", "b!", "c"] })
    expect(fold(shelf, histories.slice(2), { places: ["x"] })).toEqual({ places: ["x", "c"] })
  })

  test("of a newer schema, or one that nobody declared, is not known", () => {
    for (const event of [shelved({}, 4), shelved({}, 1, "Burnt"), shelved({}, 1, "toString"), shelved({}, 2, "Lost")]) {
      expect(upcast(shelf, event)).toBeUndefined()
      expect(() => fold(shelf, [event])).toThrow(UnknownEventError)
    }
    const { Lost: _, ...evolve } = shelf.evolve
    expect(() => fold({ ...shelf, evolve }, [shelved({}, 1, "Lost")])).toThrow(UnknownEventError)
    const { Lost: __, ...events } = shelf.events
    expect(() => fold({ ...shelf, events }, [shelved({}, 1, "Lost")])).toThrow(UnknownEventError)
  })
})

describe("an aggregate", () => {
  test("that folds in another way has another reducer", () => {
    const text = reducerText(shelf)
    expect(reducerText({ ...shelf })).toBe(text)
    const others: readonly AnyAggregate[] = [
      { ...shelf, initial: { places: ["a"] } },
      { ...shelf, evolve: { ...shelf.evolve, Lost: () => ({ places: [] }) } },
      { ...shelf, evolve: Object.fromEntries(Object.entries(shelf.evolve).slice(0, 1)) },
      { ...shelf, upcast: { Shelved: [({ room }) => ({ at: room }), ({ at }) => ({ place: at })] } },
      { ...shelf, upcast: { ...shelf.upcast, Lost: [data => data] } },
    ]
    expect(new Set([text, ...others.map(reducerText)]).size).toBe(others.length + 1)
  })

  test("claims a value however it is spelled, and nothing while it holds none", () => {
    expect(claimsOf(shelf, { places: [" Ａbc "] })).toEqual({ place: "abc" })
    expect(claimsOf(shelf, { places: [] })).toEqual({})
  })

  test("knows its own commands only, each with who may ask and how it is decided", () => {
    expect(commandOf(shelf, "Shelve").authorize).toEqual(open())
    for (const broken of [shelf, { ...shelf, authorize: {} }, { ...shelf, decide: {} }, { ...shelf, commands: {} }])
      expect(() => commandOf(broken as AnyAggregate, broken === shelf ? "Burn" : "Shelve")).toThrow("does not know")
  })

  test("refuses with a name, and with a field only when one is to blame", () => {
    expect(rejected("No")).toStrictEqual({ rejected: "No" })
    expect(rejected("No", "field")).toStrictEqual({ rejected: "No", path: "field" })
    expect([rejected("No"), [], null, undefined, "rejected", 7].map(isRejection)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})

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

describe("a personal value", () => {
  const value = about("ada", "Ada L")

  test("is told from what looks like one, and reads masked wherever it is printed", () => {
    expect([value, { subject: "ada", value: "Ada L" }, null, "ada"].map(isPersonal)).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect(JSON.stringify({ value })).toBe(`{"value":"${masked}"}`)
    expect(Object.keys(value)).toEqual(["subject", "value"])
    expect(() => personal().parse({ subject: "a", value: "b" })).toThrow("must be made by about")
  })

  test("is found at any depth, and nothing else is changed", () => {
    const data = { a: [value, { b: value, c: 1 }], d: null, e: "x" }
    expect(mapPersonal(data, ({ subject }) => subject)).toEqual({ a: ["ada", { b: "ada", c: 1 }], d: null, e: "x" })
  })

  test("is declared at any depth", () => {
    const inner = z.object({ name: personal() })
    for (const schema of [
      inner,
      z.object({ a: inner.optional() }),
      z.object({ a: z.array(inner) }),
      z.object({ a: z.array(sensitive(z.string())).nullable() }),
      z.object({ b: z.string(), a: inner }),
    ])
      expect(hasPersonal(schema)).toBe(true)
    expect(hasPersonal(z.object({ a: z.array(z.string()), b: z.string().optional() }))).toBe(false)
    expect(metaOf(sensitive(z.string()).optional().nullable())).toMatchObject({ personal: true })
    expect(metaOf(undefined)).toEqual({})
  })

  test("in what support sees is masked, as secrets are, and nothing that is not there", () => {
    const schema = z.object({
      email: sensitive(z.string()).nullish(),
      password: secret(),
      name: personal(),
      deep: z.object({ name: personal() }),
      role: z.string(),
    })
    const data = { email: "a@b.c", password: "p", name: value, deep: { name: value }, role: "viewer", more: 1 }
    expect(maskedData(schema, data)).toEqual({
      ...{ email: masked, password: masked, name: masked, deep: { name: masked }, role: "viewer", more: 1 },
    })
    expect(maskedData(schema, { email: null, password: undefined })).toEqual({ email: null, password: undefined })
  })

  test("about an address is about whoever has it, however it is spelled", () =>
    expect(emailSubject(" Ada@Example.org ")).toBe("email:ada@example.org"))
})

describe("a value in the vault", () => {
  test("is put into a question wherever it is named", async () => {
    const vault = { open: async (reference: string) => `value of ${reference}` }
    const filled = (body: Record<string, unknown>) =>
      unvaulted({ method: "POST", path: "/", body }, vault).then(question => question.body)
    expect(await filled({ a: fromVault("r"), b: [fromVault("s")] })).toEqual({ a: "value of r", b: ["value of s"] })
    expect(await filled({ a: { $vault: 7 }, b: { vault: "r" } })).toEqual({ a: { $vault: 7 }, b: { vault: "r" } })
    expect(await unvaulted({ method: "GET", path: "/" }, vault)).toStrictEqual({ method: "GET", path: "/" })
  })
})

test("what pure code throws over stored data is thrown as poisoned, with its cause", () => {
  const cause = new Error("no JSON")
  const failing = () =>
    sure("it cannot be read", () => {
      throw cause
    })
  expect(failing).toThrow(PoisonedError)
  expect(failing).toThrow("it cannot be read: Error: no JSON")
  expect(failing).toThrow(expect.objectContaining({ cause }))
  expect(sure("fine", () => 7)).toBe(7)
})

describe("equal values", () => {
  test("give equal text, and others another", () => {
    expect(canonicalJson({ b: 1, a: [undefined, null, { d: 2, c: "x" }], e: undefined })).toBe(
      '{"a":[null,null,{"c":"x","d":2}],"b":1}',
    )
    expect([undefined, null, "null", 1, "1", true, [], {}, [[]]].map(canonicalJson)).toEqual([
      ...["null", "null", '"null"', "1", '"1"', "true", "[]", "{}", "[[]]"],
    ])
    expect(canonicalJson({ c: 1, a: 2, b: 3 })).toBe('{"a":2,"b":3,"c":1}')
  })
})

describe("the keys of a row", () => {
  const books: View = view({
    name: "books",
    description: "",
    type: "Book",
    row: z.object({ tenant: z.string(), room: z.string(), title: z.string(), isbn: z.string().nullable() }),
    partition: ["tenant", "room"],
    sort: ["title"],
    authorize: open(),
    unique: ["isbn"],
    indexes: { byTitle: { description: "", partition: ["tenant"], sort: ["title"] } },
    from: [],
  })
  const row = { tenant: "t/1", room: "r 2", title: "a", isbn: " ＩSBN-1 " }

  test("begin with the scope, and spell nothing that could be another's", () => {
    expect(rowKey(books, row, "copy")).toEqual({ partition: "t%2F1/books.1/r%202", sort: "a/copy" })
    const { sort: _, ...single } = books
    expect(rowKey({ ...single, version: 2, partition: ["tenant"] }, row, "copy")).toEqual({
      partition: "t%2F1/books.2",
      sort: ".",
    })
    expect(partitionKey("n", ["tenant", "room", "title"], row)).toBe("t%2F1/n/r%202/a")
  })

  test("in an index end with the row's own", () => {
    expect(indexKeys(books, row, "copy")).toEqual([{ partition: "t%2F1/books.1.byTitle", sort: "a/a/copy" }])
    const { sort: _, ...single } = books
    expect(indexKeys(single, row, "copy")).toEqual([{ partition: "t%2F1/books.1.byTitle", sort: "a//copy" }])
  })

  test("by a unique field find it however the value is spelled, and only when there is one", () => {
    expect(uniqueKeys(books, row, "stream")).toEqual([{ partition: "unique/books.1.isbn/isbn-1", sort: "stream" }])
    expect(uniqueKeys(books, { ...row, isbn: null }, "stream")).toEqual([])
    const { unique: _, ...none } = books
    expect(uniqueKeys(none, row, "stream")).toEqual([])
  })
})
