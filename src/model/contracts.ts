import { buildSchema, findBreakingChanges } from "graphql"
import { canonicalJson } from "../core/json.ts"
import type { App } from "../core/manifest.ts"
import { eventSchemas, type JsonSchema } from "./messageSchemas.ts"

/** The schemas of every event that were ever released: type on the bus → schema version → schema. */
export type EventContracts = Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>

/** Where the released contracts are kept. */
export const contractFiles = {
  events: "docs/contracts/events.json",
  schema: "docs/contracts/schema.graphql",
} as const

/** The app's events as contracts, beside those of older versions. */
export function eventContracts(app: App, released: EventContracts = {}): EventContracts {
  const current = Object.entries(eventSchemas(app)).map(
    ([type, { schemaVersion, schema }]) => [type, { ...released[type], [schemaVersion]: schema }] as const,
  )
  return { ...released, ...Object.fromEntries(current) }
}

/** What the app's events break of those that were released, one sentence each. */
export function brokenEvents(app: App, released: EventContracts): readonly string[] {
  const current = eventSchemas(app)
  return Object.entries(released).flatMap(([type, versions]) => {
    const now = current[type]
    if (now === undefined) return [`${type} is gone: what is stored could not be read any more`]
    const newest = Math.max(...Object.keys(versions).map(Number))
    if (now.schemaVersion < newest)
      return [`${type} is at schema version ${now.schemaVersion}, but version ${newest} was released`]
    const before = versions[now.schemaVersion]
    return before === undefined ? [] : broken(before, now.schema, type)
  })
}

/** Words that constrain nothing. */
const silent = new Set(["description", "title", "examples", "default", "properties", "required", "enum", "items"])

/** What a reader of either schema would trip over in data of the other, but for new optional fields and new enum values. */
function broken(before: JsonSchema, now: JsonSchema, path: string): readonly string[] {
  const had = schemasOf(before.properties)
  const has = schemasOf(now.properties)
  const required = { had: strings(before.required), has: strings(now.required) }
  const gone = Object.keys(had).filter(field => has[field] === undefined)
  const lost = strings(before.enum).filter(value => !strings(now.enum).includes(value))
  const words = new Set([...Object.keys(before), ...Object.keys(now)].filter(word => !silent.has(word)))
  return [
    ...gone.map(field => `${path}.${field} is gone`),
    ...required.has
      .filter(field => !required.had.includes(field))
      .map(field => `${path}.${field} is required, but stored events may lack it`),
    ...required.had
      .filter(field => !required.has.includes(field) && !gone.includes(field))
      .map(field => `${path}.${field} is not required any more, but its readers count on it`),
    ...lost.map(value => `${path} does not allow "${value}" any more`),
    ...[...words]
      .filter(word => canonicalJson(before[word]) !== canonicalJson(now[word]))
      .map(word => `${path} changed its ${word}: ${canonicalJson(before[word])} → ${canonicalJson(now[word])}`),
    ...Object.entries(had).flatMap(([field, schema]) => {
      const other = has[field]
      return other === undefined ? [] : broken(schema, other, `${path}.${field}`)
    }),
    ...(isSchema(before.items) && isSchema(now.items) ? broken(before.items, now.items, `${path}[]`) : []),
  ]
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null
const schemasOf = (value: unknown): Readonly<Record<string, JsonSchema>> =>
  isSchema(value) ? (value as Readonly<Record<string, JsonSchema>>) : {}
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

/** What a GraphQL schema breaks of the one that was released, one sentence each. */
export const brokenSchema = (released: string, now: string): readonly string[] =>
  findBreakingChanges(parsed(released), parsed(now)).map(({ description }) => description)

/** AppSync's own scalars and directives need no declaration. */
function parsed(sdl: string) {
  const scalars = new Set(sdl.match(/\bAWS[A-Z]\w*/g) ?? [])
  return buildSchema([...[...scalars].map(name => `scalar ${name}`), sdl].join("\n"), { assumeValidSDL: true })
}
