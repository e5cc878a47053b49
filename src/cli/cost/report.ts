import { type Part, parts } from "./bill.ts"
import type { Measured, RequestCost } from "./measure.ts"
import type { Month } from "./month.ts"
import type { Prices } from "./prices.ts"
import type { Verdict } from "./targets.ts"

const money = (usd: number) => usd.toFixed(2).padStart(9)
const count = (value: number) => value.toLocaleString("en")

/** The report for people, line by line. */
export function report(
  { plain, watched, mix, query, idle }: Measured,
  month: Month,
  verdicts: readonly Verdict[],
  prices: Prices,
): readonly string[] {
  return [
    `USD per million at list prices of ${prices.region}, ${prices.asOf}. ${prices.note}`,
    "",
    ...table("a plain command (one event of one aggregate)", plain),
    `live push, for a plain command whose account one client watches, ${watched.requests} measured`,
    ...linesOf(watched, "live push"),
    `  ${"all of it".padEnd(46)}${money(watched.parts["live push"])}`,
    "",
    ...table("a command in the life of an account (automations and mails included)", mix),
    ...table("a query", query),
    "an idle month                                        list   after free allowances",
    ...idle.map(
      ({ of, count, usd, usdAfterFree }) => `  ${`${count} × ${of}`.padEnd(46)}${money(usd)}${money(usdAfterFree)}`,
    ),
    "",
    `a month of ${month.users} users: ${count(month.commands)} commands, ${count(month.livelyCommands)} of them in the life of an account, and ${count(month.queries)} queries`,
    ...Object.entries(month.usd).map(([of, usd]) => `  ${of.padEnd(46)}${money(usd)}`),
    "",
    "free each month in every account, not subtracted",
    ...Object.entries(prices.perUnit)
      .filter(([, { free }]) => free > 0)
      .map(([unit, { free }]) => `  ${unit.padEnd(36)}${count(free).padStart(12)}`),
    "",
    ...verdicts.map(verdictText),
  ]
}

/** One verdict as a line. */
export const verdictText = ({ line, target, measured, holds }: Verdict): string =>
  `${holds ? "holds        " : "does not hold"}  ${line}: ${measured}, target ${target}`

function table(title: string, cost: RequestCost): readonly string[] {
  return [
    `${title}, ${cost.requests} measured`,
    ...parts
      .filter(part => cost.parts[part] > 0)
      .flatMap(part => [`  ${part.padEnd(46)}${money(cost.parts[part])}`, ...linesOf(cost, part)]),
    `  ${"all without live push".padEnd(46)}${money(cost.withoutPush)}`,
    `  ${"beside it X-Ray, at one request a second".padEnd(46)}${money(cost.tracing.atOnePerSecond)}`,
    `  ${"beside it X-Ray, at 100 requests a second".padEnd(46)}${money(cost.tracing.atHundredPerSecond)}`,
    "",
  ]
}

const linesOf = ({ lines }: RequestCost, wanted: Part): readonly string[] =>
  lines
    .filter(({ part, usdPerMillion }) => part === wanted && usdPerMillion >= 0.005)
    .map(
      ({ of, unit, each, usdPerMillion }) =>
        `    ${of.padEnd(44)}${money(usdPerMillion)}   ${Number(each.toPrecision(3))} ${unit}`,
    )
