import { readFilter } from "./filter.ts"
import type { CellStore, Document } from "./store.ts"

interface Query {
  readonly q?: string | Readonly<Record<string, number>> | null
  readonly limit?: number
  readonly offset?: number
  readonly filter?: string | null
  readonly searchableAttributes?: readonly string[] | null
  readonly attributesToRetrieve?: readonly string[] | null
  readonly showHighlights?: boolean
}

/** Finds documents by their words. Throws FilterError. */
export function search(store: CellStore, id: string, json: unknown) {
  const startedAt = Date.now()
  const { q = null, limit = 10, offset = 0, filter, searchableAttributes, ...shown } = (json ?? {}) as Query
  const text = typeof q === "object" && q !== null ? Object.keys(q).join(" ") : (q ?? "")
  const passes = filter ? readFilter(filter) : () => true
  const documents = store.documents(id)
  const found =
    text === "" || text === "*"
      ? [...documents.values()].map(document => ({ document, score: 1 }))
      : store.search(id, text, searchableAttributes ?? undefined)
  const hits = found
    .filter(({ document }) => passes(document))
    .slice(offset, offset + limit)
    .map(({ document, score }) => hit(document, score, shown))
  return { hits, query: q, limit, offset, processingTimeMs: Date.now() - startedAt }
}

/** Answers several queries at once. Throws FilterError. */
export function bulkSearch(store: CellStore, id: string, json: unknown) {
  const startedAt = Date.now()
  const { queries = [] } = (json ?? {}) as { queries?: readonly (Query & { index: string })[] }
  const result = queries.map(query => ({ index: query.index, ...search(store, id, query) }))
  return { result, processingTimeMs: Date.now() - startedAt }
}

function hit(document: Document, score: number, { attributesToRetrieve, showHighlights = true }: Query) {
  const fields = attributesToRetrieve
    ? Object.fromEntries(Object.entries(document).filter(([name]) => attributesToRetrieve.includes(name)))
    : document
  return { ...fields, _id: document._id, _score: score, ...(showHighlights ? { _highlights: [] } : {}) }
}
