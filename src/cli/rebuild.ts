import { signInAs } from "./api.ts"
import { addFound, type Difference, differenceText, type Found, findings, foundText } from "./differences.ts"

export interface RebuildFlags {
  readonly viewVersion?: string
  readonly dryRun?: boolean
  readonly rate?: string
  readonly pause?: boolean
  readonly resume?: boolean
  readonly json?: boolean
}

interface Rebuild {
  readonly view: string
  readonly dryRun: boolean
  readonly status: "RUNNING" | "PAUSED" | "DONE"
  readonly estimate: { streams: number; events: number; readUnits: number; writeUnits: number; dollars: number }
  readonly streams: number
  readonly rows: number
  readonly written: number
  readonly found: Found
  readonly samples: readonly Difference[]
}

const mutation = `mutation ($view: String!, $version: Int, $action: RebuildAction!, $dryRun: Boolean, $limit: Int) {
  rebuild(view: $view, version: $version, action: $action, dryRun: $dryRun, limit: $limit) {
    view dryRun status estimate { streams events readUnits writeUnits dollars } streams rows written ${findings}
  }
}`
const sliceStreams = 100

/** Rebuilds a view while it serves, slice by slice: prints the estimate, the progress and the differences. Ended early, it can be resumed. */
export async function rebuild(view: string, flags: RebuildFlags): Promise<void> {
  const ask = await signInAs("support")
  const version = flags.viewVersion === undefined ? null : Number(flags.viewVersion)
  const order = (action: string, more: Readonly<Record<string, unknown>> = {}) =>
    ask<{ rebuild: Rebuild }>(mutation, { view, version, action, ...more }).then(answer => answer.rebuild)
  if (flags.pause) return console.log(line(await order("PAUSE")))
  const begun = flags.resume ? await order("RESUME") : await order("START", { dryRun: flags.dryRun ?? false })
  if (!flags.json) console.log(estimateText(begun))
  const ended = await follow(order, begun, flags)
  if (flags.json) return console.log(JSON.stringify(ended))
  for (const difference of ended.samples) console.log(differenceText(difference))
  if (ended.status === "PAUSED") console.log(`paused; go on with \`foldline rebuild ${view} --resume\``)
}

async function follow(
  order: (action: string, more?: Readonly<Record<string, unknown>>) => Promise<Rebuild>,
  begun: Rebuild,
  { rate, json }: RebuildFlags,
): Promise<Rebuild> {
  const perSecond = rate === undefined ? undefined : Math.max(1, Number(rate))
  let now = begun
  while (now.status === "RUNNING") {
    const started = Date.now()
    const before = now.streams
    now = await order("NEXT", { limit: Math.min(sliceStreams, perSecond ?? sliceStreams) })
    if (!json) console.log(line(now))
    const due = perSecond === undefined ? 0 : ((now.streams - before) / perSecond) * 1_000
    if (now.status === "RUNNING") await new Promise(resolve => setTimeout(resolve, due - (Date.now() - started)))
  }
  return now
}

const estimateText = ({ view, dryRun, estimate }: Rebuild) =>
  `${dryRun ? "comparing" : "rebuilding"} ${view}: ${estimate.streams} streams, about ${estimate.events} events, at most ${estimate.readUnits} read units${
    dryRun ? "" : ` and ${estimate.writeUnits} write units`
  }, $${estimate.dollars}`

const line = ({ status, streams, rows, written, found, estimate }: Rebuild) =>
  `${status.toLowerCase().padEnd(8)} ${streams}/${Math.max(streams, estimate.streams)} streams  ${rows} rows  ${written} written  ${foundText(addFound({}, found))}`
