import { z } from "zod"
import { member, onEvent, projection } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { indexEvents, searchIndex } from "../indexes/index.ts"
import { type Size, unitsOf } from "./prices.ts"

const hours = z.record(z.string(), z.number())
/** Hours of units by month and component, and what runs since when. */
const Usage = z.object({
  months: z.record(z.string(), hours),
  running: z.object({ since: z.string(), units: hours }).nullable(),
})
export type Usage = z.output<typeof Usage>

export const usageRow = z.object({
  accountId: AccountId,
  indexes: z.record(z.string(), Usage).meta({ graphql: "AWSJSON" }),
})
type Row = z.output<typeof usageRow>

const hourMs = 3_600_000
const monthOf = (time: string) => time.slice(0, 7)

/** First moment of the month after the one of `time`. */
export function nextMonth(time: string): string {
  const [year = 0, month = 0] = time.split("-").map(Number)
  return new Date(Date.UTC(year, month, 1)).toISOString()
}

/** The usage up to `until`, each month by itself. */
export function accrued({ months, running }: Usage, until: string): Usage {
  if (running === null || until <= running.since) return { months, running }
  const end = nextMonth(running.since) < until ? nextMonth(running.since) : until
  const spent = (Date.parse(end) - Date.parse(running.since)) / hourMs
  const month = monthOf(running.since)
  const before = months[month] ?? {}
  const after = Object.fromEntries(
    Object.entries(running.units).map(([component, units]) => [component, (before[component] ?? 0) + units * spent]),
  )
  return accrued(
    { months: { ...months, [month]: { ...before, ...after } }, running: { ...running, since: end } },
    until,
  )
}

const unused: Usage = { months: {}, running: null }

const changed = (row: Row, name: string, time: string, size: Size | undefined): Row => ({
  ...row,
  indexes: {
    ...row.indexes,
    [name]: {
      ...accrued(row.indexes[name] ?? unused, time),
      running: size === undefined ? null : { since: time, units: unitsOf(size) },
    },
  },
})

export const indexUsage = projection({
  name: "indexUsage",
  description: "For how long did each index of an account use what?",
  type: "IndexUsage",
  row: usageRow,
  partition: ["accountId"],
  authorize: member("viewer"),
  initial: { indexes: {} },
  key: ({ tenant }) => ({ accountId: tenant }),
  from: [
    {
      of: searchIndex,
      on: {
        ...onEvent(indexEvents.IndexProvisioned, (row: Row, { indexName, settings }, { time }) =>
          changed(row, indexName, time, settings),
        ),
        ...onEvent(indexEvents.IndexModified, (row: Row, { indexName, settings }, { time }) =>
          changed(row, indexName, time, settings),
        ),
        ...onEvent(indexEvents.IndexDeleted, (row: Row, { indexName }, { time }) =>
          changed(row, indexName, time, undefined),
        ),
      },
    },
  ],
})
