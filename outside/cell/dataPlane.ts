import { createHash, randomUUID } from "node:crypto"
import type { Call, Reply } from "../http.ts"
import { marqoVersion } from "./provisioning.ts"
import type { CellIndex, CellStore, Document } from "./store.ts"

const failure = (status: number, code: string, message: string): Reply => ({
  status,
  body: { message, code, type: status < 500 ? "invalid_request" : "internal", link: "" },
})

/** Answers what clients ask of an index at its endpoint. */
export function answerClient(store: CellStore, call: Call): Reply {
  const startedAt = Date.now()
  const [id = "", ...path] = call.path
  const index = store.index(id)
  const scope = scopeOf(store, call, index)
  if (scope === undefined) return failure(401, "unauthorized", "The header x-api-key holds no key that counts.")
  if (index === undefined) return failure(404, "index_not_found", "There is no such index.")
  const isBusy = index.deleting || (index.doneAt > Date.now() && !index.open)
  if (isBusy) return failure(409, "index_not_ready", `Index ${index.name} is not ready.`)
  if (index.settings.numberOfInferences === 0)
    return failure(409, "index_paused", `Index ${index.name} is paused: it has no inference.`)

  if (path.length === 0) return { status: 200, body: { message: "Welcome to Marqo", version: marqoVersion } }
  if (path[0] === "models") return { status: 200, body: call.method === "GET" ? { models: [] } : { result: "success" } }
  if (path[0] === "device") return { status: 200, body: path[1] === "cpu" ? cpu : { cuda_devices: [] } }
  if (path[0] !== "indexes") return failure(404, "not_found", "There is nothing here.")
  if (path[1] === "bulk") return bulkSearch(store, id, call.json)
  if (path[1] !== index.name) return failure(404, "index_not_found", `Index ${path[1]} not found.`)
  const rest = path.slice(2)
  const isWriting =
    rest[0] === "documents" && call.method !== "GET" && !(call.method === "POST" && rest[1] === "get-batch")
  if (isWriting && scope === "read") return failure(403, "forbidden", "This key may only search.")
  const took = () => Date.now() - startedAt
  return answerIndex(store, id, index, rest, call, took)
}

/** A key counts for the indexes of its account. */
function scopeOf(store: CellStore, { headers }: Call, index: CellIndex | undefined): string | undefined {
  const [, keyId = "", secret = ""] = /^([\w-]{20,64})\.(\S+)$/.exec(headers["x-api-key"] ?? "") ?? []
  const key = store.key(keyId)
  const isIts = key?.secretHash === createHash("sha256").update(secret).digest("base64url")
  if (key === undefined || !isIts || key.scope === "none") return undefined
  return index === undefined || index.account === key.account ? key.scope : undefined
}

const cpu = { cpu_usage_percent: "1.0%", memory_used_percent: "1.0%", memory_used_gb: "0.1" }

function answerIndex(
  store: CellStore,
  id: string,
  index: CellIndex,
  [what, which]: readonly string[],
  call: Call,
  took: () => number,
): Reply {
  const documents = store.documents(id)
  const ok = (body: unknown): Reply => ({ status: 200, body })
  if (what === "settings") return ok(index.settings)
  if (what === "stats")
    return ok({
      numberOfDocuments: documents.size,
      numberOfVectors: documents.size,
      backend: {
        memoryUsedPercentage: 1,
        storageUsedPercentage: 1,
        memory_used_percentage: 1,
        storage_used_percentage: 1,
      },
    })
  if (what === "health")
    return ok({
      status: "green",
      inference: { status: "green" },
      backend: { status: "green", memoryIsAvailable: true, storageIsAvailable: true },
    })
  if (what === "search" && call.method === "POST") return ok(search(store, id, call.json, took))
  if (what !== "documents") return failure(404, "not_found", "There is nothing here.")
  if (call.method === "GET" && which !== undefined) {
    const found = documents.get(which)
    return found === undefined ? failure(404, "document_not_found", `Document ${which} not found.`) : ok(found)
  }
  if (call.method === "GET" || which === "get-batch")
    return ok({ errors: false, results: idsIn(call.json).map(one => foundOrNot(documents, one)) })
  if (call.method === "POST" && which === "delete-batch") return ok(removeAll(store, id, index.name, idsIn(call.json)))
  if (call.method === "POST" && which === undefined) return ok(addAll(store, id, index.name, call.json, took))
  if (call.method === "PATCH" || which === "update") return ok(updateAll(store, id, index.name, call.json, took))
  return failure(405, "method_not_allowed", "This cannot be done to documents.")
}

