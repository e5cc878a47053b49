import { type CronFields, parseCron } from "./cronFields.ts"
import { parseTimeZone, type TimeZone } from "./timeZone.ts"

/** When a schedule is due. Times are milliseconds since the epoch. */
export interface ScheduleExpression {
  readonly kind: "at" | "rate" | "cron"
  /** The first due time after `after`; `anchor` is the first due time of a rate. Undefined when there is none. */
  next(after: number, anchor: number): number | undefined
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const unitMs: Record<string, number> = { minute: minuteMs, hour: hourMs, day: dayMs }
/** A local time this long before the present one is surely past, also where the clock is turned back. */
const clockChangeMaxMs = 3 * hourMs
const daysSearchedMax = 366 * 30

/** Reads `at(…)`, `rate(…)` or `cron(…)` in a time zone; undefined when AWS would refuse it. */
export function parseScheduleExpression(text: string, zone = "UTC"): ScheduleExpression | undefined {
  const [, kind, inner = ""] = /^(at|rate|cron)\((.*)\)$/.exec(text.trim()) ?? []
  const timeZone = parseTimeZone(zone)
  if (!timeZone) return undefined
  if (kind === "at") return parseAt(inner, timeZone)
  if (kind === "rate") return parseRate(inner)
  return kind === "cron" ? cronExpression(parseCron(inner), timeZone) : undefined
}

function parseAt(inner: string, zone: TimeZone): ScheduleExpression | undefined {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) ? Date.parse(`${inner}Z`) : Number.NaN
  if (Number.isNaN(local)) return undefined
  const due = zone.toEpoch(local) ?? zone.toEpoch(local + hourMs) ?? local
  return { kind: "at", next: after => (due > after ? due : undefined) }
}

function parseRate(inner: string): ScheduleExpression | undefined {
  const [, digits, unit, plural] = /^(\d+)\s+(minute|hour|day)(s?)$/.exec(inner.trim()) ?? []
  const value = Number(digits)
  const every = value * (unitMs[unit ?? ""] ?? Number.NaN)
  if (!(every > 0) || (value === 1) !== (plural === "")) return undefined
  const steps = (after: number, anchor: number) => Math.max(0, Math.floor((after - anchor) / every) + 1)
  return { kind: "rate", next: (after, anchor) => anchor + steps(after, anchor) * every }
}

function cronExpression(cron: CronFields | undefined, zone: TimeZone): ScheduleExpression | undefined {
  return cron && { kind: "cron", next: after => nextOfCron(cron, zone, after) }
}

function nextOfCron(cron: CronFields, zone: TimeZone, after: number): number | undefined {
  const localNow = zone.toLocal(after)
  const today = Math.floor(localNow / dayMs) * dayMs
  for (let day = today; day < today + daysSearchedMax * dayMs; day += dayMs) {
    if (!matchesDate(cron, new Date(day))) continue
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const local = day + hour * hourMs + minute * minuteMs
        if (local < localNow - clockChangeMaxMs) continue
        const due = zone.toEpoch(local)
        if (due !== undefined && due > after) return due
      }
    }
  }
  return undefined
}

function matchesDate(cron: CronFields, date: Date): boolean {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return cron.hasYear(year) && cron.hasMonth(month) && cron.hasDay({ day, lastDay, weekday: date.getUTCDay() + 1 })
}
