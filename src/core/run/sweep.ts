import type { AnyAggregate } from "../aggregate.ts"
import { type Directory, directoryShards } from "../directory.ts"
import { type App, projectionsIn, viewsIn } from "../manifest.ts"
import type { Built, Checked, Cursor, Difference } from "../upkeep.ts"
import { storedName } from "../view.ts"
import { type CheckProjectionPorts, checkProjection, rowOf } from "./checkProjection.ts"
import { type CheckOptions, checkView } from "./checkView.ts"

export interface SweepPorts extends CheckProjectionPorts {
  /** Is the time of this slice over? */
  readonly expired: () => boolean
}

/** The view or projection of this name; without a version the one that is served. Throws when there is none. */
export function builtNamed(app: App, name: string, version?: number): Built {
  const [views, projections] = [viewsIn(app), projectionsIn(app)]
  const fits = (of: { name: string; version?: number }) =>
    of.name === name && (version === undefined || (of.version ?? 1) === version)
  const [view, projection] = [views.find(fits), projections.find(fits)]
  if (view !== undefined) return { kind: "view", view }
  if (projection !== undefined) return { kind: "projection", projection }
  const known = [...views, ...projections].map(of => (version === undefined ? of.name : storedName(of)))
  throw new Error(
    `there is no view ${name}${version === undefined ? "" : ` of version ${version}`}; there are ${known.join(", ")}`,
  )
}

export const builtName = (built: Built) => storedName(built.kind === "view" ? built.view : built.projection)

/** Aggregates that it is made from. */
export const aggregatesOf = (built: Built) => [
  ...new Set((built.kind === "view" ? built.view : built.projection).from.map(({ of }) => of)),
]

/** Checks what a view or projection holds of one stream. */
export function check(ports: SweepPorts, built: Built, stream: string, options: CheckOptions): Promise<Checked> {
  if (built.kind === "projection") return checkProjection(ports, built.projection, stream, options)
  const aggregate = aggregatesOf(built).find(({ name }) => name === stream.split("/")[1])
  if (aggregate === undefined) throw new Error(`${builtName(built)} is not made from ${stream}`)
  return checkView(ports, built.view, aggregate, stream, options)
}

export const nothingChecked: Checked = { streams: 0, rows: 0, written: 0, differences: [] }

export const together = (one: Checked, other: Checked): Checked => ({
  streams: one.streams + other.streams,
  rows: one.rows + other.rows,
  written: one.written + other.written,
  differences: [...one.differences, ...other.differences],
})

/** Checks at most `limit` streams from where the cursor stands; without a next cursor the sweep is through. */
export async function sweep(
  ports: SweepPorts,
  built: Built,
  from: Cursor,
  { limit, ...options }: CheckOptions & { readonly limit: number },
): Promise<{ readonly checked: Checked; readonly next?: Cursor }> {
  let checked = nothingChecked
  let visited = 0
  const rows = new Set<string>()
  for await (const at of streamsFrom(ports.directory, aggregatesOf(built), from)) {
    const row = built.kind === "projection" ? rowOf(built.projection, at.after).key.partition : at.after
    if (!rows.has(row)) checked = together(checked, { ...(await check(ports, built, at.after, options)), streams: 0 })
    rows.add(row)
    visited++
    if (visited >= limit || ports.expired()) return { checked: { ...checked, streams: visited }, next: at }
  }
  return { checked: { ...checked, streams: visited } }
}

/** Every stream of some aggregates from a cursor on, each with the cursor that leads past it. */
export async function* streamsFrom(
  directory: Pick<Directory, "part">,
  aggregates: readonly AnyAggregate[],
  from: Cursor,
): AsyncIterable<Cursor & { readonly after: string }> {
  for (const [source, { name }] of aggregates.entries())
    for (let shard = 0; shard < directoryShards; shard++) {
      if (source < from.source || (source === from.source && shard < from.shard)) continue
      const after = source === from.source && shard === from.shard ? from.after : undefined
      for await (const stream of directory.part(name, shard, after)) yield { source, shard, after: stream }
    }
}

/** Differences by kind. */
export function tally(differences: readonly Difference[], sofar: Readonly<Record<string, number>> = {}) {
  const found: Record<string, number> = { ...sofar }
  for (const { kind } of differences) found[kind] = (found[kind] ?? 0) + 1
  return found
}
