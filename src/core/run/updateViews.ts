import type { AnyAggregate } from "../aggregate.ts"
import { type App, aggregateNamed, viewsIn } from "../manifest.ts"
import type { Decided } from "../outcome.ts"
import type { OutboxRow } from "../parking.ts"
import { sure } from "../poisoned.ts"
import type { ReceiptMove, SourceRecord, StoredRow, TraceStep, Track, ViewChange, ViewStore } from "../ports.ts"
import type { Push, ViewNotice } from "../push.ts"
import { parseStream } from "../stream.ts"
import { type AnyView, indexKeys, type RowKey, rowKey, storedName, uniqueKeys } from "../view.ts"

export const viewAttemptsMax = 20

export interface ViewPorts {
  readonly app: App
  readonly views: ViewStore
  readonly track: Track
  readonly push: Push
  readonly now: () => string
  readonly pause: (attempt: number) => Promise<void>
}

/**
 * Brings every view over one aggregate to the snapshot that a decided command carries, then moves the receipt.
 * A newer snapshot that came before wins; a repeat changes no row. Throws PoisonedError when no repeat can succeed.
 */
export async function updateViews(ports: ViewPorts, decided: OutboxRow): Promise<void> {
  const move = sure("it tells no outcome", () => receiptMove(decided, ports.now()))
  const changes = decided.outcome.status === "COMMITTED" ? await replaceRows(ports, decided) : []
  if (changes.length > 0) await ports.track.record([viewStep(decided, changes, ports.now())])
  const moved = await ports.track.move(move)
  await ports.push({ ...(moved === "moved" ? { receipt: move } : {}), changes: noticesOf(ports.app, changes) })
}

/** What the snapshot changed, now or in an attempt that was cut short after it: what follows is done again then. */
async function replaceRows(ports: ViewPorts, decided: OutboxRow): Promise<readonly ViewChange[]> {
  for (let attempt = 1; attempt <= viewAttemptsMax; attempt++) {
    const sources = await ports.views.sources(decided.stream)
    const changes = sure("its views cannot be made", () => viewChanges(ports.app, decided, sources))
    if (changes.length === 0) return viewChanges(ports.app, decided, withoutThis(sources, decided))
    if ((await ports.views.replace(changes)) === "written") return changes
    await ports.pause(attempt)
  }
  throw new Error(`the views of ${decided.stream} were in the way of each other ${viewAttemptsMax} times`)
}

/** What was known of a stream before this snapshot of it. */
const withoutThis = (sources: ReadonlyMap<string, SourceRecord>, { outcome }: OutboxRow) =>
  new Map([...sources].filter(([, known]) => outcome.status !== "COMMITTED" || known.version !== outcome.version))

/** What a snapshot changes in each view over its aggregate; views that have seen it, or a newer one, are left out. */
export function viewChanges(
  app: App,
  decided: Pick<Decided, "stream" | "state" | "info" | "decidedAt"> & Pick<OutboxRow, "outcome">,
  sources: ReadonlyMap<string, SourceRecord>,
): readonly ViewChange[] {
  const aggregate = aggregateNamed(app, parseStream(decided.stream).aggregate)?.aggregate
  const { outcome } = decided
  if (aggregate === undefined || outcome.status !== "COMMITTED" || outcome.version === 0) return []
  const { stream, state, decidedAt } = decided
  const snapshot = { stream, version: outcome.version, state, time: decided.info.time, at: decidedAt }
  return viewsOf(app, aggregate).flatMap(view => {
    const known = sources.get(storedName(view))
    if (known !== undefined && known.version >= outcome.version) return []
    return [changeTo(view, aggregate, snapshot, known)]
  })
}

/** A stream's state after an event, as its views take it. */
export interface Snapshot {
  readonly stream: string
  /** 0: nothing has happened, so there are no rows. */
  readonly version: number
  readonly state: unknown
  /** ISO time of the event. */
  readonly time: string
  /** ISO time that tells the newest holder of a unique value. */
  readonly at: string
}

