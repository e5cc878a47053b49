import { type StoredEvent, upcast } from "../aggregate.ts"
import { type Directory, directoryShards } from "../directory.ts"
import { canonicalJson } from "../json.ts"
import type { App } from "../manifest.ts"
import { type AnyProjection, applyEvent } from "../projection.ts"
import { parseStream } from "../stream.ts"
import type { Checked, Difference } from "../upkeep.ts"
import { partitionKey, type RowKey, storedName } from "../view.ts"
import type { CheckOptions, CheckPorts } from "./checkView.ts"
import { advance } from "./project.ts"

export interface CheckProjectionPorts extends CheckPorts {
  readonly app: App
  readonly directory: Pick<Directory, "part">
  readonly now: () => string
}

type Row = Readonly<Record<string, unknown>>

/** A stream that a row is made from: how far the row has heard of it, and what there is. */
interface Part {
  readonly stream: string
  readonly heard: number
  /** Version of the stream's last event up to `heard`. */
  readonly folded: number
  /** The newest event after that. */
  readonly newer?: StoredEvent
}

const attemptsMax = 20
/** After so many looks the directory has listed what there is. */
const listedAfterAttempts = 8
/** Room in one transaction for streams that are set back, beside the row. */
const setBackMax = 90

/** The row that a stream belongs to. */
export function rowOf(projection: AnyProjection, stream: string): { readonly keys: Row; readonly key: RowKey } {
  const { tenant, id } = parseStream(stream)
  const keys = projection.key({ tenant, id })
  return { keys, key: { partition: partitionKey(storedName(projection), projection.partition, keys), sort: "." } }
}

/**
 * Compares the projection row that a stream belongs to with a fold from scratch of every stream behind it, each as far as the
 * row has heard of it. Healed, it is written only if no event was applied meanwhile; then each stream catches up as it does live.
 */
export async function checkProjection(
  ports: CheckProjectionPorts,
  projection: AnyProjection,
  stream: string,
  { heal }: CheckOptions,
): Promise<Checked> {
  const name = storedName(projection)
  const { keys, key } = rowOf(projection, stream)
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const known = await ports.views.progress(name, key, stream)
    const { row, parts } = await foldRow(ports, projection, stream, { ...projection.initial, ...keys })
    const counted = parts.filter(({ heard }) => heard > 0).length
    // The directory is behind the store by a moment: what it does not list yet must not be lost from the row.
    if (counted !== known.streams && attempt < listedAfterAttempts) {
      await ports.pause(attempt)
      continue
    }
    const setBack = parts.filter(({ heard, folded }) => heard > folded).slice(0, setBackMax)
    const differences = compare({ name, stream, parts, counted, known, row })
    if (differences.length === 0 || !heal) {
      const { revision } = await ports.views.progress(name, key, stream)
      if (differences.length > 0 && revision !== known.revision) continue
      return { streams: parts.length, rows: known.row === undefined ? 0 : 1, written: 0, differences }
    }
    const result = await ports.views.rewrite({
      projection: name,
      key,
      row: counted === 0 ? undefined : row,
      revision: known.revision,
      streams: counted,
      setBack: setBack.map(part => ({ stream: part.stream, from: part.heard, to: part.folded })),
    })
    const done = result === "written" && parts.filter(({ heard, folded }) => heard > folded).length <= setBackMax
    if (done) {
      await catchUp(ports, projection, parts)
      return { streams: parts.length, rows: 1, written: 1, differences }
    }
    await ports.pause(attempt)
  }
  throw new Error(`the row of ${name} behind ${stream} was written ${attemptsMax} times while it was checked`)
}

const catchUp = async (ports: CheckProjectionPorts, projection: AnyProjection, parts: readonly Part[]) => {
  for (const { newer } of parts)
    if (newer !== undefined) await advance({ ...ports, track: { record: async () => {} } }, projection, newer)
}

function compare(found: {
  name: string
  stream: string
  parts: readonly Part[]
  counted: number
  known: { readonly row?: Row; readonly streams: number }
  row: Row
}): readonly Difference[] {
  const { name, stream, parts, counted, row } = found
  const known = found.known.row
  const about = { view: name, stream }
  const fields = [
    ...[...new Set([...Object.keys(known ?? {}), ...Object.keys(row)])].filter(
      field => canonicalJson(known?.[field]) !== canonicalJson(row[field]),
    ),
    ...(counted === found.known.streams ? [] : ["streams"]),
  ]
  const ahead = parts.some(({ heard, folded }) => heard > folded)
  const drift: readonly Difference[] =
    counted === 0
      ? known === undefined
        ? []
        : [{ ...about, kind: "extra" }]
      : known === undefined
        ? [{ ...about, kind: "missing" }]
        : fields.length === 0 || ahead
          ? []
          : [{ ...about, kind: "different", fields }]
  return [
    ...(ahead ? [{ ...about, kind: "ahead" as const }] : []),
    ...drift,
    ...parts
      .filter(({ newer }) => newer !== undefined)
      .map((part): Difference => ({ view: name, stream: part.stream, kind: "behind" })),
  ]
}

async function foldRow(ports: CheckProjectionPorts, projection: AnyProjection, stream: string, initial: Row) {
  let row = initial
  const parts: Part[] = []
  for await (const one of streamsBehind(ports, projection, stream)) {
    const source = projection.from.find(({ of }) => of.name === parseStream(one).aggregate)
    const heard = (await ports.views.sources(one)).get(storedName(projection))?.version ?? 0
    let part: Part = { stream: one, heard, folded: 0 }
    for await (const event of ports.events.read(one, 1)) {
      if (event.info.version > heard) {
        part = { ...part, newer: event }
        continue
      }
      part = { ...part, folded: event.info.version }
      const data = source === undefined ? undefined : upcast(source.of, event)
      if (source !== undefined && data !== undefined) row = applyEvent(source, row, event.type, data, event.info)
    }
    parts.push(part)
  }
  return { row, parts }
}

/** Every stream whose events go into the same row; those of one tenant when the key says so. The asking stream is always one. */
async function* streamsBehind(ports: CheckProjectionPorts, projection: AnyProjection, stream: string) {
  const { tenant, id } = parseStream(stream)
  const { partition } = rowOf(projection, stream).key
  const ofTenant =
    canonicalJson(projection.key({ tenant: `${tenant}-`, id })) !== canonicalJson(projection.key({ tenant, id }))
  const seen = new Set([stream])
  yield stream
  for (const aggregate of new Set(projection.from.map(({ of }) => of.name)))
    for (let shard = 0; shard < directoryShards; shard++)
      for await (const one of ports.directory.part(aggregate, shard, undefined, ofTenant ? tenant : undefined))
        if (!seen.has(one) && rowOf(projection, one).key.partition === partition) {
          seen.add(one)
          yield one
        }
}
