import { JavaException } from "../run.ts"

interface Fields {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  milli: number
  weekday: number
  offsetMs: number
  zone: string
}

/** The names of the months, from January. */
export const months = "January February March April May June July August September October November December".split(" ")
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ")
const quarters = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"]
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

const pad = (value: number, length: number): string => String(value).padStart(length, "0")

/** Splits a pattern of Java's DateTimeFormatter into runs of one letter, quoted text and everything else. */
export const tokensOf = (pattern: string): string[] => pattern.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? []

/** The text that a token stands for; undefined when it is a field. The brackets around optional parts are no text. */
export const literalOf = (token: string): string | undefined => {
  if (token === "''") return "'"
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
  return /^[A-Za-z]/.test(token) ? undefined : token.replace(/[[\]]/g, "")
}

/** The moment as text in English, such as `2018-02-06 19:01:35+0000`, for any IANA zone. Throws JavaException. */
export function formatMoment(epochMs: number, pattern: string, zone = "UTC"): string {
  const fields = fieldsOf(epochMs, zone)
  return tokensOf(pattern)
    .map(token => literalOf(token) ?? formatField(token, fields, epochMs))
    .join("")
}

function formatField(token: string, at: Fields, epochMs: number): string {
  const length = token.length
  switch (token[0]) {
    case "y":
    case "u":
      return length === 2 ? pad(at.year % 100, 2) : pad(at.year, length)
    case "M":
    case "L":
      return textOr(length, months[at.month - 1] ?? "", at.month)
    case "d":
      return pad(at.day, length)
    case "D":
      return pad(dayOfYear(at), length)
    case "G":
      return length === 4 ? "Anno Domini" : length === 5 ? "A" : "AD"
    case "Q":
    case "q":
      return quarterText(length, Math.ceil(at.month / 3))
    case "Y":
      return length === 2 ? pad(weekOf(at).year % 100, 2) : pad(weekOf(at).year, length)
    case "w":
      return pad(weekOf(at).week, length)
    case "W":
      return pad(Math.floor((at.day - 1 + ((at.weekday - at.day + 36) % 7)) / 7) + 1, length)
    case "E":
      return textOr(Math.max(length, 3), weekdays[at.weekday] ?? "", at.weekday)
    case "e":
    case "c":
      return textOr(length, weekdays[at.weekday] ?? "", at.weekday + 1)
    case "a":
      return at.hour < 12 ? "AM" : "PM"
    case "H":
      return pad(at.hour, length)
    case "k":
      return pad(at.hour || 24, length)
    case "K":
      return pad(at.hour % 12, length)
    case "h":
      return pad(at.hour % 12 || 12, length)
    case "m":
      return pad(at.minute, length)
    case "s":
      return pad(at.second, length)
    case "S":
      return pad(at.milli, 3).padEnd(length, "0").slice(0, length)
    case "A":
      return pad(((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + at.milli, length)
    case "n":
      return pad(at.milli * 1_000_000, length)
    case "N":
      return String(BigInt(((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + at.milli) * 1_000_000n).padStart(
        length,
        "0",
      )
    case "X":
    case "x":
    case "Z":
      return offsetText(token, at.offsetMs)
    case "z":
      return at.zone === "UTC" ? "UTC" : zoneName(epochMs, at.zone, length < 4 ? "short" : "long")
    case "O":
      return length === 4 ? offsetText("ZZZZ", at.offsetMs) : shortOffset(at.offsetMs)
    case "V":
      return at.zone
    default:
      throw new JavaException("java.lang.IllegalArgumentException", `Unknown pattern letter: ${token[0]}`)
  }
}

const textOr = (length: number, text: string, value: number): string => {
  if (length <= 2) return pad(value, length)
  if (length === 3) return text.slice(0, 3)
  return length === 5 ? text.slice(0, 1) : text
}

const quarterText = (length: number, quarter: number): string =>
  length === 3 ? `Q${quarter}` : length === 4 ? (quarters[quarter - 1] ?? "") : pad(quarter, length === 5 ? 1 : length)

const dayOfYear = ({ year, month, day }: Fields): number =>
  Math.floor((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / dayMs)

/** The week and its year as in the United States: weeks begin on Sunday, the first holds January 1. */
function weekOf(at: Fields): { year: number; week: number } {
  const untilNextYear = Math.floor((Date.UTC(at.year + 1, 0, 1) - Date.UTC(at.year, at.month - 1, at.day)) / dayMs)
  if (untilNextYear + at.weekday <= 6) return { year: at.year + 1, week: 1 }
  return {
    year: at.year,
    week: Math.floor((dayOfYear(at) - 1 + new Date(Date.UTC(at.year, 0, 1)).getUTCDay()) / 7) + 1,
  }
}

/** `GMT`, `GMT+8`, `GMT-3:30`. */
function shortOffset(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / minuteMs
  const rest = minutes % 60 === 0 ? "" : `:${pad(minutes % 60, 2)}`
  return offsetMs === 0 ? "GMT" : `GMT${offsetMs < 0 ? "-" : "+"}${Math.floor(minutes / 60)}${rest}`
}

function offsetText(token: string, offsetMs: number): string {
  const length = token.length
  if (offsetMs === 0 && (token.startsWith("X") || token === "ZZZZZ")) return "Z"
  if (token === "ZZZZ" && offsetMs === 0) return "GMT"
  const minutes = Math.abs(offsetMs) / minuteMs
  const sign = offsetMs < 0 ? "-" : "+"
  const hours = pad(Math.floor(minutes / 60), 2)
  const rest = pad(minutes % 60, 2)
  if (token === "ZZZZ") return `GMT${sign}${hours}:${rest}`
  if (length === 1 && !token.startsWith("Z")) return sign + hours + (rest === "00" ? "" : rest)
  const colon = token.startsWith("Z") ? length === 5 : length === 3 || length === 5
  return `${sign}${hours}${colon ? ":" : ""}${rest}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function fieldsOf(epochMs: number, zone: string): Fields {
  const offsetMs = offsetAt(epochMs, zone)
  const local = new Date(epochMs + offsetMs)
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    milli: local.getUTCMilliseconds(),
    weekday: local.getUTCDay(),
    offsetMs,
    zone,
  }
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. Throws JavaException on an unknown zone. */
export function offsetAt(epochMs: number, zone: string): number {
  const fixed = fixedOffset(zone)
  if (fixed !== undefined) return fixed
  const format = formats.get(zone) ?? offsetFormat(zone)
  formats.set(zone, format)
  const name = format.formatToParts(epochMs).find(part => part.type === "timeZoneName")?.value ?? "GMT"
  return fixedOffset(name.replace("GMT", "")) ?? 0
}

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset", hour: "numeric" })
  } catch {
    throw new JavaException("java.time.zone.ZoneRulesException", `Unknown time-zone ID: ${timeZone}`)
  }
}

/** `Z`, `UTC`, `+08:00`, `+0800`, `-03` in milliseconds; undefined when it is a region. */
function fixedOffset(text: string): number | undefined {
  if (/^(Z|UTC|GMT|)$/.test(text)) return 0
  const parts = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(text)
  if (parts === null) return undefined
  const size = Number(parts[2]) * hourMs + Number(parts[3] ?? 0) * minuteMs + Number(parts[4] ?? 0) * 1000
  return parts[1] === "-" ? -size : size
}

const zoneName = (epochMs: number, timeZone: string, timeZoneName: "short" | "long"): string =>
  new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName })
    .formatToParts(epochMs)
    .find(part => part.type === "timeZoneName")?.value ?? timeZone
