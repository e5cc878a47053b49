/** Formats and parses with the letters of Java's DateTimeFormatter, in English, for any IANA zone. */

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

const months = "January February March April May June July August September October November December".split(" ")
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ")
const minuteMs = 60_000
const hourMs = 3_600_000

const pad = (value: number, length: number): string => String(value).padStart(length, "0")

/** Splits a pattern into runs of one letter, quoted text and everything else. */
const tokens = (pattern: string): string[] => pattern.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? []

const literalOf = (token: string): string | undefined => {
  if (token === "''") return "'"
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
  return /^[A-Za-z]/.test(token) ? undefined : token
}

/** The moment as text, such as `2018-02-06 19:01:35+0000`. Throws RangeError on an unknown zone or letter. */
export function formatMoment(epochMs: number, pattern: string, zone = "UTC"): string {
  const fields = fieldsOf(epochMs, zone)
  return tokens(pattern)
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
      return pad(
        Math.floor((Date.UTC(at.year, at.month - 1, at.day) - Date.UTC(at.year, 0, 0)) / (24 * hourMs)),
        length,
      )
    case "E":
      return textOr(Math.max(length, 3), weekdays[at.weekday] ?? "", at.weekday)
    case "e":
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
    case "X":
    case "x":
    case "Z":
      return offsetText(token, at.offsetMs)
    case "z":
      return at.zone === "UTC" ? "UTC" : zoneName(epochMs, at.zone, length < 4 ? "short" : "long")
    case "V":
      return at.zone
    default:
      throw new RangeError(`Unknown pattern letter: ${token[0]}`)
  }
}

const textOr = (length: number, text: string, value: number): string => {
  if (length <= 2) return pad(value, length)
  if (length === 3) return text.slice(0, 3)
  return length === 5 ? text.slice(0, 1) : text
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

function offsetAt(epochMs: number, zone: string): number {
  const fixed = fixedOffset(zone)
  if (fixed !== undefined) return fixed
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset", hour: "numeric" })
  formats.set(zone, format)
  const name = format.formatToParts(epochMs).find(part => part.type === "timeZoneName")?.value ?? "GMT"
  return fixedOffset(name.replace("GMT", "")) ?? 0
}

/** `Z`, `UTC`, `+08:00`, `+0800`, `-03` in milliseconds; undefined when it is a region. */
function fixedOffset(text: string): number | undefined {
  if (/^(Z|UTC|GMT|)$/.test(text)) return 0
  const parts = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(text)
  if (parts === null) return undefined
  const size = Number(parts[2]) * hourMs + Number(parts[3] ?? 0) * minuteMs
  return parts[1] === "-" ? -size : size
}

const zoneName = (epochMs: number, timeZone: string, timeZoneName: "short" | "long"): string =>
  new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName })
    .formatToParts(epochMs)
    .find(part => part.type === "timeZoneName")?.value ?? timeZone

const patterns: Record<string, string> = {
  a: "[AaPp][Mm]",
  E: "[A-Za-z]+",
  V: "[A-Za-z_/+-]+",
  z: "[A-Za-z_/:+0-9-]+",
  X: "Z|[+-]\\d{2}(?::?\\d{2})?",
  x: "Z|[+-]\\d{2}(?::?\\d{2})?",
  Z: "Z|GMT|[+-]\\d{2}:?\\d{2}",
}

const patternFor = (token: string): string => {
  const letter = token[0] ?? ""
  if (patterns[letter] !== undefined) return `(${patterns[letter]})`
  if ((letter === "M" || letter === "L") && token.length > 2) return "([A-Za-z]+)"
  return token.length === 1 ? "(\\d+)" : `(\\d{${token.length}})`
}

/** Milliseconds since the epoch of a text in the pattern; the zone counts when the text names none. Throws RangeError when it does not fit. */
export function parseMoment(text: string, pattern: string, zone = "UTC"): number {
  const parts = tokens(pattern)
  const letters = parts.filter(token => literalOf(token) === undefined)
  const source = parts
    .map(token => literalOf(token)?.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&") ?? patternFor(token))
    .join("")
  const found = new RegExp(`^${source}$`).exec(text)
  if (found === null) throw new RangeError(`Text '${text}' could not be parsed`)
  const read = (...wanted: string[]): string | undefined => {
    const index = letters.findIndex(token => wanted.includes(token[0] ?? ""))
    return index < 0 ? undefined : found[index + 1]
  }
  const number = (...wanted: string[]): number | undefined => {
    const value = read(...wanted)
    return value === undefined ? undefined : Number(value)
  }
  const year = number("y", "u") ?? 1970
  const local = Date.UTC(
    letters.includes("yy") || letters.includes("uu") ? 2000 + year : year,
    monthOf(read("M", "L")) - 1,
    number("d") ?? 1,
    hourOf(number("H"), number("h", "K", "k"), read("a")),
    number("m") ?? 0,
    number("s") ?? 0,
    Number(`0.${read("S") ?? 0}`) * 1000,
  )
  return toEpoch(local, read("X", "x", "Z", "z", "V") ?? zone)
}

const monthOf = (text = "1"): number =>
  /^\d+$/.test(text) ? Number(text) : months.findIndex(name => name.startsWith(text.slice(0, 3))) + 1

const hourOf = (ofDay: number | undefined, ofHalf: number | undefined, half: string | undefined): number => {
  if (ofDay !== undefined) return ofDay
  if (ofHalf === undefined) return 0
  return half === undefined ? ofHalf % 24 : (ofHalf % 12) + (half.toUpperCase() === "PM" ? 12 : 0)
}

/** A local time is off by the offset of the moment that it turns out to be; the second look settles a change of clocks. */
const toEpoch = (local: number, zone: string): number => local - offsetAt(local - offsetAt(local, zone), zone)
