import { z } from "zod"

/**
 * A value about a person. It is encrypted wherever it rests, reads as `•••` wherever it is printed, and is null
 * once its subject has been forgotten.
 */
export interface Personal<Value extends string = string> {
  readonly subject: string
  readonly value: Value | null
}

const mark = Symbol.for("foldline.personal")

/** Says that `value` is about `subject` (a person's id, or `email:<address>` before there is one). */
export function about<Value extends string>(subject: string, value: Value | null): Personal<Value> {
  const personal = { subject, value }
  Object.defineProperty(personal, mark, { value: true })
  Object.defineProperty(personal, "toJSON", { value: () => masked })
  return Object.freeze(personal)
}

export const masked = "•••"

export const isPersonal = (value: unknown): value is Personal =>
  typeof value === "object" && value !== null && mark in value

/** The subject of an address whose owner has no id yet. */
export const emailSubject = (email: string) => `email:${email.trim().toLowerCase()}`

/** An event's personal field. */
export const personal = () =>
  z.custom<Personal>(isPersonal, { error: "must be made by about(subject, value)" }).meta({ personal: true })

/** A command's or a row's field that support screens, traces and logs show only masked. */
export const sensitive = <Schema extends z.ZodType>(schema: Schema): Schema => schema.meta({ personal: true }) as Schema

/** A command's field that no one may read again: deciders receive its hash, traces and logs nothing. */
export const secret = () => z.string().min(16).max(256).meta({ secret: true })

/**
 * A command's field that is kept for a service outside: it goes into the vault, deciders receive a reference, and only a question to a
 * service can hand it on.
 */
export const vaulted = () => z.string().min(1).max(4_096).meta({ secret: true, vaulted: true })

/** Applies `change` to every personal value inside plain data; everything else is copied. */
export function mapPersonal(data: unknown, change: (personal: Personal) => unknown): unknown {
  if (isPersonal(data)) return change(data)
  if (Array.isArray(data)) return data.map(item => mapPersonal(item, change))
  if (typeof data !== "object" || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapPersonal(value, change)]))
}

/** Every subject that plain data speaks about. */
export function subjectsOf(data: unknown): readonly string[] {
  const subjects = new Set<string>()
  mapPersonal(data, ({ subject }) => subjects.add(subject))
  return [...subjects]
}

/** A message's data as support may see it: fields marked personal or secret are masked. */
export function maskedData(schema: z.ZodObject, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => {
      const meta = metaOf(schema.shape[field])
      const hidden = meta.personal === true || meta.secret === true
      return [field, value == null ? value : hidden ? masked : mapPersonal(value, () => masked)]
    }),
  )
}

/** Does a message of this schema carry personal values, at any depth? */
export function hasPersonal(schema: z.ZodType): boolean {
  if (metaOf(schema).personal === true) return true
  const inner = [
    ...("shape" in schema ? Object.values(schema.shape as Readonly<Record<string, z.ZodType>>) : []),
    ...("element" in schema ? [schema.element as z.ZodType] : []),
    ...("unwrap" in schema && typeof schema.unwrap === "function" ? [schema.unwrap() as z.ZodType] : []),
  ]
  return inner.some(hasPersonal)
}

/** Metadata of a schema, seen through optional, nullable and default. */
export function metaOf(schema: z.ZodType | undefined): Record<string, unknown> {
  if (schema === undefined) return {}
  const own = schema.meta() ?? {}
  const inner = "unwrap" in schema && typeof schema.unwrap === "function" ? metaOf(schema.unwrap() as z.ZodType) : {}
  return { ...inner, ...own }
}
