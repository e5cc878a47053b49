import { isIPv4, isIPv6 } from "node:net"
import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from "graphql"
import type { Json } from "../../host.ts"

/** What one AWS scalar accepts: `parse` gives the value that resolvers see, or undefined when AppSync refuses it. */
interface AwsScalar {
  readonly description: string
  /** What AppSync's messages call a value of it. */
  readonly noun: string
  parse(value: unknown): Json | undefined
  /** The value as the client gets it; by default what `parse` accepts. */
  serialize?(value: unknown): Json | undefined
}

const offset = String.raw`(?:Z|[+-](?:0\d|1[0-8]):[0-5]\d(?::[0-5]\d)?)`
const clockTime = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{0,9})?)?`
const calendarDate = String.raw`-?\d{4}-\d{2}-\d{2}`
const datePattern = new RegExp(`^(${calendarDate})${offset}?$`)
const timePattern = new RegExp(`^${clockTime}${offset}?$`)
const dateTimePattern = new RegExp(`^(${calendarDate})T${clockTime}${offset}$`)
const emailPattern = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*$/
const phonePattern = /^(?:\+\d[\d\s().-]{5,24}\d|(?:1[\s.-]?)?\(?[2-9]\d{2}\)?[\s.-]?\d{3}[\s.-]?\d{4})$/

const text =
  (accepts: (value: string) => boolean) =>
  (value: unknown): string | undefined =>
    typeof value === "string" && accepts(value) ? value : undefined

const isCalendarDate = (date: string | undefined): boolean => {
  if (date === undefined) return false
  const [, year = "", month = "", day = ""] = /^-?(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? []
  const leapSafeYear = Number(year) % 400 || 400
  const parsed = new Date(Date.UTC(2000 + leapSafeYear, Number(month) - 1, Number(day)))
  return parsed.getUTCMonth() === Number(month) - 1 && parsed.getUTCDate() === Number(day)
}

const isUrl = (value: string): boolean =>
  URL.canParse(value) && /^[a-z][a-z0-9+.-]*:/i.test(value) && !new URL(value).pathname.includes("//")

const isAddress = (value: string): boolean => {
  const [address = "", prefix, ...rest] = value.split("/")
  if (rest.length > 0) return false
  const bitsMax = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1
  return bitsMax > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bitsMax))
}

const timestamp = (value: unknown): number | undefined => {
  const seconds = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value
  return typeof seconds === "number" && Number.isSafeInteger(seconds) ? seconds : undefined
}

const parseJson = (value: unknown): Json | undefined => {
  if (typeof value !== "string") return undefined
  try {
    return JSON.parse(value) as Json
  } catch {
    return undefined
  }
}

/** A string that is JSON already goes out as it is; anything else is written as JSON. */
const jsonText = (value: unknown): string => {
  const isJsonText = typeof value === "string" && parseJson(value) !== undefined
  return isJsonText ? value : JSON.stringify(value)
}

const scalars: Readonly<Record<string, AwsScalar>> = {
  AWSDate: {
    description: "A date: YYYY-MM-DD, with an optional time zone offset.",
    noun: "Date Object",
    parse: text(value => isCalendarDate(datePattern.exec(value)?.[1])),
  },
  AWSTime: {
    description: "A time of day: hh:mm:ss.sss, with an optional time zone offset.",
    noun: "Time Object",
    parse: text(value => timePattern.test(value)),
  },
  AWSDateTime: {
    description: "A date and time: YYYY-MM-DDThh:mm:ss.sssZ; the time zone offset is required.",
    noun: "DateTime Object",
    parse: text(value => isCalendarDate(dateTimePattern.exec(value)?.[1])),
  },
  AWSTimestamp: {
    description: "Seconds before or after 1970-01-01T00:00Z.",
    noun: "timestamp",
    parse: timestamp,
  },
  AWSEmail: {
    description: "An e-mail address: local-part@domain-part.",
    noun: "email",
    parse: text(value => emailPattern.test(value)),
  },
  AWSJSON: {
    description: "JSON as text.",
    noun: "JSON",
    parse: parseJson,
    serialize: jsonText,
  },
  AWSPhone: {
    description: "A telephone number; without a country code it is a North American one.",
    noun: "phone number",
    parse: text(value => phonePattern.test(value)),
  },
  AWSURL: {
    description: "A URL with a scheme and without a double slash in its path.",
    noun: "URL",
    parse: text(isUrl),
  },
  AWSIPAddress: {
    description: "An IPv4 or IPv6 address, with an optional CIDR prefix.",
    noun: "IP address",
    parse: text(isAddress),
  },
}

/** The scalars that AppSync adds to GraphQL's own, by name. */
export const awsScalars: ReadonlyMap<string, GraphQLScalarType> = new Map(
  Object.entries(scalars).map(([name, scalar]) => [name, scalarType(name, scalar)]),
)

function scalarType(name: string, { description, noun, parse, serialize = parse }: AwsScalar): GraphQLScalarType {
  const accept = (value: unknown) => {
    const parsed = parse(value)
    if (parsed === undefined) throw new Error(`Unable to parse \`${String(value)}\` as a valid ${noun}.`)
    return parsed
  }
  return new GraphQLScalarType({
    name,
    description,
    parseValue: accept,
    parseLiteral: (node: ValueNode) => accept(literal(node)),
    serialize: value => {
      const out = serialize(value)
      if (out === undefined) throw new Error(`Unable to serialize \`${String(value)}\` as a valid ${noun}.`)
      return out
    },
  })
}

const literal = (node: ValueNode): unknown =>
  node.kind === Kind.STRING || node.kind === Kind.INT ? valueFromASTUntyped(node) : undefined
