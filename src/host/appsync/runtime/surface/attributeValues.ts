import { isRecord } from "../run.ts"

/** One DynamoDB attribute value as APPSYNC_JS writes it: numbers stay numbers and NULL holds null. */
export type Attribute = Record<string, unknown>

/** Sets that a `to…Set` function made: a JSON value cannot tell a set from a list, so they are known by identity. */
const sets = new WeakSet<object>()

const set = (type: "SS" | "NS" | "BS", list: unknown): Attribute | null => {
  if (list === null || list === undefined) return null
  const value = { [type]: list }
  sets.add(value)
  return value
}

const unlessNull = (type: string, value: unknown): Attribute | null =>
  value === null || value === undefined ? null : { [type]: value }

/** Types a JSON value: `12345` → `{N:12345}`, null → `{NULL:null}`, lists and maps in depth. */
export function toDynamoDB(value: unknown): Attribute {
  if (value === null || value === undefined) return { NULL: null }
  if (typeof value === "string") return { S: value }
  if (typeof value === "number") return { N: value }
  if (typeof value === "boolean") return { BOOL: value }
  if (Array.isArray(value)) return { L: value.map(toDynamoDB) }
  if (typeof value === "object" && sets.has(value)) return value as Attribute
  return { M: toMapValues(value) }
}

/** Types the members of an object; members that are undefined are left out. */
export function toMapValues(value: unknown): Attribute {
  if (!isRecord(value)) return {}
  const present = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(present.map(([name, member]) => [name, toDynamoDB(member)]))
}

/** `util.dynamodb`. */
export const dynamodb = {
  toDynamoDB,
  toString: (value: unknown) => unlessNull("S", value),
  toStringSet: (list: unknown) => set("SS", list),
  toNumber: (value: unknown) => unlessNull("N", value),
  toNumberSet: (list: unknown) => set("NS", list),
  toBinary: (value: unknown) => unlessNull("B", value),
  toBinarySet: (list: unknown) => set("BS", list),
  toBoolean: (value: unknown) => unlessNull("BOOL", value),
  toNull: () => ({ NULL: null }),
  toList: (value: unknown) => (Array.isArray(value) ? { L: value.map(toDynamoDB) } : null),
  toMap: (value: unknown) => (isRecord(value) ? { M: toMapValues(value) } : null),
  toMapValues: (value: unknown) => (isRecord(value) ? toMapValues(value) : null),
  toS3Object: (key: string, bucket: string, region: string, version?: string) => ({
    S: JSON.stringify({ s3: { key, bucket, region, ...(version === undefined ? {} : { version }) } }),
  }),
  fromS3ObjectJson: (text: string): unknown => s3ObjectOf(text),
}

function s3ObjectOf(text: string): unknown {
  try {
    return JSON.parse(text)?.s3 ?? null
  } catch {
    return null
  }
}
