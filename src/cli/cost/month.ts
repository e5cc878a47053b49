import type { Measured } from "./measure.ts"
import type { Prices } from "./prices.ts"
import { hopsOf, recorded } from "./tracing.ts"

/** The month of so many users. */
export interface Month {
  readonly users: number
  readonly commands: number
  /** Of the commands, those of an account's life; the others are plain. */
  readonly livelyCommands: number
  readonly queries: number
  /** Dollars; `perMonth` is the standing cost at list price, `storage` an upper bound for what the month adds. */
  readonly usd: {
    readonly commands: number
    readonly push: number
    readonly queries: number
    readonly storage: number
    readonly tracing: number
    readonly perMonth: number
    readonly total: number
  }
}

const secondsPerMonth = 30.4 * 24 * 3600
const commandsPerLife = 6

/** What a month costs when every user makes the assumed number of commands and queries. */
export function monthOf(users: number, { plain, mix, query, idle }: Measured, prices: Prices): Month {
  const { assumed } = prices
  const commands = users * assumed.commandsPerUser.value
  const queries = users * assumed.queriesPerUser.value
  const livelyCommands = Math.min(commands, users * assumed.livesPerUser.value * commandsPerLife)
  const requests = [
    { count: commands - livelyCommands, cost: plain },
    { count: livelyCommands, cost: mix },
  ]
  const summed = (each: (cost: typeof plain) => number) =>
    requests.reduce((sum, { count, cost }) => sum + count * each(cost), 0)
  const usd = {
    commands: summed(({ withoutPush }) => withoutPush / 1e6),
    push: summed(({ parts }) => parts["live push"] / 1e6),
    queries: (queries / 1e6) * query.total,
    storage: ((summed(writtenUnits) * 1024) / 1e9) * prices.perUnit["storage.gbMonth"].usd,
    tracing: traces([...requests, { count: queries, cost: query }], prices) * prices.perUnit["xray.trace"].usd,
    perMonth: idle.reduce((sum, standing) => sum + standing.usd, 0),
  }
  const total = Object.values(usd).reduce((sum, part) => sum + part, 0)
  return { users, commands, livelyCommands, queries, usd: { ...usd, total } }
}

/** Kilobytes written, at most: a transaction is billed twice for each. */
const writtenUnits = ({ lines }: Measured["plain"]) =>
  lines
    .filter(({ unit }) => unit === "dynamodb.writeUnit")
    .reduce((sum, { of, each }) => sum + (of.endsWith("TransactWriteItems") ? each / 2 : each), 0)

/** Traces recorded in the hours in which people work. The API of commands and queries is one place; functions are taken by kind of request. */
function traces(requests: readonly { count: number; cost: Measured["plain"] }[], prices: Prices): number {
  const seconds = secondsPerMonth * prices.assumed.busyShare.value
  const ofApi = requests.reduce((sum, { count, cost }) => sum + count * (hopsOf(cost.lines)[0] ?? 0), 0)
  const ofFunctions = requests.flatMap(({ count, cost }) =>
    hopsOf(cost.lines)
      .slice(1)
      .map(each => count * each),
  )
  return [ofApi, ...ofFunctions].reduce((sum, hops) => sum + recorded(hops, seconds, prices), 0)
}
