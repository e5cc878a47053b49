import type { Line } from "./bill.ts"
import type { Prices } from "./prices.ts"

/** X-Ray's default rule records the first requests of each second and a share of the others, of the API and of each function apart. */
export function recorded(requests: number, seconds: number, { assumed }: Pick<Prices, "assumed">): number {
  const first = assumed.xrayReservoir.value * seconds
  return Math.min(requests, first + assumed.xrayShare.value * Math.max(0, requests - first))
}

/** Hops where a trace can begin, by how many a request makes: AWS passes a trace on through some of them, so this is an upper bound. */
export const hopsOf = (lines: readonly Line[]): readonly number[] => [
  lines.filter(({ unit }) => unit === "appsync.operation").reduce((sum, { each }) => sum + each, 0),
  ...lines.filter(({ unit }) => unit === "lambda.request").map(({ each }) => each),
]

/** Dollars per million requests that come evenly, so many each second. */
export const tracingPerMillion = (lines: readonly Line[], perSecond: number, prices: Prices): number =>
  hopsOf(lines).reduce((sum, each) => sum + recorded(each * 1e6, 1e6 / perSecond, prices), 0) *
  prices.perUnit["xray.trace"].usd