const foundOrNot = (documents: ReadonlyMap<string, Document>, id: string) => {
  const found = documents.get(id)
  return found === undefined ? { _id: id, _found: false } : { ...found, _found: true }
}

const idsIn = (json: unknown): readonly string[] => {
  const ids = Array.isArray(json) ? json : (json as { documentIds?: unknown } | undefined)?.documentIds
  return Array.isArray(ids) ? ids.map(String) : []
}

const documentsIn = (json: unknown): readonly Readonly<Record<string, unknown>>[] => {
  const documents = Array.isArray(json) ? json : (json as { documents?: unknown } | undefined)?.documents
  return Array.isArray(documents) ? documents : []
}

function addAll(store: CellStore, id: string, name: string, json: unknown, took: () => number) {
  const known = store.documents(id)
  const documents = documentsIn(json).map(
    (document): Document => ({ ...document, _id: String(document._id ?? randomUUID()) }),
  )
  const items = documents.map(({ _id }) => ({ _id, status: known.has(_id) ? 200 : 201 }))
  store.write({ fact: "documents", id, documents })
  return { errors: false, processingTimeMs: took(), index_name: name, items }
}

function updateAll(store: CellStore, id: string, name: string, json: unknown, took: () => number) {
  const known = store.documents(id)
  const asked = documentsIn(json).map(document => ({ ...document, _id: String(document._id) }))
  const documents = asked.flatMap(document => {
    const before = known.get(document._id)
    return before === undefined ? [] : [{ ...before, ...document }]
  })
  const items = asked.map(({ _id }) =>
    known.has(_id) ? { _id, status: 200 } : { _id, status: 404, error: "Document does not exist in the index" },
  )
  store.write({ fact: "documents", id, documents })
  return { errors: items.some(({ status }) => status !== 200), processingTimeMs: took(), index_name: name, items }
}

function removeAll(store: CellStore, id: string, name: string, ids: readonly string[]) {
  const startedAt = new Date().toISOString()
  const known = ids.filter(one => store.documents(id).has(one))
  store.write({ fact: "removed", id, ids: known })
  return {
    index_name: name,
    status: "succeeded",
    type: "documentDeletion",
    details: { receivedDocumentIds: ids.length, deletedDocuments: known.length },
    items: ids.map(_id => ({ _id, status: 200, result: known.includes(_id) ? "deleted" : "not_found" })),
    duration: "PT0.001S",
    startedAt,
    finishedAt: new Date().toISOString(),
  }
}

interface Query {
  readonly q?: string | Readonly<Record<string, number>> | null
  readonly limit?: number
  readonly offset?: number
}

function search(store: CellStore, id: string, json: unknown, took: () => number) {
  const { q = null, limit = 10, offset = 0 } = (json ?? {}) as Query
  const text = typeof q === "object" && q !== null ? Object.keys(q).join(" ") : (q ?? "")
  const documents = store.documents(id)
  const found =
    text === "" || text === "*"
      ? [...documents.keys()].map(one => ({ id: one, score: 1 }))
      : store.search(id, text).map(({ id: one, score }) => ({ id: String(one), score }))
  const hits = found
    .slice(offset, offset + limit)
    .map(({ id: one, score }) => ({ ...documents.get(one), _id: one, _score: score, _highlights: [] }))
  return { hits, query: q, limit, offset, processingTimeMs: took() }
}

function bulkSearch(store: CellStore, id: string, json: unknown): Reply {
  const startedAt = Date.now()
  const took = () => Date.now() - startedAt
  const { queries = [] } = (json ?? {}) as { queries?: readonly (Query & { index: string })[] }
  const result = queries.map(query => ({ index: query.index, ...search(store, id, query, took) }))
  return { status: 200, body: { result, processingTimeMs: took() } }
}
