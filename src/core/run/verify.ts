import { directoryShards } from "../directory.ts"
import type { Checked, Cursor, Difference } from "../upkeep.ts"
import {
  aggregatesOf,
  builtName,
  builtNamed,
  check,
  nothingChecked,
  type SweepPorts,
  sweep,
  tally,
  together,
} from "./sweep.ts"

/** What is to be verified: a slice of a sweep from `cursor` on, or `sample` streams chosen at random. */
export interface VerifyOrder {
  readonly view: string
  readonly version?: number
  readonly sample?: number
  readonly heal?: boolean
  readonly cursor?: string
  readonly limit?: number
}

/** What was found; `cursor` leads on when the sweep is not through. */
export interface Verified {
  readonly view: string
  readonly streams: number
  readonly rows: number
  readonly written: number
  readonly found: Readonly<Record<string, number>>
  readonly samples: readonly Difference[]
  readonly cursor?: string
}

const sliceStreams = 100
const samplesMax = 20

/** Compares rows with a fresh fold of their events; heals what drifted when asked. `random` gives a number from 0 to 1. */
export async function verify(
  ports: SweepPorts & { readonly random: () => number },
  order: VerifyOrder,
): Promise<Verified> {
  const built = builtNamed(ports.app, order.view, order.version)
  const options = { heal: order.heal ?? false }
  if (order.sample !== undefined) {
    let checked = nothingChecked
    for (const stream of await sampled(ports, built, order.sample)) {
      checked = together(checked, await check(ports, built, stream, options))
      if (ports.expired()) break
    }
    return report(builtName(built), checked)
  }
  const from: Cursor = order.cursor === undefined ? { source: 0, shard: 0 } : JSON.parse(order.cursor)
  const { checked, next } = await sweep(ports, built, from, { ...options, limit: order.limit ?? sliceStreams })
  return { ...report(builtName(built), checked), ...(next === undefined ? {} : { cursor: JSON.stringify(next) }) }
}

const report = (view: string, { streams, rows, written, differences }: Checked): Verified => ({
  view,
  streams,
  rows,
  written,
  found: tally(differences),
  samples: differences.slice(0, samplesMax),
})

/** Streams from parts of the directory in random order, at most an even share from each. */
async function sampled(
  ports: SweepPorts & { readonly random: () => number },
  built: Parameters<typeof aggregatesOf>[0],
  sample: number,
): Promise<readonly string[]> {
  const parts = aggregatesOf(built)
    .flatMap(({ name }) => Array.from({ length: directoryShards }, (_, shard) => ({ name, shard, at: ports.random() })))
    .sort((one, other) => one.at - other.at)
  const found: string[] = []
  for (const share of [Math.ceil(sample / parts.length), sample])
    for (const { name, shard } of parts) {
      let taken = 0
      for await (const stream of ports.directory.part(name, shard)) {
        if (found.length >= sample || taken >= share) break
        if (found.includes(stream)) continue
        found.push(stream)
        taken++
      }
    }
  return found
}
