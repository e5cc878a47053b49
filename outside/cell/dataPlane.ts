import { createHash, randomUUID } from "node:crypto"
import type { Call, Reply } from "../http.ts"
import { FilterError } from "./filter.ts"
import { marqoVersion } from "./provisioning.ts"
import { bulkSearch, search } from "./search.ts"
import type { CellIndex, CellStore, Document } from "./store.ts"

const failure = (status: number, code: string, message: string): Reply => ({
  status,
  body: { message, code, type: status < 500 ? "invalid_request" : "internal", link: "" },
})

/** Answers what clients ask of an index at its endpoint. */
export function answerClient(store: CellStore, call: Call): Reply {
  try {
    return answer(store, call)
  } catch (error) {
    if (error instanceof FilterError) return failure(400, "invalid_argument", error.message)
    throw error
  }
}

function answer(store: CellStore, call: Call): Reply {
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
  if (path[1] === "bulk") return { status: 200, body: bulkSearch(store, id, call.json) }
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
  if (what === "search" && call.method === "POST") return ok(search(store, id, call.json))
  if (what === "documents") return answerDocuments(store, id, index.name, which, call, took)
  return failure(404, "not_found", "There is nothing here.")
}

function answerDocuments(
  store: CellStore,
  id: string,
  name: string,
  which: string | undefined,
  { method, json }: Call,
  took: () => number,
): Reply {
  const known = store.documents(id)
  const [ids, documents] = [idsIn(json), documentsIn(json)]
  const unlessEmpty = (named: readonly unknown[], body: () => unknown): Reply =>
    named.length === 0 ? failure(400, "bad_request", "The request names no documents.") : { status: 200, body: body() }
  if (method === "GET" && which !== undefined) {
    const found = known.get(which)
    return found === undefined
      ? failure(404, "document_not_found", `Document ${which} not found.`)
      : { status: 200, body: found }
  }
  if (method === "GET" || which === "get-batch")
    return unlessEmpty(ids, () => ({ errors: false, results: ids.map(one => foundOrNot(known, one)) }))
  if (method === "POST" && which === "delete-batch") return unlessEmpty(ids, () => removeAll(store, id, name, ids))
  if (method === "POST" && which === undefined)
    return unlessEmpty(documents, () => addAll(store, id, name, documents, took))
  if (method === "PATCH" || which === "update")
    return unlessEmpty(documents, () => updateAll(store, id, name, documents, took))
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

type Given = Readonly<Record<string, unknown>>

const documentsIn = (json: unknown): readonly Given[] => {
  const documents = Array.isArray(json) ? json : (json as { documents?: unknown } | undefined)?.documents
  return Array.isArray(documents) ? documents : []
}

function addAll(store: CellStore, id: string, name: string, given: readonly Given[], took: () => number) {
  const known = store.documents(id)
  const documents = given.map((document): Document => ({ ...document, _id: String(document._id ?? randomUUID()) }))
  const items = documents.map(({ _id }) => ({ _id, status: known.has(_id) ? 200 : 201 }))
  store.write({ fact: "documents", id, documents })
  return { errors: false, processingTimeMs: took(), index_name: name, items }
}

function updateAll(store: CellStore, id: string, name: string, given: readonly Given[], took: () => number) {
  const known = store.documents(id)
  const asked = given.map(document => ({ ...document, _id: String(document._id) }))
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
