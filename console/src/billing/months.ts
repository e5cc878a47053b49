const monthsShown = 6
const monthName = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" })

/** "November 2026", of "2026-11". */
export const monthText = (month: string) => monthName.format(new Date(`${month}-01T00:00:00Z`))

/** The current month and some before it, newest first; months are those of UTC, in which use is counted. */
export function latestMonths(now: Date): readonly string[] {
  return Array.from({ length: monthsShown }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  )
}
