import type { Cell } from "./commandPath.ts"
import type { QueryCell } from "./queries.ts"
import { figure, table } from "./report.ts"
import type { Bundle } from "./start.ts"
import type { WholePath } from "./wholePath.ts"

/** Everything that one run measured. */
export interface Results {
  readonly machine: string
  /** Date of the run. */
  readonly on: string
  /** Load average of the last minute before each section: above 1, its figures are those of a busy machine. */
  readonly loads: Readonly<Record<string, number>>
  readonly commands?: readonly Cell[]
  readonly path?: WholePath
  readonly queries?: readonly QueryCell[]
  readonly start?: readonly Bundle[]
}

/** The results as a person reads them. */
export function markdown({ machine, on, loads, commands, path, queries, start }: Results): string {
  return [
    `Measured on ${on}: ${machine}. Load average before each section: ${Object.entries(loads)
      .map(([section, load]) => `${section} ${figure(load)}`)
      .join(", ")}. Above 1 the machine was busy with other work: compare within one section only.`,
    ...(commands === undefined ? [] : ["### Command path", commandTable(commands), ...ratios(commands)]),
    ...(path === undefined ? [] : ["### Whole path", pathTable(path)]),
    ...(queries === undefined ? [] : ["### Queries", queryTable(queries)]),
    ...(start === undefined ? [] : ["### Start of the functions", startTable(start)]),
  ].join("\n\n")
}

const commandTable = (cells: readonly Cell[]) =>
  table(
    ["engine", "earlier events", "at once", "commands/s", "p50 ms", "p99 ms", "client CPU ms"],
    cells.map(({ engine, history, workers, rate }) => [
      engine,
      figure(history),
      String(workers),
      ...(rate === undefined
        ? ["–", "–", "–", "–"]
        : [figure(rate.perSecond), figure(rate.p50), figure(rate.p99), figure(rate.cpuMs)]),
    ]),
  )

/** The issue's lines, from the same run. */
function ratios(cells: readonly Cell[]): readonly string[] {
  const rate = (engine: string, history: number, workers: number) =>
    cells.find(cell => cell.engine.startsWith(engine) && cell.history === history && cell.workers === workers)?.rate
      ?.perSecond
  const ratio = (above: number | undefined, below: number | undefined, of: string) =>
    above === undefined || below === undefined ? [] : [`- ${of}: ${figure(above / below)} ×`]
  const lines = [
    ...ratio(rate("Foldline", 10, 8), rate("Castore", 10, 8), "Foldline to Castore at 10 earlier events, 8 at once"),
    ...ratio(
      rate("Foldline", 1_000, 8),
      rate("Castore", 1_000, 8),
      "Foldline to Castore at 1,000 earlier events, 8 at once",
    ),
    ...ratio(
      rate("Foldline", 10_000, 1),
      rate("Foldline", 10, 1),
      "Foldline at 10,000 to Foldline at 10 earlier events, 1 at once",
    ),
  ]
  return lines.length === 0 ? [] : [lines.join("\n")]
}

const pathTable = ({ loops, steady }: WholePath) =>
  [
    table(
      ["at once", "commands/s", "mutation to visible p50 ms", "p99 ms", "CPU ms, all of host and client"],
      loops.map(({ workers, rate }) => [
        String(workers),
        figure(rate.perSecond),
        figure(rate.p50),
        figure(rate.p99),
        figure(rate.cpuMs),
      ]),
    ),
    table(
      [`stage, at ${steady.perSecond} commands/s over ${figure(steady.commands)} commands`, "p50 ms", "p99 ms"],
      steady.stages.map(({ name, p50, p99 }) => [name, figure(p50), figure(p99)]),
    ),
  ].join("\n\n")

const queryTable = (cells: readonly QueryCell[]) =>
  table(
    ["query", "at once", "Foldline requests/s", "p50 ms", "graphql-js + SDK requests/s", "p50 ms", "ratio"],
    cells.map(({ query, workers, foldline, bare }) => [
      query,
      String(workers),
      figure(foldline.perSecond),
      figure(foldline.p50),
      figure(bare.perSecond),
      figure(bare.p50),
      figure(foldline.perSecond / bare.perSecond),
    ]),
  )

const startTable = (bundles: readonly Bundle[]) =>
  table(
    ["bundle", "KB minified", "init ms", "of the bare clients"],
    bundles.map(({ name, kilobytes, initMs }) => [
      name,
      figure(kilobytes),
      figure(initMs),
      `${figure(initMs / (bundles[0]?.initMs ?? 1))} ×`,
    ]),
  )
