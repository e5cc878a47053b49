import { byPart, parts } from "../src/cli/cost/bill.ts"
import { dollars } from "./growth.ts"
import { figure, table } from "./report.ts"
import type { Found } from "./sections.ts"
import { verdicts } from "./verdicts.ts"

/** Everything that one run measured. */
export interface Results extends Found {
  readonly machine: string
  /** Date of the run. */
  readonly on: string
  /** Load average of the last minute before each section: above 1, its figures are those of a busy machine. */
  readonly loads: Readonly<Record<string, number>>
  /** Sections that could not be measured, and why. */
  readonly failed: readonly string[]
}

/** The results as a person reads them: how every line stands, and then the tables. */
export function markdown(results: Results): string {
  const { machine, on, loads, failed } = results
  const busy = Object.entries(loads)
    .map(([section, load]) => `${section} ${figure(load)}`)
    .join(", ")
  return [
    `Measured on ${on}: ${machine}. Load average before each section: ${busy}. Much above 1 the machine was busy with other work: compare within one section only.`,
    ...(failed.length === 0 ? [] : [`Not measured: ${failed.join("; ")}.`]),
    "### How the lines stand",
    table(
      ["line", "target", "measured", "state"],
      verdicts(results).map(({ line, target, measured, holds }) => [
        line,
        target,
        measured,
        holds ? "holds" : "**does not hold**",
      ]),
    ),
    ...Object.entries(tables).flatMap(([title, text]) => {
      const found = text(results)
      return found === undefined ? [] : [`### ${title}`, found]
    }),
  ].join("\n\n")
}

const tables: Readonly<Record<string, (results: Results) => string | undefined>> = {
  "Command path": ({ commands }) =>
    commands &&
    table(
      ["engine", "earlier events", "at once", "commands/s", "p50 ms", "p99 ms", "client CPU ms"],
      commands.map(({ engine, history, workers, rate }) => [
        engine,
        figure(history),
        String(workers),
        ...(rate === undefined
          ? ["–", "–", "–", "–"]
          : [figure(rate.perSecond), figure(rate.p50), figure(rate.p99), figure(rate.cpuMs)]),
      ]),
    ),
  "Whole path": ({ path }) => path && pathTables(path),
  Queries: ({ queries }) =>
    queries &&
    table(
      ["query", "at once", "Foldline requests/s", "p50 ms", "graphql-js + SDK requests/s", "p50 ms", "ratio"],
      queries.map(({ query, workers, foldline, bare }) => [
        query,
        String(workers),
        figure(foldline.perSecond),
        figure(foldline.p50),
        figure(bare.perSecond),
        figure(bare.p50),
        figure(foldline.perSecond / bare.perSecond),
      ]),
    ),
  Resolvers: ({ resolvers }) =>
    resolvers &&
    table(
      [`one GetItem, median of ${figure(resolvers.calls)}`, "ms"],
      [
        ["the data source alone", figure(resolvers.sourceMs)],
        ["by a unit resolver", figure(resolvers.unitMs)],
        ["by a pipeline of one function", figure(resolvers.pipelineMs)],
      ],
    ),
  "Rebuild and verify": ({ rebuild }) =>
    rebuild &&
    table(
      ["", "events", "events/s", "rows written", "RSS MB, after a third and at the end", "heap MB"],
      rebuild.map(({ what, events, eventsPerSecond, written, memory: { rssMb, heapMb } }) => [
        what,
        figure(events),
        figure(eventsPerSecond),
        figure(written),
        `${figure(rssMb.first)}, ${figure(rssMb.last)}`,
        `${figure(heapMb.first)}, ${figure(heapMb.last)}`,
      ]),
    ),
  Memory: ({ memory }) =>
    memory &&
    table(
      ["", "commands", "seconds", "RSS MB, after a third and at the end", "heap MB", "KB a command: RSS, heap"],
      (["handler", "path"] as const).map(way => {
        const { done, seconds, rssMb, heapMb, rssKbEach, heapKbEach } = memory[way]
        return [
          way === "handler" ? "the command handler with its adapters" : "the host process, functions included",
          figure(done),
          figure(seconds),
          `${figure(rssMb.first)}, ${figure(rssMb.last)}`,
          `${figure(heapMb.first)}, ${figure(heapMb.last)}`,
          `${figure(rssKbEach ?? Number.NaN)}, ${figure(heapKbEach ?? Number.NaN)}`,
        ]
      }),
    ),
  Growth: ({ growth }) =>
    growth &&
    table(
      ["", "as … grow", "sizes", "write units", "read units", "USD per million", "p50 ms", "exponents: cost, time"],
      growth.map(({ request, grows, points, slopes }) => [
        request,
        grows,
        points.map(({ size }) => figure(size)).join(", "),
        points.map(({ writeUnits }) => figure(writeUnits)).join(", "),
        points.map(({ readUnits }) => figure(readUnits)).join(", "),
        points.map(point => figure(dollars(point))).join(", "),
        points.map(({ ms }) => figure(ms)).join(", "),
        `${figure(slopes.units ?? Number.NaN)}, ${figure(slopes.ms ?? Number.NaN)}`,
      ]),
    ),
  "Start of the functions": ({ start }) =>
    start &&
    table(
      ["bundle", "KB minified", "init ms", "of the bare clients"],
      start.map(({ name, kilobytes, initMs }) => [
        name,
        figure(kilobytes),
        figure(initMs),
        `${figure(initMs / (start[0]?.initMs ?? 1))} ×`,
      ]),
    ),
  Cost: ({ cost }) => cost && costTable(cost.measured),
}

