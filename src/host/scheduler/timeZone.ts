/** Local wall-clock times of a time zone; a local time is written as the epoch milliseconds that it would be in UTC. */
export interface TimeZone {
  toLocal(epochMs: number): number
  /** Undefined for a time that the clock skips in spring; the first of the two that it repeats in autumn. */
  toEpoch(localMs: number): number | undefined
}

const dayMs = 86_400_000
const utc: TimeZone = { toLocal: epochMs => epochMs, toEpoch: localMs => localMs }

/** The time zone of an IANA name; undefined when there is none. */
export function parseTimeZone(name: string): TimeZone | undefined {
  if (name === "UTC") return utc
  const format = formatFor(name)
  if (!format) return undefined

  const toLocal = (epochMs: number): number => {
    const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second)
  }
  const offsetAt = (epochMs: number) => toLocal(epochMs) - Math.floor(epochMs / 1_000) * 1_000

  return {
    toLocal,
    toEpoch: localMs => {
      const offsets = [offsetAt(localMs - dayMs), offsetAt(localMs + dayMs)]
      const epochs = offsets.map(offset => localMs - offset).filter(epochMs => toLocal(epochMs) === localMs)
      return epochs.length === 0 ? undefined : Math.min(...epochs)
    },
  }
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  const numeric = "numeric" as const
  const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric }
  try {
    return new Intl.DateTimeFormat("en-US", { ...fields, hourCycle: "h23", timeZone })
  } catch {
    return undefined
  }
}
