import { parts } from "./bill.ts"
import type { Measured, RequestCost } from "./measure.ts"
import type { Prices } from "./prices.ts"

/** The month of so many users. */
export interface Month {
  readonly users: number
  readonly commands: number
  readonly queries: number
  /** Dollars; `perMonth` is the standing cost at list price, `storage` an upper bound for what the month adds. */
  readonly usd: {
    commands: number
    push: number
    queries: number
    storage: number
    tracing: number
    perMonth: number
    total: number
  }
}

/** What a month costs when every user makes the assumed number of commands of the mix, and of queries. */
export function monthOf(users: number, { mix, query, idle }: Measured, prices: Prices): Month {
  const commands = users * prices.assumed.commandsPerUser.value
  const queries = users * prices.assumed.queriesPerUser.value
  const written = mix.lines.filter(({ unit }) => unit === "dynamodb.writeUnit").reduce((sum, { each }) => sum + each, 0)
  const usd = {
    commands: (commands / 1e6) * mix.withoutPush,
    push: (commands / 1e6) * mix.parts["live push"],
    queries: (queries / 1e6) * query.total,
    storage: ((written * commands * 1024) / 1e9) * prices.perUnit["storage.gbMonth"].usd,
    tracing: tracesOf(commands, queries, mix) * prices.perUnit["xray.trace"].usd,
    perMonth: idle.reduce((sum, standing) => sum + standing.usd, 0),
  }
  return { users, commands, queries, usd: { ...usd, total: Object.values(usd).reduce((sum, part) => sum + part, 0) } }
}

const secondsPerMonth = 30.4 * 24 * 3600
const sampledShare = 0.05

/** X-Ray records the first request of each second and a share of the others, of the API and of each function [X-Ray's default rule]. */
const sampled = (requests: number) =>
  Math.min(requests, secondsPerMonth + sampledShare * Math.max(0, requests - secondsPerMonth))

/** At most so many traces, when requests come evenly over the month and each hop begins a trace of its own. */
function tracesOf(commands: number, queries: number, { lines }: RequestCost): number {
  const each = (unit: string) => lines.filter(line => line.unit === unit).map(line => line.each * commands)
  const operations = each("appsync.operation").reduce((sum, count) => sum + count, queries)
  return [operations, ...each("lambda.request")].reduce((sum, count) => sum + sampled(count), 0)
}

const money = (usd: number) => usd.toFixed(2).padStart(9)

/** The report for people, line by line. */
export function report(measured: Measured, month: Month, prices: Prices): readonly string[] {
  const { plain, mix, query, idle } = measured
  return [
    `USD per million at list prices of ${prices.region}, ${prices.asOf}. ${prices.note}`,
    "",
    ...table("a plain command (one event, one view)", plain),
    ...table("a command of the mix (automations and mails included)", mix),
    ...table("a query", query),
    "an idle month                                        list   after free allowances",
    ...idle.map(
      ({ of, count, usd, usdAfterFree }) => `  ${`${count} × ${of}`.padEnd(46)}${money(usd)}${money(usdAfterFree)}`,
    ),
    "",
    `a month of ${month.users} users: ${month.commands.toLocaleString("en")} commands, ${month.queries.toLocaleString("en")} queries`,
    ...Object.entries(month.usd).map(([of, usd]) => `  ${of.padEnd(46)}${money(usd)}`),
  ]
}

function table(title: string, cost: RequestCost): readonly string[] {
  return [
    `${title}, ${cost.requests} measured`,
    ...parts
      .filter(part => cost.parts[part] > 0)
      .flatMap(part => [
        `  ${part.padEnd(46)}${money(cost.parts[part])}`,
        ...cost.lines
          .filter(line => line.part === part && line.usdPerMillion >= 0.005)
          .map(
            ({ of, unit, each, usdPerMillion }) =>
              `    ${of.padEnd(44)}${money(usdPerMillion)}   ${Number(each.toPrecision(3))} ${unit}`,
          ),
      ]),
    `  ${"all without live push".padEnd(46)}${money(cost.withoutPush)}`,
    `  ${"X-Ray, at most, as tracing is on".padEnd(46)}${money(cost.tracing)}`,
    "",
  ]
}
