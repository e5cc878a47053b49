import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { app } from "../../../src/contexts/index.ts"
import { type App, messages } from "../../../src/core/index.ts"
import { brokenEvents, brokenSchema, contractFiles, eventContracts } from "../../../src/model/contracts.ts"
import { releasedEvents } from "../../../src/model/releaseContracts.ts"
import { graphqlSchema } from "../../../src/model/schema.ts"
import { copy, library } from "./library.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const howTo =
  "give the event a new version with an upcaster, or release a break on purpose: `foldline release-contracts`"

describe("what was released", () => {
  test("can still be read and written as events", () => {
    expect(brokenEvents(app, releasedEvents()), howTo).toEqual([])
  })

  test("can still be asked by GraphQL", () => {
    const released = readFileSync(root + contractFiles.schema, "utf8")
    expect(brokenSchema(released, graphqlSchema(app)), howTo).toEqual([])
  })
})

const same = (data: Readonly<Record<string, unknown>>) => ({ ...data })

/** The library with other events of a copy. */
const libraryOf = (events: Record<string, z.ZodObject>, upcast = copy.upcast): App => {
  const other = { ...copy, events: messages(events), upcast } as unknown as typeof copy
  return { ...library, contexts: library.contexts.map(context => ({ ...context, aggregates: [other] })) }
}

describe("a change of an event", () => {
  const acquired = z.object({ copyId: z.string(), state: z.enum(["new", "used"]), note: z.string().optional() })
  const released = eventContracts(libraryOf({ CopyAcquired: acquired }, {}))
  const breaks = (schema: z.ZodObject) => brokenEvents(libraryOf({ CopyAcquired: schema }, {}), released)
  const type = Object.keys(released)[0] ?? ""

  test.each<[string, z.ZodObject, string]>([
    ["that loses a field", acquired.omit({ note: true }), `${type}.note is gone`],
    [
      "that needs another field",
      acquired.extend({ shelf: z.string() }),
      `${type}.shelf is required, but stored events may lack it`,
    ],
    [
      "that no longer needs a field",
      acquired.partial({ copyId: true }),
      `${type}.copyId is not required any more, but its readers count on it`,
    ],
    ["that loses a value", acquired.extend({ state: z.enum(["new"]) }), `${type}.state does not allow "used" any more`],
    [
      "that changes a type",
      acquired.extend({ note: z.number().optional() }),
      `${type}.note changed its type: "string" → "number"`,
    ],
  ])("%s is named", (_, schema, sentence) => expect(breaks(schema)).toEqual([sentence]))

  test("that adds an optional field or a value breaks nothing", () => {
    expect(breaks(acquired.extend({ shelf: z.string().optional(), state: z.enum(["new", "used", "worn"]) }))).toEqual(
      [],
    )
  })

  test("under a new version with an upcaster breaks nothing", () => {
    const next = libraryOf({ CopyAcquired: z.object({ copyId: z.int() }) }, { CopyAcquired: [same] } as never)
    expect(brokenEvents(next, released)).toEqual([])
  })

  test("that removes it, or goes back to an older version, is named", () => {
    expect(brokenEvents(libraryOf({}), released)).toEqual([
      `${type} is gone: what is stored could not be read any more`,
    ])
    const two = eventContracts(libraryOf({ CopyAcquired: acquired }, { CopyAcquired: [same] } as never))
    expect(brokenEvents(libraryOf({ CopyAcquired: acquired }, {}), two)).toEqual([
      `${type} is at schema version 1, but version 2 was released`,
    ])
  })

  test("keeps the older versions that were released", () => {
    const two = eventContracts(libraryOf({ CopyAcquired: acquired }, { CopyAcquired: [same] } as never), released)
    expect(Object.keys(two[type] ?? {})).toEqual(["1", "2"])
  })
})

test("a change of the API that breaks its callers is named", () => {
  const released = graphqlSchema(app)
  const without = released.replace(/\n {2}slug: String!/, "")
  expect(without).not.toBe(released)
  expect(brokenSchema(released, without)).toEqual(["OpenAccountInput.slug was removed."])
})
