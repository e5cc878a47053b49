import { describe, expect, test } from "vitest"
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
import { roleSuffices } from "../../../src/core/manifest.ts"
import type { Actor } from "../../../src/core/message.ts"
import { personNamed, stored } from "../../scenario.ts"
import { shelf } from "./shelf.ts"

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