const pathTables = ({ loops, steady, booster }: NonNullable<Results["path"]>) => {
  const besides = typeof booster === "string" ? [] : booster.map(one => ({ engine: "Booster 2.10.1, local", ...one }))
  return [
    table(
      ["engine", "earlier events", "at once", "commands/s", "mutation to visible p50 ms", "p99 ms"],
      [...loops.map(one => ({ engine: "Foldline", ...one })), ...besides].map(({ engine, history, workers, rate }) => [
        engine,
        figure(history),
        String(workers),
        figure(rate.perSecond),
        figure(rate.p50),
        figure(rate.p99),
      ]),
    ),
    ...(typeof booster === "string" ? [`Booster was not measured in this run: ${booster}.`] : []),
    table(
      [
        `stage, at ${steady.perSecond} commands/s (${figure(steady.sentPerSecond)} sent) over ${figure(steady.commands)} commands`,
        "p50 ms",
        "p99 ms",
        "samples",
      ],
      steady.stages.map(({ name, p50, p99, samples }) => [
        name,
        ...(samples === 0 ? ["–", "–"] : [figure(p50), figure(p99)]),
        figure(samples),
      ]),
    ),
    table(
      ["CPU of one command", "ms"],
      steady.cpu.map(({ of, ms }) => [of, figure(ms)]),
    ),
  ].join("\n\n")
}

function costTable({ plain, watched, mix, query }: NonNullable<Results["cost"]>["measured"]): string {
  const cell = (usd: number) => (usd === 0 ? "–" : usd.toFixed(2))
  return table(
    ["USD per million", "plain command", "command in an account's life", "query"],
    [
      ...parts
        .filter(part => part !== "live push")
        .map(part => [part, cell(plain.parts[part]), cell(mix.parts[part]), cell(query.parts[part])]),
      ["**all without live push**", cell(plain.withoutPush), cell(mix.withoutPush), cell(query.withoutPush)],
      ["live push, with one watcher", cell(byPart(watched.lines)["live push"]), "", ""],
      [
        "X-Ray beside it, at 1 and at 100 requests a second",
        ...[plain, mix, query].map(
          ({ tracing }) => `${cell(tracing.atOnePerSecond)}, ${cell(tracing.atHundredPerSecond)}`,
        ),
      ],
    ],
  )
}
