import type { ProjectionChange, SourceRecord, StoredRow, ViewStore } from "../../core/ports.ts"
import type { SourceVersion } from "../../core/upkeep.ts"
import type { RowKey } from "../../core/view.ts"

const id = ({ partition, sort }: RowKey) => JSON.stringify([partition, sort])

/** The view store in memory. */
export function memoryViewStore(): ViewStore & {
  rows(): readonly StoredRow[]
  /** Writes or removes a row past every rule, as a fault would. */
  plant(key: RowKey, row: StoredRow | undefined): void
  sourceVersions(): readonly SourceVersion[]
} {
  const rows = new Map<string, StoredRow>()
  const sources = new Map<string, Map<string, SourceRecord>>()
  const projections = new Map<string, { row: Readonly<Record<string, unknown>>; revision: number; streams: number }>()
  const sourcesOf = (stream: string) => sources.get(stream) ?? new Map<string, SourceRecord>()

  return {
    rows: () => [...rows.values()],
    plant: (key, row) => void (row === undefined ? rows.delete(id(key)) : rows.set(id(key), row)),
    sourceVersions: () =>
      [...sources].flatMap(([stream, views]) => [...views].map(([view, { version }]) => ({ stream, view, version }))),
    sources: async stream => new Map(sourcesOf(stream)),
    get: async key => rows.get(id(key)),
    list: async (partition, max) =>
      [...rows.values()]
        .filter(row => row.partition === partition && row.row !== null)
        .sort((one, other) => (one.sort < other.sort ? -1 : 1))
        .slice(0, max),

    async replace(changes) {
      if (changes.some(({ stream, view, expected }) => (sourcesOf(stream).get(view)?.version ?? 0) !== expected))
        return "stale"
      for (const { stream, view, version, puts, deletes, keys } of changes) {
        for (const key of deletes) rows.delete(id(key))
        for (const row of puts) rows.set(id(row), row)
        sources.set(stream, sourcesOf(stream).set(view, { version, keys }))
      }
      return "written"
    },

    async progress(projection, key, stream) {
      const known = projections.get(id(key))
      return {
        ...(known === undefined ? {} : { row: known.row }),
        revision: known?.revision ?? 0,
        streams: known?.streams ?? 0,
        version: sourcesOf(stream).get(projection)?.version ?? 0,
      }
    },

    async advance({ stream, projection, key, row, revision, streams, from, to }: ProjectionChange) {
      const heard = sourcesOf(stream).get(projection)?.version ?? 0
      if (heard !== from) return "stale"
      if (row !== undefined) {
        if ((projections.get(id(key))?.revision ?? 0) !== revision) return "stale"
        projections.set(id(key), { row, revision: revision + 1, streams })
      }
      sources.set(stream, sourcesOf(stream).set(projection, { version: to, keys: [] }))
      return "written"
    },

    async rewrite({ projection, key, row, revision, streams, setBack }) {
      const heard = (stream: string) => sourcesOf(stream).get(projection)?.version ?? 0
      if ((projections.get(id(key))?.revision ?? 0) !== revision) return "stale"
      if (setBack.some(({ stream, from }) => heard(stream) !== from)) return "stale"
      if (row === undefined) projections.delete(id(key))
      else projections.set(id(key), { row, revision: revision + 1, streams })
      for (const { stream, to } of setBack)
        sources.set(stream, sourcesOf(stream).set(projection, { version: to, keys: [] }))
      return "written"
    },
  }
}
