import "@js-joda/timezone"
import { Instant, LocalDate, LocalDateTime, LocalTime, ZonedDateTime, ZoneId } from "@js-joda/core"
import { type CronFields, parseCron } from "./cronFields.ts"

/** When a schedule is due. Times are milliseconds since the epoch. */
export interface ScheduleExpression {
  readonly kind: "at" | "rate" | "cron"
  /** The first due time after `after`; `anchor` is the first due time of a rate. Undefined when there is none. */
  next(after: number, anchor: number): number | undefined
}

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const daysSearchedMax = 366 * 30

/** Reads `at(…)`, `rate(…)` or `cron(…)` in a time zone; undefined when AWS would refuse it. */
export function parseScheduleExpression(text: string, zone = "UTC"): ScheduleExpression | undefined {
  const [, kind, inner = ""] = /^(at|rate|cron)\((.*)\)$/.exec(text.trim()) ?? []
  const zoneId = parseZone(zone)
  if (!zoneId) return undefined
  if (kind === "at") return parseAt(inner, zoneId)
  if (kind === "rate") return parseRate(inner)
  return kind === "cron" ? cronExpression(parseCron(inner), zoneId) : undefined
}

/** Is this the name of a time zone that schedules accept? */
export function isTimeZone(zone: string): boolean {
  return parseZone(zone) !== undefined
}

function parseZone(zone: string): ZoneId | undefined {
  try {
    return ZoneId.of(zone)
  } catch {
    return undefined
  }
}

function parseAt(inner: string, zone: ZoneId): ScheduleExpression | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner)) return undefined
  try {
    const due = ZonedDateTime.of(LocalDateTime.parse(inner), zone).toInstant().toEpochMilli()
    return { kind: "at", next: after => (due > after ? due : undefined) }
  } catch {
    return undefined
  }
}

function parseRate(inner: string): ScheduleExpression | undefined {
  const [, digits, unit, plural] = /^(\d+)\s+(minute|hour|day)(s?)$/.exec(inner.trim()) ?? []
  const value = Number(digits)
  const every = value * (unitMs[unit ?? ""] ?? Number.NaN)
  if (!(every > 0) || (value === 1) !== (plural === "")) return undefined
  return {
    kind: "rate",
    next: (after, anchor) => anchor + Math.max(0, Math.floor((after - anchor) / every) + 1) * every,
  }
}

function cronExpression(cron: CronFields | undefined, zone: ZoneId): ScheduleExpression | undefined {
  return cron && { kind: "cron", next: after => nextOfCron(cron, zone, after) }
}

function nextOfCron(cron: CronFields, zone: ZoneId, after: number): number | undefined {
  let date = LocalDate.ofInstant(Instant.ofEpochMilli(Math.floor(after)), zone)
  for (let days = 0; days < daysSearchedMax; days++, date = date.plusDays(1)) {
    if (!matchesDate(cron, date)) continue
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const due = epochOf(date.atTime(LocalTime.of(hour, minute)), zone)
        if (due !== undefined && due > after) return due
      }
    }
  }
  return undefined
}

function matchesDate(cron: CronFields, date: LocalDate): boolean {
  const weekday = (date.dayOfWeek().value() % 7) + 1
  return (
    cron.hasYear(date.year()) &&
    cron.hasMonth(date.monthValue()) &&
    cron.hasDay({ day: date.dayOfMonth(), lastDay: date.lengthOfMonth(), weekday })
  )
}

/** A local time that the clock skips in spring has no epoch; one that it repeats in autumn counts once. */
function epochOf(local: LocalDateTime, zone: ZoneId): number | undefined {
  const zoned = ZonedDateTime.of(local, zone)
  return zoned.toLocalDateTime().equals(local) ? zoned.toInstant().toEpochMilli() : undefined
}
