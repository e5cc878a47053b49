import { type Verdict as CostVerdict, verdictsOf } from "../src/cli/cost/targets.ts"
import type { Results } from "./markdown.ts"
import { type Verdict, verdict } from "./report.ts"

/** Every line that was drawn for speed and cost, as far as it was measured. */
export function verdicts(results: Results): readonly Verdict[] {
  return [
    ...ofCommands(results),
    ...ofPath(results),
    ...ofQueries(results),
    ...ofRebuild(results),
    ...ofMemory(results),
    ...ofGrowth(results),
    ...ofStart(results),
    ...ofCost(results),
  ]
}

/** After 100,000 events or commands that is 10 MB and 100 MB. */
const kbEventMax = 0.1
const kbEachMax = 1
/** With fewer commands, the noise of the garbage collector is larger than what is looked for. */
const judgedFrom = 1_000
const exponentMax = { units: 0.05, ms: 0.2 }
const boosterRecorded = { 10: 289, 1000: 2.5 } as const

function ofCommands({ commands = [] }: Results): readonly Verdict[] {
  const rate = (engine: string, history: number, workers: number) =>
    commands.find(cell => cell.engine.startsWith(engine) && cell.history === history && cell.workers === workers)?.rate
      ?.perSecond
  const toCastore = (history: number) => ratio(rate("Foldline", history, 8), rate("Castore", history, 8))
  return [
    ...verdict("command path, to Castore at 10 earlier events, 8 at once", "≥", 0.9, toCastore(10), "×"),
    ...verdict("command path, to Castore at 1,000 earlier events, 8 at once", "≥", 12, toCastore(1_000), "×"),
    ...verdict(
      "command path, time of a command at 10,000 earlier events to that at 10, 1 at once",
      "≤",
      1.2,
      ratio(rate("Foldline", 10, 1), rate("Foldline", 10_000, 1)),
      "×",
    ),
  ]
}

const ratio = (above: number | undefined, below: number | undefined) =>
  above === undefined || below === undefined || below === 0 ? undefined : above / below

function ofPath({ path }: Results): readonly Verdict[] {
  if (path === undefined) return []
  const own = (history: number) =>
    path.loops.find(loop => loop.history === history && loop.workers === 8)?.rate.perSecond
  const booster = (history: 10 | 1_000) =>
    typeof path.booster === "string"
      ? boosterRecorded[history]
      : path.booster.find(loop => loop.history === history)?.rate.perSecond
  const beside = typeof path.booster === "string" ? "Booster's recorded rate" : "Booster"
  const visible = path.steady.stages.find(({ name }) => name.startsWith("visible"))
  return [
    ...verdict(`whole path, to ${beside} at 10 earlier events, 8 at once`, "≥", 1, ratio(own(10), booster(10)), "×"),
    ...verdict(
      `whole path, to ${beside} at 1,000 earlier events, 8 at once`,
      "≥",
      60,
      ratio(own(1_000), booster(1_000)),
      "×",
    ),
    ...verdict("mutation to visible at 50 commands/s, p50", "≤", 25, visible?.p50, "ms"),
    ...verdict("mutation to visible at 50 commands/s, p99", "≤", 100, visible?.p99, "ms"),
  ]
}

function ofQueries({ queries = [], resolvers }: Results): readonly Verdict[] {
  const names = [...new Set(queries.map(({ query }) => query))]
  return [
    ...names.flatMap(name => {
      const worst = queries
        .filter(({ query }) => query === name)
        .map(({ foldline, bare }) => bare.perSecond / foldline.perSecond)
      return verdict(`query, ${name}, to graphql-js with bare SDK calls, worst cell`, "≤", 1.3, Math.max(...worst), "×")
    }),
    ...verdict("a unit resolver adds to its data source, median", "≤", 0.2, minus(resolvers, "unitMs"), "ms"),
    ...verdict("a pipeline adds to its data source, median", "≤", 0.2, minus(resolvers, "pipelineMs"), "ms"),
  ]
}

const minus = (resolvers: Results["resolvers"], way: "unitMs" | "pipelineMs") =>
  resolvers === undefined ? undefined : resolvers[way] - resolvers.sourceMs

const ofRebuild = ({ rebuild = [] }: Results): readonly Verdict[] =>
  rebuild.flatMap(({ what, events, memory }) =>
    verdict(
      `${what}, memory over ${events.toLocaleString("en")} events, heap after warm-up`,
      "≤",
      kbEventMax,
      memory.heapKbEach,
      "KB an event",
    ),
  )

const ofMemory = ({ memory }: Results): readonly Verdict[] =>
  memory === undefined
    ? []
    : (["handler", "path"] as const).flatMap(way => {
        const { done, heapKbEach, rssKbEach } = memory[way]
        if (done < judgedFrom) return []
        const line = `${way === "handler" ? "command handler" : "whole path"}, memory over ${done.toLocaleString("en")} commands`
        return [
          ...verdict(`${line}, heap after warm-up`, "≤", kbEachMax, heapKbEach, "KB a command"),
          ...verdict(`${line}, RSS after warm-up`, "≤", kbEachMax, rssKbEach, "KB a command"),
        ]
      })

const ofGrowth = ({ growth = [] }: Results): readonly Verdict[] =>
  growth.flatMap(({ grows, request, points, slopes }) => {
    const line = `${request}, as ${grows} grow to ${(points.at(-1)?.size ?? 0).toLocaleString("en")}`
    return [
      ...verdict(`${line}, cost`, "≤", exponentMax.units, slopes.units, "exponent"),
      ...verdict(`${line}, latency`, "≤", exponentMax.ms, slopes.ms, "exponent"),
    ]
  })

function ofStart({ start = [] }: Results): readonly Verdict[] {
  const [bare] = start
  const decider = start.find(({ name }) => name === "domainBehavior")
  return [
    ...verdict("start of domain behavior, to bare SDK clients", "≤", 1.5, ratio(decider?.initMs, bare?.initMs), "×"),
    ...verdict("bundle of domain behavior, minified", "≤", 450, decider?.kilobytes, "KB"),
  ]
}

const ofCost = ({ cost }: Results): readonly CostVerdict[] =>
  cost === undefined ? [] : verdictsOf(cost.measured, cost.month)
