import { JavaException } from "../run.ts"
import { literalOf, months, offsetAt, tokensOf } from "./dateFormat.ts"

const patterns: Record<string, string> = {
  a: "[AaPp][Mm]",
  E: "[A-Za-z]+",
  G: "[A-Za-z ]+",
  V: "[A-Za-z_/+-]+",
  z: "[A-Za-z_/:+0-9-]+",
  X: "Z|[+-]\\d{2}(?::?\\d{2})?",
  x: "Z|[+-]\\d{2}(?::?\\d{2})?",
  Z: "Z|GMT|[+-]\\d{2}:?\\d{2}",
}

const patternFor = (token: string): string => {
  const letter = token[0] ?? ""
  if (patterns[letter] !== undefined) return patterns[letter]
  if ((letter === "M" || letter === "L") && token.length > 2) return "[A-Za-z]+"
  return token.length === 1 ? "\\d+" : `\\d{${token.length}}`
}

const unparsed = (text: string, reason: string): JavaException =>
  new JavaException("java.time.format.DateTimeParseException", `Text '${text}' could not be parsed${reason}`)

/** The texts of the fields of a pattern, by the letters that name them. */
type Fields = ReadonlyMap<string, string>

function readFields(text: string, pattern: string): Fields {
  const fields = new Map<string, string>()
  let at = 0
  for (const token of tokensOf(pattern)) {
    const literal = literalOf(token)
    const next = new RegExp(patternFor(token), "y")
    next.lastIndex = at
    const found = literal === undefined ? next.exec(text)?.[0] : text.startsWith(literal, at) ? literal : undefined
    if (found === undefined) throw unparsed(text, ` at index ${at}`)
    if (literal === undefined) fields.set(token, found)
    at += found.length
  }
  if (at < text.length) throw unparsed(text, `, unparsed text found at index ${at}`)
  return fields
}

/** Milliseconds since the epoch of a text in the pattern; the zone counts when the text names none. Throws JavaException. */
export const parseMoment = (text: string, pattern: string, zone = "UTC"): number =>
  resolved(text, readFields(text, pattern), zone)

/** A day that the month does not have is its last one, unless Java reads strictly. */
function resolved(text: string, fields: Fields, zone: string, isStrict = false): number {
  const read = (...letters: string[]): string | undefined =>
    [...fields].find(([token]) => letters.includes(token[0] ?? ""))?.[1]
  const number = (name: string, min: number, max: number, ...letters: string[]): number | undefined => {
    const value = read(...letters)
    if (value === undefined) return undefined
    if (Number(value) >= min && Number(value) <= max) return Number(value)
    throw unparsed(text, `: Invalid value for ${name} (valid values ${min} - ${max}): ${Number(value)}`)
  }
  const shortYear = fields.get("yy") ?? fields.get("uu")
  const year = shortYear === undefined ? Number(read("y", "u") ?? 1970) : 2000 + Number(shortYear)
  const month = monthNamed(read("M", "L")) ?? number("MonthOfYear", 1, 12, "M", "L") ?? 1
  const day = number("DayOfMonth", 1, 31, "d") ?? 1
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (isStrict && day > lastDay) throw unparsed(text, `: Invalid date '${months[month - 1]?.toUpperCase()} ${day}'`)
  const ofHalf = number("ClockHourOfAmPm", 1, 12, "h") ?? number("HourOfAmPm", 0, 11, "K")
  const ofDay = number("HourOfDay", 0, 23, "H") ?? number("ClockHourOfDay", 1, 24, "k")
  const local = Date.UTC(
    year,
    month - 1,
    Math.min(day, lastDay),
    hourOf(ofDay, ofHalf, read("a")),
    number("MinuteOfHour", 0, 59, "m") ?? 0,
    number("SecondOfMinute", 0, 59, "s") ?? 0,
    Number(`0.${read("S") ?? 0}`) * 1000,
  )
  return toEpoch(local, read("X", "x", "Z", "z", "V") ?? zone)
}

function monthNamed(text = ""): number | undefined {
  const index = /^[A-Za-z]{3}/.test(text) ? months.findIndex(name => name.startsWith(text.slice(0, 3))) : -1
  return index < 0 ? undefined : index + 1
}

const hourOf = (ofDay: number | undefined, ofHalf: number | undefined, half: string | undefined): number => {
  if (ofDay !== undefined) return ofDay % 24
  if (ofHalf === undefined) return 0
  return half === undefined ? ofHalf : (ofHalf % 12) + (half.toUpperCase() === "PM" ? 12 : 0)
}

/** A local time is off by the offset of the moment that it turns out to be; the second look settles a change of clocks. */
const toEpoch = (local: number, zone: string): number => local - offsetAt(local - offsetAt(local, zone), zone)

const iso =
  /^(\d{4,9})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{0,9}))?)?(Z|[+-]\d\d(?::\d\d)?(?::\d\d)?)(?:\[[^\]]+\])?$/i
/** Letters of Java's `DateTimeFormatter`; the last are those of the offset. */
const isoFields = ["yyyy", "MM", "dd", "HH", "mm", "ss", "SSS", "XXX"]
const isoBeginning = /^(\d{4,9}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?)?/i

/** Milliseconds since the epoch of a date and time with an offset, as ISO 8601 writes it. Throws JavaException. */
export function parseIso(text: string): number {
  const [, ...parts] = iso.exec(text) ?? []
  if (parts.length === 0) throw unparsed(text, ` at index ${isoBeginning.exec(text)?.[0].length ?? 0}`)
  return resolved(
    text,
    new Map(isoFields.map((name, index) => [name, parts[index]?.toUpperCase() || "0"])),
    "UTC",
    true,
  )
}
