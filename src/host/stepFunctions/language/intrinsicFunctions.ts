import { createHash, randomInt, randomUUID } from "node:crypto"
import { isDeepStrictEqual } from "node:util"
import type { Json, JsonObject } from "../../host.ts"

const rangeMax = 1_000
const textMax = 10_000

/** The intrinsic functions of the Amazon States Language, by name. They throw an Error with what is wrong with their arguments. */
export const intrinsicFunctions: Readonly<Record<string, (given: readonly Json[]) => Json>> = {
  "States.Format": ([template, ...values]) => format(text(template), values),
  "States.StringToJson": ([value]) => JSON.parse(text(value)),
  "States.JsonToString": ([value = null]) => JSON.stringify(value),
  "States.Array": values => [...values],
  "States.ArrayPartition": ([values, size]) => partition(list(values), size),
  "States.ArrayContains": ([values, wanted = null]) => list(values).some(value => isDeepStrictEqual(value, wanted)),
  "States.ArrayRange": ([first, last, step]) => range(whole(first), whole(last), whole(step)),
  "States.ArrayGetItem": ([values, index]) => itemAt(list(values), whole(index)),
  "States.ArrayLength": ([values]) => list(values).length,
  "States.ArrayUnique": ([values]) =>
    list(values).filter((value, index, all) => all.findIndex(other => isDeepStrictEqual(other, value)) === index),
  "States.Base64Encode": ([value]) => Buffer.from(bounded(value)).toString("base64"),
  "States.Base64Decode": ([value]) => Buffer.from(bounded(value), "base64").toString(),
  "States.Hash": ([value = null, algorithm]) => hash(value, algorithm),
  "States.JsonMerge": ([first, second, isDeep]) => {
    if (isDeep !== false) throw new Error("only a shallow merge is supported: the third argument must be false")
    return { ...object(first), ...object(second) }
  },
  "States.MathRandom": ([from, to, seed]) => random(whole(from), whole(to), seed),
  "States.MathAdd": ([first, second]) => whole(first) + whole(second),
  "States.StringSplit": ([value, separators]) => {
    const ends = new Set(text(separators))
    const parts: string[] = [""]
    for (const character of text(value)) {
      if (ends.has(character)) parts.push("")
      else parts[parts.length - 1] += character
    }
    return parts.filter(part => part !== "")
  },
  "States.UUID": () => randomUUID(),
}

/** Lists of at most `size` elements each. */
export function partition(values: readonly Json[], size: Json | undefined): Json[][] {
  const each = whole(size)
  if (each < 1) throw new Error("the size of a part must be positive")
  return Array.from({ length: Math.ceil(values.length / each) }, (_, part) =>
    values.slice(part * each, (part + 1) * each),
  )
}

/** The numbers from first to last, both included. */
export function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error("the increment must not be 0")
  const count = Math.max(0, Math.floor((last - first) / step) + 1)
  if (count > rangeMax) throw new Error(`a range has at most ${rangeMax} elements`)
  return Array.from({ length: count }, (_, index) => first + index * step)
}

/** The digest in hexadecimal; what is no text is hashed as JSON. */
export function hash(value: Json, algorithm: Json | undefined): string {
  const name = text(algorithm)
  if (!["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"].includes(name)) throw new Error(`unknown algorithm ${name}`)
  const data = typeof value === "string" ? value : JSON.stringify(value)
  return createHash(name.replace("-", "").toLowerCase()).update(data).digest("hex")
}

function format(template: string, values: readonly Json[]): string {
  let used = 0
  const filled = template.replace(/\\([{}\\])|\{\}/g, (_, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped
    const value = values[used++]
    if (value === undefined) throw new Error("there are fewer arguments than {} in the template")
    return typeof value === "string" ? value : JSON.stringify(value)
  })
  if (used < values.length) throw new Error("there are more arguments than {} in the template")
  return filled
}

function itemAt(values: readonly Json[], index: number): Json {
  const value = values[index]
  if (value === undefined) throw new Error(`the array has no element ${index}`)
  return value
}

function random(from: number, to: number, seed: Json | undefined): number {
  if (to <= from) throw new Error("the end must be greater than the start")
  if (seed === undefined) return randomInt(from, to)
  const digest = createHash("sha256")
    .update(String(whole(seed)))
    .digest()
  return from + (digest.readUInt32BE() % (to - from))
}

function text(value: Json | undefined): string {
  if (typeof value === "string") return value
  throw new Error(`${JSON.stringify(value) ?? "nothing"} is no text`)
}

function bounded(value: Json | undefined): string {
  if (text(value).length > textMax) throw new Error(`the text is longer than ${textMax} characters`)
  return text(value)
}

function list(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value
  throw new Error(`${JSON.stringify(value) ?? "nothing"} is no array`)
}

function object(value: Json | undefined): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value
  throw new Error(`${JSON.stringify(value) ?? "nothing"} is no object`)
}

function whole(value: Json | undefined): number {
  if (typeof value === "number") return Math.round(value)
  throw new Error(`${JSON.stringify(value) ?? "nothing"} is no number`)
}
