const dateTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" })
const time = new Intl.DateTimeFormat("en", { timeStyle: "short" })
const exact = new Intl.DateTimeFormat("en", {
  dateStyle: "medium",
  timeStyle: "medium",
  hourCycle: "h23",
})

/** "Nov 21, 2026, 12:30 PM" */
export const dateTimeText = (iso: string) => dateTime.format(new Date(iso))

/** "12:45 PM" */
export const timeText = (iso: string) => time.format(new Date(iso))

/** "Nov 21, 2026, 12:30:26.015" */
export const exactTimeText = (iso: string) =>
  `${exact.format(new Date(iso))}.${String(new Date(iso).getMilliseconds()).padStart(3, "0")}`

/** "850 ms", "1.2 s", "3 min" */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}
