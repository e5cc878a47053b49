import { z } from "zod"
import { metaOf } from "../core/personal.ts"
import { pascalCase } from "./names.ts"

/** A type of the API, from which GraphQL, TypeScript and the catalogue are written. */
export type FieldType =
  | { readonly kind: "scalar"; readonly name: string }
  | { readonly kind: "enum"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "object"; readonly name: string; readonly fields: readonly Field[] }
  | { readonly kind: "list"; readonly of: FieldType; readonly required: boolean }

export interface Field {
  readonly name: string
  readonly type: FieldType
  /** May not be left out, nor be null. */
  readonly required: boolean
  /** Null is a value of its own, not the same as leaving it out. */
  readonly nullable: boolean
  readonly description?: string
  /** Masked wherever it is printed. */
  readonly personal: boolean
  /** Hashed before anybody sees it. */
  readonly secret: boolean
}

/** Whether a schema describes what is sent, what is answered or what happened: a default makes a field optional in the first only. */
export type Direction = "input" | "output" | "event"

const scalarOfFormat: Readonly<Record<string, string>> = {
  email: "AWSEmail",
  url: "AWSURL",
  datetime: "AWSDateTime",
  date: "AWSDate",
  time: "AWSTime",
  e164: "AWSPhone",
  ipv4: "AWSIPAddress",
  ipv6: "AWSIPAddress",
}

/** Fields of an object schema; `owner` names its type and shows in errors. Throws when GraphQL cannot carry a field. */
export const fieldsOf = (schema: z.ZodObject, owner: string, direction: Direction): readonly Field[] =>
  Object.entries(schema.shape).map(([name, field]) => fieldOf(name, asType(field), owner, direction))

function fieldOf(name: string, schema: z.ZodType, owner: string, direction: Direction): Field {
  const { inner, optional, nullable } = unwrapped(schema, direction)
  const meta = metaOf(schema)
  const description = schema.description ?? inner.description
  return {
    name,
    type: typeOf(inner, `${owner}${pascalCase(name)}`, `${owner}.${name}`, direction),
    required: !optional && !nullable,
    nullable,
    ...(description === undefined ? {} : { description }),
    personal: meta.personal === true,
    secret: meta.secret === true,
  }
}

/** Takes optional, nullable, default and read-only off. */
function unwrapped(schema: z.ZodType, direction: Direction) {
  let inner = schema
  let optional = false
  let nullable = false
  while (true) {
    if (inner instanceof z.ZodOptional) optional = true
    else if (inner instanceof z.ZodNullable) nullable = true
    else if (inner instanceof z.ZodDefault) optional ||= direction === "input"
    else if (!(inner instanceof z.ZodReadonly)) return { inner, optional, nullable }
    inner = asType(inner.unwrap())
  }
}

function typeOf(schema: z.ZodType, name: string, path: string, direction: Direction): FieldType {
  const meta = schema.meta() ?? {}
  if (typeof meta.graphql === "string") return { kind: "scalar", name: meta.graphql }
  if (schema instanceof z.ZodCustom && meta.personal === true && direction === "event")
    return { kind: "scalar", name: "Personal" }
  if (schema instanceof z.ZodEnum) return enumOf(schema, String(meta.id ?? name), path)
  if (schema instanceof z.ZodArray) {
    const item = unwrapped(asType(schema.element), direction)
    return {
      kind: "list",
      of: typeOf(item.inner, name, `${path}[]`, direction),
      required: !item.optional && !item.nullable,
    }
  }
  if (schema instanceof z.ZodObject) {
    const typeName = `${String(meta.id ?? name)}${direction === "input" ? "Input" : ""}`
    return { kind: "object", name: typeName, fields: fieldsOf(schema, typeName, direction) }
  }
  return { kind: "scalar", name: scalarOf(schema, path) }
}

function scalarOf(schema: z.ZodType, path: string): string {
  if (schema instanceof z.ZodBoolean) return "Boolean"
  if (schema instanceof z.ZodNumber) return schema.isInt ? "Int" : "Float"
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat)
    return scalarOfFormat[schema.format ?? ""] ?? "String"
  throw new Error(
    `GraphQL cannot carry ${path}: ${schema.def.type}. Use a string, id, number, boolean, enum, date, e-mail, URL, list or object, or name a scalar with .meta({ graphql: "AWSJSON" }).`,
  )
}

function enumOf(schema: z.ZodEnum, name: string, path: string): FieldType {
  const values = schema.options.map(String)
  const wrong = values.find(value => !/^[_A-Za-z]\w*$/.test(value) || /^(true|false|null)$/.test(value))
  if (wrong !== undefined) throw new Error(`GraphQL has no enum value "${wrong}" (${path}): use letters, digits and _.`)
  return { kind: "enum", name, values }
}

function asType(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodType) return schema
  throw new Error("Schemas must be made with zod, not with its core or mini variant.")
}