/** What brings a view from what it knows of a stream to a snapshot of it. */
export function changeTo(
  view: AnyView,
  aggregate: AnyAggregate,
  { stream, version, state, time, at }: Snapshot,
  known?: SourceRecord,
): ViewChange {
  const { tenant, id } = parseStream(stream)
  const rows = view.from
    .filter(source => source.of === aggregate && version > 0)
    .flatMap(source => source.rows(state as never, { tenant, id, version, time })) as Readonly<
    Record<string, unknown>
  >[]
  const puts = rows.flatMap(row => storedRows(view, row, aggregate.name, stream, version, at))
  return changeOf(view, stream, version, puts, known)
}

/** Views with rows from this aggregate. */
export const viewsOf = (app: App, aggregate: AnyAggregate): readonly AnyView[] =>
  viewsIn(app).filter(view => view.from.some(source => source.of === aggregate))

function storedRows(
  view: AnyView,
  row: Readonly<Record<string, unknown>>,
  aggregate: string,
  source: string,
  version: number,
  at: string,
): readonly StoredRow[] {
  const partition = Object.fromEntries(view.partition.map(field => [field, row[field]]))
  return [
    { ...rowKey(view, row, aggregate), row, source, version, indexes: indexKeys(view, row, aggregate) },
    ...uniqueKeys(view, row, source).map(key => ({ ...key, row: partition, source, version, at })),
  ]
}

const sameKey = (a: RowKey) => (b: RowKey) => a.partition === b.partition && a.sort === b.sort
const keyOf = ({ partition, sort }: RowKey): RowKey => ({ partition, sort })

function changeOf(
  view: AnyView,
  stream: string,
  version: number,
  puts: readonly StoredRow[],
  known?: SourceRecord,
): ViewChange {
  const gone = (known?.keys ?? []).filter(key => !puts.some(sameKey(key)))
  const tombstones = gone
    .filter(key => key.sort === ".")
    .map((key): StoredRow => ({ ...key, row: null, source: stream, version }))
  return {
    stream,
    view: storedName(view),
    version,
    puts: [...puts, ...tombstones],
    deletes: gone.filter(key => key.sort !== "."),
    keys: puts.map(keyOf),
    expected: known?.version ?? 0,
  }
}

function receiptMove({ stream, info, outcome, misuse }: OutboxRow, at: string): ReceiptMove {
  const base = {
    commandId: info.commandId,
    actor: info.actor.id,
    tenant: info.tenant,
    traceId: info.traceId,
    aggregateId: parseStream(stream).id,
    at,
    acceptedAt: info.time,
    ...(misuse ? { misuse } : {}),
  }
  if (outcome.status === "COMMITTED") return { ...base, status: "PROJECTED", version: outcome.version }
  if (outcome.status !== "REJECTED") return { ...base, status: outcome.status, reason: outcome.reason }
  return { ...base, status: "REJECTED", version: outcome.version, rejection: outcome.rejection }
}

/** One step for all views: they are written together. */
const viewStep = (
  { stream, info, events, outcome }: OutboxRow,
  changes: readonly ViewChange[],
  at: string,
): TraceStep => ({
  traceId: info.traceId,
  step: "view",
  causeId: events.at(-1)?.info.id ?? info.id,
  component: changes.map(({ view }) => view).join(", "),
  at,
  commandId: info.commandId,
  stream,
  version: outcome.status === "COMMITTED" ? outcome.version : 0,
  message: `${count(changes, ({ puts }) => puts)} written, ${count(changes, ({ deletes }) => deletes)} removed`,
})

const count = (changes: readonly ViewChange[], rows: (change: ViewChange) => readonly unknown[]) =>
  changes.reduce((total, change) => total + rows(change).length, 0)

/** One notice per live view and scope: a client reads again from the version that it has. */
function noticesOf(app: App, changes: readonly ViewChange[]): readonly ViewNotice[] {
  const live = new Set(app.contexts.flatMap(context => context.views.filter(view => view.live).map(storedName)))
  return changes
    .filter(({ view }) => live.has(view))
    .flatMap(change => {
      const rows = [...change.puts, ...change.deletes].filter(({ partition }) => !partition.startsWith("unique/"))
      const scopes = new Set(rows.map(({ partition }) => partition.split("/", 1)[0] ?? ""))
      return [...scopes].map(scope => ({
        view: change.view.slice(0, change.view.lastIndexOf(".")),
        scope,
        key: change.stream,
        version: change.version,
        gone: !change.puts.some(put => put.row !== null && put.partition.startsWith(`${scope}/`)),
      }))
    })
}
