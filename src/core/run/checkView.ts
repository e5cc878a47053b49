import { type AnyAggregate, fold } from "../aggregate.ts"
import { canonicalJson } from "../json.ts"
import type { EventStore, SourceRecord, StoredRow, ViewChange, ViewStore } from "../ports.ts"
import type { Checked, Difference } from "../upkeep.ts"
import { type AnyView, type RowKey, storedName } from "../view.ts"
import { changeTo, type Snapshot, viewAttemptsMax } from "./updateViews.ts"

export interface CheckPorts {
  readonly events: Pick<EventStore, "read">
  readonly views: ViewStore
  readonly pause: (attempt: number) => Promise<void>
}

export interface CheckOptions {
  /** Write what differs. */
  readonly heal: boolean
  /** Leave no tombstone: its key may spell a value that is to be forgotten. */
  readonly traceless?: boolean
}

/** Compares what a view holds of one stream with a fold of its events from scratch, and brings it there when asked. */
export async function checkView(
  ports: CheckPorts,
  view: AnyView,
  aggregate: AnyAggregate,
  stream: string,
  options: CheckOptions,
): Promise<Checked> {
  for (let attempt = 1; attempt <= viewAttemptsMax; attempt++) {
    // Read before the events, so that only a store that was restored can be behind it.
    const known = (await ports.views.sources(stream)).get(storedName(view))
    const snapshot = await foldAll(ports.events, aggregate, stream)
    const change = snapshot && made(() => changeTo(view, aggregate, snapshot, known))
    if (change === undefined) return result(0, 0, [{ view: storedName(view), stream, kind: "unfoldable" }])
    const existing = await rowsAt(ports.views, [...change.puts, ...(known?.keys ?? [])])
    const differences = compare(change, known, existing)
    if (!options.heal || differences.length === 0) return result(existing.size, 0, differences)
    const healed = options.traceless ? traceless(change) : change
    if ((await ports.views.replace([withStamps(healed, existing)])) === "written")
      return result(existing.size, change.puts.length + change.deletes.length, differences)
    await ports.pause(attempt)
  }
  throw new Error(`${storedName(view)} was written ${viewAttemptsMax} times while ${stream} was checked`)
}

const result = (rows: number, written: number, differences: readonly Difference[]): Checked => ({
  streams: 1,
  rows,
  written,
  differences,
})

/** The stream's state from its first event on; undefined when it cannot be folded. */
export async function foldAll(
  events: Pick<EventStore, "read">,
  aggregate: AnyAggregate,
  stream: string,
): Promise<Snapshot | undefined> {
  let snapshot: Snapshot = { stream, version: 0, state: aggregate.initial, time: "", at: "" }
  for await (const event of events.read(stream, 1)) {
    const { version, time } = event.info
    if (version !== snapshot.version + 1) return undefined
    const before = snapshot
    const after = made(() => ({ state: fold(aggregate, [event], before.state) }))
    if (after === undefined) return undefined
    snapshot = { stream, version, state: after.state, time, at: time }
  }
  return snapshot
}

/** What pure code makes of stored data; undefined when it throws, so that one poisoned stream holds up no other. */
function made<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

const nameOf = ({ partition, sort }: RowKey) => `${partition} ${sort}`

async function rowsAt(views: ViewStore, keys: readonly RowKey[]): Promise<ReadonlyMap<string, StoredRow | undefined>> {
  const unique = new Map(keys.map(({ partition, sort }) => [nameOf({ partition, sort }), { partition, sort }]))
  return new Map(await Promise.all([...unique].map(async ([name, key]) => [name, await views.get(key)] as const)))
}

function compare(
  { view, stream, version, puts, keys }: ViewChange,
  known: SourceRecord | undefined,
  existing: ReadonlyMap<string, StoredRow | undefined>,
): readonly Difference[] {
  const about = { view, stream }
  if (known !== undefined && known.version !== version)
    return [{ ...about, kind: known.version < version ? "behind" : "ahead" }]
  const wanted = puts.filter(({ row }) => row !== null)
  const rows = wanted.flatMap((put): readonly Difference[] => {
    const found = existing.get(nameOf(put))
    if (found?.row == null) return [{ ...about, kind: "missing" }]
    const fields = differing(found, put)
    return fields.length === 0 ? [] : [{ ...about, kind: "different", fields }]
  })
  const expected = new Set(keys.map(nameOf))
  const extra = (known?.keys ?? [])
    .filter(key => !expected.has(nameOf(key)))
    .map((): Difference => ({ ...about, kind: "extra" }))
  const unrecorded =
    version > 0 && (known === undefined ? rows.length === 0 : known.keys.length - extra.length < keys.length)
  return [...rows, ...extra, ...(unrecorded ? [{ ...about, kind: "missing" as const, fields: ["source"] }] : [])]
}

/** Names of the fields that differ, stamps excluded. */
function differing(found: StoredRow, put: StoredRow): readonly string[] {
  const [one, other] = [found.row ?? {}, put.row ?? {}]
  const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    field => canonicalJson(one[field]) !== canonicalJson(other[field]),
  )
  const indexes = canonicalJson(found.indexes ?? []) === canonicalJson(put.indexes ?? [])
  return indexes ? fields : [...fields, "index"]
}

/** Keeps the stamp of a pointer that stands already: it tells which of two holders is newer. */
const withStamps = (change: ViewChange, existing: ReadonlyMap<string, StoredRow | undefined>): ViewChange => ({
  ...change,
  puts: change.puts.map(put => {
    const at = existing.get(nameOf(put))?.at
    return at === undefined ? put : { ...put, at }
  }),
})

const traceless = (change: ViewChange): ViewChange => ({
  ...change,
  puts: change.puts.filter(({ row }) => row !== null),
  deletes: [...change.deletes, ...change.puts.filter(({ row }) => row === null)],
})
