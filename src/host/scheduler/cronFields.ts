/** The days and times of a cron expression as AWS reads them. */
export interface CronFields {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  hasMonth(month: number): boolean
  hasYear(year: number): boolean
  hasDay(day: Day): boolean
}

export interface Day {
  readonly day: number
  readonly lastDay: number
  /** 1 = Sunday … 7 = Saturday. */
  readonly weekday: number
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

/** Reads the six fields `minutes hours day-of-month month day-of-week year`; undefined when AWS would refuse them. */
export function parseCron(text: string): CronFields | undefined {
  const parts = text.trim().split(/\s+/)
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = parts
  if (parts.length !== 6 || (dayOfMonth === "?") === (dayOfWeek === "?")) return undefined
  const minutes = numbers(minute, 0, 59)
  const hours = numbers(hour, 0, 23)
  const monthNumbers = numbers(named(month, months, 1), 1, 12)
  const years = year === "*" ? [] : numbers(year, 1970, 2199)
  const hasDay = dayOfWeek === "?" ? dayOfMonthTest(dayOfMonth) : dayOfWeekTest(named(dayOfWeek, weekdays, 1))
  if (!minutes || !hours || !monthNumbers || !years || !hasDay) return undefined
  return {
    minutes,
    hours,
    hasMonth: number => monthNumbers.includes(number),
    hasYear: number => year === "*" || years.includes(number),
    hasDay,
  }
}

function dayOfMonthTest(field: string): ((day: Day) => boolean) | undefined {
  if (field === "L") return ({ day, lastDay }) => day === lastDay
  const nearest = /^(\d{1,2}|L)W$/.exec(field)?.[1]
  if (nearest !== undefined) {
    const wanted = nearest === "L" ? 31 : Number(nearest)
    return wanted < 1 || wanted > 31 ? undefined : day => day.day === nearestWeekday(Math.min(wanted, day.lastDay), day)
  }
  const days = numbers(field, 1, 31)
  return days && (({ day }) => days.includes(day))
}

function dayOfWeekTest(field: string): ((day: Day) => boolean) | undefined {
  const nth = /^([1-7])#([1-5])$/.exec(field)
  if (nth) return ({ day, weekday }) => weekday === Number(nth[1]) && Math.ceil(day / 7) === Number(nth[2])
  if (field === "L") return ({ weekday }) => weekday === 7
  const last = /^([1-7])L$/.exec(field)
  if (last) return ({ day, lastDay, weekday }) => weekday === Number(last[1]) && day > lastDay - 7
  const days = numbers(field, 1, 7)
  return days && (({ weekday }) => days.includes(weekday))
}

/** The weekday (Monday to Friday) nearest to a day, inside its month. */
function nearestWeekday(wanted: number, { day, weekday, lastDay }: Day): number {
  const wantedWeekday = ((((weekday - 1 + wanted - day) % 7) + 7) % 7) + 1
  if (wantedWeekday === 7) return wanted === 1 ? 3 : wanted - 1
  if (wantedWeekday === 1) return wanted === lastDay ? wanted - 2 : wanted + 1
  return wanted
}

function named(field: string, names: readonly string[], first: number): string {
  return field.replace(/[A-Z]{3}/gi, name => {
    const at = names.indexOf(name.toUpperCase())
    return at < 0 ? name : String(at + first)
  })
}

/** Expands `*`, `a`, `a-b`, `a/n`, `a-b/n` and lists of them; undefined when it is none of these. */
function numbers(field: string, min: number, max: number): number[] | undefined {
  const found = new Set<number>()
  for (const part of field.split(",")) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part)
    if (!match) return undefined
    const [, from, to, step] = match
    const start = from === undefined ? min : Number(from)
    const end = to !== undefined ? Number(to) : from === undefined || step !== undefined ? max : start
    const by = step === undefined ? 1 : Number(step)
    if (start < min || end > max || by < 1) return undefined
    // A range that turns over its end (22-2) goes round.
    const span = end >= start ? end - start : end + (max - min + 1) - start
    for (let offset = 0; offset <= span; offset += by) found.add(min + ((start - min + offset) % (max - min + 1)))
  }
  return [...found].sort((a, b) => a - b)
}
