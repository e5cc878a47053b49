import { describe, expect, test } from "vitest"
import { rest } from "../../../src/contexts/indexes/restRoutes.ts"
import type { CommandRoute, RowsRoute } from "../../../src/core/rest.ts"
import { settings } from "./facts.ts"

const request = (body: unknown) => ({ tenant: "t", path: { indexName: "books" }, body })
const route = (method: string, path: string) => {
  const found = rest.routes.find(one => one.method === method && one.path === `/api/v2/indexes${path}`)
  if (found === undefined) throw new Error(`there is no route ${method} ${path}`)
  return found
}
const asks = (method: string) => route(method, "/{indexName}") as CommandRoute
const reads = (path: string) => route("GET", path) as RowsRoute
const row = {
  indexName: "books",
  status: "READY",
  marqoEndpoint: "https://cell.example.org/books",
  marqoVersion: "2.13.0",
  settings,
  createdAt: "2026-11-01T10:00:00.000Z",
}

describe("a request over REST for an index", () => {
  test.each(["POST", "PUT"])("by %s asks for what it says, and for nothing that it leaves empty", method => {
    const said = { model: "m", storageClass: "", numberOfShards: null, normalizeEmbeddings: false }
    expect(asks(method).data(request(said))).toEqual({
      indexName: "books",
      settings: { model: "m", normalizeEmbeddings: false },
    })
    expect(asks(method).data(request(undefined))).toEqual({ indexName: "books", settings: {} })
    expect(asks(method).data(request(null))).toEqual({ indexName: "books", settings: {} })
    expect(asks(method).data(request(["a", ""]))).toEqual({ indexName: "books", settings: ["a", ""] })
    expect(asks(method).data(request("text"))).toEqual({ indexName: "books", settings: "text" })
  })

  test("is answered as the clients expect it", () => {
    const acknowledged = { acknowledged: true }
    expect(asks("POST").answer(request({}))).toEqual({ ...acknowledged, shards_acknowledged: true, index: "books" })
    expect(asks("PUT").answer(request({}))).toEqual(acknowledged)
    expect(asks("DELETE").answer(request({}))).toEqual(acknowledged)
    expect(asks("DELETE").data(request({}))).toEqual({ indexName: "books" })
  })

  test("reads what there is, and says when there is none", () => {
    const { status, settings: own, marqoEndpoint, createdAt, ...rest } = row
    const { videoPreprocessing: _, audioPreprocessing: __, ...said } = own
    const listed = { ...rest, ...said, Created: createdAt, indexStatus: status, marqoEndpoint }
    const answer = (path: string, ...rows: readonly object[]) => reads(path).answer(rows as never, request(undefined))
    expect(answer("", { ...row, errorMsg: null }, { ...row, errorMsg: "It broke." })).toEqual({
      status: 200,
      body: { results: [listed, { ...listed, errorMsg: "It broke." }] },
    })
    expect(answer("/{indexName}/status", row)).toEqual({ status: 200, body: { indexStatus: "READY" } })
    expect(answer("/{indexName}/settings", row)).toEqual({ status: 200, body: own })
    expect(answer("/{indexName}/stats", row)).toEqual({ status: 200, body: { indexStatus: "READY", marqoEndpoint } })
    expect(answer("/{indexName}/stats")).toMatchObject({ status: 404, code: "index_not_found" })
  })

  test("lists of video and audio only what is not as by default", () => {
    const videoPreprocessing = { splitLength: 20, splitOverlap: 4 }
    const answer = reads("").answer([{ ...row, settings: { ...settings, videoPreprocessing } }] as never, request({}))
    expect(answer).toMatchObject({ body: { results: [{ videoPreprocessing }] } })
    expect(JSON.stringify(answer)).not.toContain("audioPreprocessing")
  })
})
