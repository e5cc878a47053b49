import { z } from "zod"
import { schemaVersionOf } from "../core/aggregate.ts"
import { type App, busType, everyContext } from "../core/manifest.ts"
import type { MessageType } from "../core/message.ts"

/** JSON Schema (2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>

const personalSchema = {
  type: "object",
  description: "A value about a person, sealed with the key of its subject; null when the subject was forgotten.",
  properties: {
    $personal: {
      type: "object",
      properties: { subject: { type: "string" }, sealed: { type: ["string", "null"] } },
      required: ["subject", "sealed"],
    },
  },
  required: ["$personal"],
}

/** Metadata that only the kernel reads. */
const ownMetadata = ["graphql", "personal", "secret", "vaulted", "id"]

/** A message's data as JSON Schema, whole in itself: named types are written out where they are used. */
export function jsonSchemaOf(schema: z.ZodObject, io: "input" | "output"): JsonSchema {
  const {
    $schema: _,
    $defs,
    ...root
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "custom" && jsonSchema.personal === true)
        Object.assign(jsonSchema, personalSchema)
      // New fields may come at any time: a consumer must not refuse them.
      for (const name of [...ownMetadata, "additionalProperties"]) delete jsonSchema[name]
    },
  })
  return inlined(root, $defs ?? {}) as JsonSchema
}

function inlined(value: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map(item => inlined(item, definitions))
  if (typeof value !== "object" || value === null) return value
  const { $ref, ...rest } = value as { $ref?: string }
  const members = Object.entries(rest).map(([name, item]) => [name, inlined(item, definitions)])
  const target = $ref === undefined ? {} : inlined(definitions[$ref.slice("#/$defs/".length)], definitions)
  return { ...(target as object), ...Object.fromEntries(members) }
}

/** Current schema of every event by its type on the bus, the kernel's own too: they are stored and published alike. */
export const eventSchemas = (app: App): Readonly<Record<string, { schemaVersion: number; schema: JsonSchema }>> =>
  Object.fromEntries(
    everyContext(app).flatMap(context =>
      context.aggregates.flatMap(aggregate =>
        Object.values<MessageType>(aggregate.events).map(event => [
          busType(context.name, event.type),
          { schemaVersion: schemaVersionOf(aggregate, event.type), schema: jsonSchemaOf(event.schema, "output") },
        ]),
      ),
    ),
  )
