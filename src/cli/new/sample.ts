import { z } from "zod"
import { about, metaOf } from "../../core/personal.ts"
import { CliError } from "../cliError.ts"
import { someId } from "./naming.ts"

/** Valid data, and the text that makes it. */
export interface Sample {
  readonly value: unknown
  readonly text: string
}

const candidates: readonly unknown[] = [
  "Example",
  "example",
  "example@example.org",
  "https://example.org",
  "2026-11-01T10:00:00.000Z",
  "2026-11-01",
  "10:00:00",
  "0123456789abcdef",
  1,
  0,
  true,
  [],
]

/** Something that the field may hold; undefined when it may be left out. Throws CliError when nothing simple fits. */
export function sampleOf(name: string, schema: z.ZodType): Sample | undefined {
  if (schema.safeParse(undefined).success) return undefined
  if (schema instanceof z.ZodObject) return objectSample(schema)
  const person = about("someone-0000000000000000", "Someone")
  if (metaOf(schema).personal === true && schema.safeParse(person).success)
    return { value: person, text: 'about("someone-0000000000000000", "Someone")' }
  const options = schema instanceof z.ZodEnum ? schema.options : [...candidates, someId(name)]
  const value = options.find(option => schema.safeParse(option).success)
  if (value === undefined) throw new CliError(`cannot make up a value for ${name}: write this file by hand`)
  return { value, text: JSON.stringify(value) }
}

/** Data with every field that is required. */
export function objectSample(schema: z.ZodObject): Sample & { readonly value: Readonly<Record<string, unknown>> } {
  const fields = Object.entries(schema.shape).flatMap(([name, field]) => {
    const sample = sampleOf(name, field as z.ZodType)
    return sample === undefined ? [] : [[name, sample] as const]
  })
  return {
    value: Object.fromEntries(fields.map(([name, { value }]) => [name, value])),
    text: textOf(Object.fromEntries(fields.map(([name, { text }]) => [name, text]))),
  }
}

/** An object literal of fields given as text; a field whose value is a variable of its name is short. */
export const textOf = (fields: Readonly<Record<string, string>>) =>
  `{ ${Object.entries(fields)
    .map(([name, text]) => (name === text ? name : `${name}: ${text}`))
    .join(", ")} }`
