import { describe, expect, test } from "vitest"
import { z } from "zod"
import { open } from "../../../src/core/authorize.ts"
import { canonicalJson } from "../../../src/core/json.ts"
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
