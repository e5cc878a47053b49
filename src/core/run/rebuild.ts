import type { Built, Estimate, Rebuild, UpkeepStore } from "../upkeep.ts"
import { aggregatesOf, builtName, builtNamed, type SweepPorts, streamsFrom, sweep, tally } from "./sweep.ts"

export interface RebuildPorts extends SweepPorts {
  readonly upkeep: UpkeepStore
}

/** What is asked of a rebuild; `next` is what goes on with one that runs. */
export interface RebuildOrder {
  readonly view: string
  /** Of a view that is not served yet. */
  readonly version?: number
  readonly action: "start" | "next" | "pause" | "resume"
  /** Report differences only. */
  readonly dryRun?: boolean
  /** Streams in this slice. */
  readonly limit?: number
}

const sliceStreams = 100
const samplesMax = 20
const start = { source: 0, shard: 0 }

/**
 * Does one slice of a rebuild, or starts, pauses or resumes it. It writes rows of the view only where they differ from a fold
 * of the events, by the same conditional writes as the live updates beside it; it publishes nothing.
 */
export async function rebuild(ports: RebuildPorts, order: RebuildOrder): Promise<Rebuild> {
  const built = builtNamed(ports.app, order.view, order.version)
  const known = await ports.upkeep.rebuild(builtName(built))
  if (order.action === "start") return begin(ports, built, order.dryRun ?? false, known)
  if (known === undefined) throw new Error(`no rebuild of ${builtName(built)} was started`)
  if (order.action === "pause") return save(ports, known.status === "DONE" ? known : { ...known, status: "PAUSED" })
  if (order.action === "resume") return save(ports, known.status === "DONE" ? known : { ...known, status: "RUNNING" })
  return known.status === "RUNNING" ? slice(ports, built, known, order.limit ?? sliceStreams) : known
}

async function begin(ports: RebuildPorts, built: Built, dryRun: boolean, known: Rebuild | undefined): Promise<Rebuild> {
  if (known !== undefined && known.status !== "DONE")
    throw new Error(`a rebuild of ${known.view} is ${known.status.toLowerCase()} already: resume it, or let it end`)
  return save(ports, {
    view: builtName(built),
    dryRun,
    status: "RUNNING",
    cursor: start,
    estimate: await estimate(ports, built),
    streams: 0,
    rows: 0,
    written: 0,
    found: {},
    samples: [],
    startedAt: ports.now(),
    updatedAt: ports.now(),
  })
}

async function slice(ports: RebuildPorts, built: Built, known: Rebuild, limit: number): Promise<Rebuild> {
  const { checked, next } = await sweep(ports, built, known.cursor ?? start, { heal: !known.dryRun, limit })
  // Somebody may have paused it meanwhile.
  const now = (await ports.upkeep.rebuild(known.view)) ?? known
  const { cursor: _, ...rest } = known
  return save(ports, {
    ...rest,
    status: next === undefined ? "DONE" : now.status,
    ...(next === undefined ? {} : { cursor: next }),
    streams: known.streams + checked.streams,
    rows: known.rows + checked.rows,
    written: known.written + checked.written,
    found: tally(checked.differences, known.found),
    samples: [...known.samples, ...checked.differences].slice(0, samplesMax),
  })
}

async function save(ports: RebuildPorts, changed: Rebuild): Promise<Rebuild> {
  const saved = { ...changed, updatedAt: ports.now() }
  await ports.upkeep.saveRebuild(saved)
  return saved
}

/** Streams that are read to know how long they are. */
const measuredMax = 20
const eventBytes = 600
const readUnitBytes = 4096
/** AWS's prices per million on-demand request units, us-east-1. */
const dollars = { read: 0.125, write: 0.625 }

/** What a rebuild of this view would cost at most: every stream is read, every row read and written. */
export async function estimate(ports: SweepPorts, built: Built): Promise<Estimate> {
  let streams = 0
  let measured = 0
  for await (const { after } of streamsFrom(ports.directory, aggregatesOf(built), start)) {
    streams++
    if (streams <= measuredMax) for await (const _ of ports.events.read(after, 1)) measured++
  }
  const each = streams === 0 ? 0 : measured / Math.min(streams, measuredMax)
  // A stream's events, its source records and a row; the row and its source record in a transaction.
  const readUnits = Math.ceil(streams * (Math.max(1, (each * eventBytes) / readUnitBytes) + 2))
  const writeUnits = streams * 4
  const cost = (readUnits * dollars.read + writeUnits * dollars.write) / 1_000_000
  return { streams, events: Math.round(streams * each), readUnits, writeUnits, dollars: Number(cost.toFixed(6)) }
}
