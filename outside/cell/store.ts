import MiniSearch from "minisearch"
import { openJournal } from "../journal.ts"
import type { MetricsTarget } from "./metrics.ts"

export interface Document {
  readonly _id: string
  readonly [field: string]: unknown
}

/** An index as the cell runs it. */
export interface CellIndex {
  readonly account: string
  readonly name: string
  readonly settings: Readonly<Record<string, unknown>>
  /** Milliseconds since the epoch: it is worked on until then. */
  readonly doneAt: number
  readonly deleting: boolean
  /** It was ready before, and stays open while it changes. */
  readonly open: boolean
}

export interface CellKey {
  readonly account: string
  readonly scope: string
  readonly secretHash: string
}

type Fact =
  | {
      readonly fact: "metrics"
      readonly account: string
      readonly version: number
      readonly target: MetricsTarget | null
    }
  | { readonly fact: "index"; readonly id: string; readonly work: number; readonly index: CellIndex }
  | { readonly fact: "gone"; readonly id: string; readonly work: number }
  | { readonly fact: "key"; readonly id: string; readonly key: CellKey | null }
  | { readonly fact: "documents"; readonly id: string; readonly documents: readonly Document[] }
  | { readonly fact: "removed"; readonly id: string; readonly ids: readonly string[] }

interface Collection {
  readonly documents: Map<string, Document>
  readonly search: MiniSearch
}

/** Everything that the cell knows; it survives a kill. */
export function openStore(path: string | undefined) {
  const indexes = new Map<string, CellIndex>()
  const works = new Map<string, number>()
  const keys = new Map<string, CellKey>()
  const collections = new Map<string, Collection>()
  const targets = new Map<string, { readonly version: number; readonly target: MetricsTarget | null }>()

  const collection = (id: string): Collection => {
    const known = collections.get(id)
    if (known !== undefined) return known
    const made = { documents: new Map<string, Document>(), search: newSearch() }
    collections.set(id, made)
    return made
  }

  const apply = (fact: Fact): void => {
    if (fact.fact === "metrics") {
      targets.set(fact.account, { version: fact.version, target: fact.target })
    } else if (fact.fact === "index") {
      indexes.set(fact.id, fact.index)
      works.set(fact.id, fact.work)
    } else if (fact.fact === "gone") {
      indexes.delete(fact.id)
      collections.delete(fact.id)
      works.set(fact.id, fact.work)
    } else if (fact.fact === "key") {
      if (fact.key === null) keys.delete(fact.id)
      else keys.set(fact.id, fact.key)
    } else if (fact.fact === "documents") {
      const { documents, search } = collection(fact.id)
      for (const document of fact.documents) {
        if (documents.has(document._id)) search.discard(document._id)
        documents.set(document._id, document)
        search.add({ id: document._id, text: textOf(document) })
      }
    } else {
      const { documents, search } = collection(fact.id)
      for (const id of fact.ids) if (documents.delete(id)) search.discard(id)
    }
  }

  const write = openJournal(path, apply)
  return {
    index: (id: string) => indexes.get(id),
    indexes: () => [...indexes.entries()],
    /** The newest piece of work that was asked for, also of an index that has gone. */
    work: (id: string) => works.get(id) ?? 0,
    key: (id: string) => keys.get(id),
    /** Where an account's metrics go, and how new that is. */
    metrics: (account: string) => targets.get(account),
    accountsWithMetrics: () => [...targets].flatMap(([account, { target }]) => (target === null ? [] : [account])),
    documents: (id: string): ReadonlyMap<string, Document> => collection(id).documents,
    /** Documents in which a word is found; with attributes, in one of these. */
    search: (id: string, text: string, attributes?: readonly string[]) => {
      const { documents, search } = collection(id)
      return search.search(text, { prefix: true, fuzzy: 0.2 }).flatMap(({ id: one, score, terms }) => {
        const document = documents.get(String(one))
        const isThere = document !== undefined && (attributes === undefined || hasTerm(document, attributes, terms))
        return isThere ? [{ document, score }] : []
      })
    },
    write,
  }
}

export type CellStore = ReturnType<typeof openStore>

const newSearch = () => new MiniSearch({ fields: ["text"] })

const wordsOf: (text: string) => string[] = MiniSearch.getDefault("tokenize")

/** Has one of these attributes one of the terms? */
function hasTerm(document: Document, attributes: readonly string[], terms: readonly string[]): boolean {
  const words = new Set(attributes.flatMap(name => wordsOf(textIn(document[name])).map(word => word.toLowerCase())))
  return terms.some(term => words.has(term))
}

const textIn = (value: unknown): string => (Array.isArray(value) ? value.join(" ") : String(value ?? ""))

/** Every word in a document, for a search that looks everywhere. */
const textOf = (document: Document): string =>
  Object.entries(document)
    .filter(([name]) => name !== "_id")
    .map(([, value]) => textIn(value))
    .join(" ")
