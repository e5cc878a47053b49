/** The cell at an index's endpoint, as the Python client asks it. */
import { createHash, randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type RunningCell, startCell } from "../../outside/cell/cell.ts"
import { type Program, program } from "../slice/cloud.ts"

const [account, apiKeyId, secret] = [randomUUID(), randomUUID(), "at-least-16-characters"]
const documents = [
  { _id: "1", title: "The red balloon", colour: "red", pages: 12, lent: true, price: 9.5 },
  { _id: "2", title: "A blue bicycle", colour: "blue", pages: 90, lent: false, place: "New York (west)" },
  { _id: "3", title: "The red bicycle", colour: "red", pages: 200, tags: ["old", "very fast"] },
]

let cell: RunningCell
let endpoint: Program
let ask: Program
beforeAll(async () => {
  cell = await startCell({ port: 0, key: "control", transitionMs: 0 })
  const secretHash = createHash("sha256").update(secret).digest("base64url")
  const control = program(cell.url)
  const order = (path: string, body: object) => control("PUT", path, body, { authorization: "Bearer control" })
  await order(`/accounts/${account}/keys/${apiKeyId}`, { scope: "admin", secretHash, revoked: false })
  const { body } = await order(`/accounts/${account}/indexes/books`, { work: 1, settings: { numberOfInferences: 1 } })
  endpoint = program(body.endpoint, `${apiKeyId}.${secret}`)
  ask = (method, path, ...rest) => endpoint(method, `/indexes/books${path}`, ...rest)
  await ask("POST", "/documents", { documents, tensorFields: ["title"], useExistingTensors: false })
})
afterAll(() => cell?.stop())

const search = async (body: object) => (await ask("POST", "/search", { limit: 10, offset: 0, ...body })).body
const found = async (body: object) => (await search(body)).hits.map(({ _id }: { _id: string }) => _id).sort()

describe("a search", () => {
  test.each([
    ["colour:red", ["1", "3"]],
    ["title:(A blue bicycle)", ["2"]],
    ["title:A\\ blue\\ bicycle", ["2"]],
    ["place:(New York \\(west\\))", ["2"]],
    ["pages:90", ["2"]],
    ["pages:[12 TO 90]", ["1", "2"]],
    ["pages:[91 TO *]", ["3"]],
    ["price:[* TO 9.5]", ["1"]],
    ["lent:true", ["1"]],
    ["lent:False", ["2"]],
    ["tags:old", ["3"]],
    ["tags:(very fast)", ["3"]],
    ["_id:3", ["3"]],
    ["colour IN (blue, green)", ["2"]],
    ["tags IN ((very fast), new)", ["3"]],
    ["NOT colour:red", ["2"]],
    ["colour:red AND NOT pages:12", ["3"]],
    ["colour:blue OR colour:red AND lent:true", ["1", "2"]],
    ["(colour:blue OR colour:red) AND (lent:true)", ["1"]],
    ["unknown:red", []],
  ])("keeps to the filter %s", async (filter, ids) => {
    expect(await found({ q: "*", filter })).toEqual(ids)
  })

  test.each([
    "colour",
    "colour:",
    "colour:red blue",
    "(colour:red",
    "colour:red)",
    "colour:red AND",
    "pages:[1 TO many]",
    "pages:[1 TO",
    "tags IN (old",
    "NOT",
  ])("refuses the filter %s", async filter => {
    const { status, body } = await ask("POST", "/search", { q: "red", filter })
    expect([status, body.code, body.type]).toEqual([400, "invalid_argument", "invalid_request"])
    expect(body.message).toContain(filter)
  })

  test("filters before it cuts a page", async () =>
    expect(await found({ q: "bicycle", filter: "colour:red", limit: 1 })).toEqual(["3"]))

  test("looks in the attributes that are asked for", async () => {
    expect(await found({ q: "red", searchMethod: "LEXICAL", searchableAttributes: ["colour"] })).toEqual(["1", "3"])
    expect(await found({ q: "balloon", searchMethod: "LEXICAL", searchableAttributes: ["colour"] })).toEqual([])
    expect(await found({ q: "Fast", searchableAttributes: ["title", "tags"] })).toEqual(["3"])
  })

  test("shows the attributes that are asked for", async () => {
    const asked = { q: "balloon", attributesToRetrieve: ["colour"] }
    const shown = { _id: "1", colour: "red", _score: expect.any(Number) }
    expect((await search(asked)).hits).toEqual([{ ...shown, _highlights: [] }])
    expect((await search({ ...asked, showHighlights: false })).hits).toEqual([shown])
  })

  test("is one of several in a bulk, each with its own filter", async () => {
    const queries = ["red", "blue"].map(colour => ({ index: "books", q: "bicycle", filter: `colour:${colour}` }))
    const { body } = await endpoint("POST", "/indexes/bulk/search", { queries })
    expect(body.result.map(({ hits }: { hits: { _id: string }[] }) => hits.map(({ _id }) => _id))).toEqual([
      ["3"],
      ["2"],
    ])
  })
})

describe("a request that names no documents", () => {
  test.each([
    ["POST", "/documents", { documents: [] }],
    ["PATCH", "/documents", { documents: [] }],
    ["POST", "/documents/delete-batch", []],
    ["GET", "/documents", undefined],
  ])("%s %s is refused", async (method, path, body) => {
    const answer = await ask(method, path, body)
    expect([answer.status, answer.body.code, answer.body.type]).toEqual([400, "bad_request", "invalid_request"])
  })
})
