import type { Clock } from "../clock.ts"
import type { Json, JsonObject } from "../host.ts"
import { objectOf } from "../json.ts"
import type { CacheSettings, Eviction, FieldCall, FieldResult, ResolverCaching, Resolvers } from "./contract.ts"

const entriesMax = 10_000

interface Entry {
  readonly value: Json
  readonly expiresAt: number
}

/** What the cache of one API holds. It is in memory: a restart empties it. */
export interface ApiCache {
  flush(): void
  get(key: string): Entry | undefined
  set(key: string, entry: Entry): void
  /** Gives how many entries it removed. */
  evict(key: string): number
}

/** An empty cache; beyond 10,000 entries the oldest gives way. */
export function createApiCache(clock: Clock): ApiCache {
  const entries = new Map<string, Entry>()
  return {
    flush: () => entries.clear(),
    get: key => {
      const entry = entries.get(key)
      if (entry === undefined || entry.expiresAt > clock.now()) return entry
      entries.delete(key)
      return undefined
    },
    set: (key, entry) => {
      entries.delete(key)
      entries.set(key, entry)
      if (entries.size > entriesMax) entries.delete(entries.keys().next().value ?? "")
    },
    evict: key => (entries.delete(key) ? 1 : 0),
  }
}

/**
 * Resolvers behind the API's cache. A field of a query is answered from it when its resolver has a `CachingConfig`, or when the API
 * caches all; only what has no error is kept. Mutations are never cached, and only they evict.
 */
export function cachedResolvers(
  resolvers: Resolvers,
  clock: Clock,
  cache: ApiCache,
  settings: CacheSettings,
  cachingOf: (parentType: string, fieldName: string) => ResolverCaching | undefined,
): Resolvers {
  const caching = (parentType: string, fieldName: string): ResolverCaching | undefined => {
    if (parentType === "Mutation" || parentType === "Subscription") return undefined
    const own = cachingOf(parentType, fieldName)
    return settings.cachesAll ? { ttlSeconds: settings.ttlSeconds, keys: own?.keys ?? [] } : own
  }
  const keyOf = (call: FieldCall): string | undefined => {
    const config = caching(call.parentType, call.fieldName)
    return config && entryKey(call.parentType, call.fieldName, valuesOf(call, config.keys))
  }
  const cached = (key: string | undefined): FieldResult | undefined => {
    const entry = key === undefined ? undefined : cache.get(key)
    return entry && { value: structuredClone(entry.value), errors: [], invalidations: [], responseHeaders: {} }
  }
  const keep = (call: FieldCall, key: string | undefined, result: FieldResult): FieldResult => {
    const config = caching(call.parentType, call.fieldName)
    if (key !== undefined && config !== undefined && result.errors.length === 0) {
      cache.set(key, { value: structuredClone(result.value), expiresAt: clock.now() + config.ttlSeconds * 1000 })
    }
    if (call.parentType !== "Mutation") return result
    const evicted = (result.evictions ?? []).reduce((sum, eviction) => sum + cache.evict(evictionKey(eviction)), 0)
    return { ...result, evictedEntries: evicted }
  }

  return {
    has: resolvers.has,
    batchSize: resolvers.batchSize,
    run: async call => {
      const key = keyOf(call)
      return cached(key) ?? keep(call, key, await resolvers.run(call))
    },
    runBatch: async calls => {
      const known = calls.map(call => cached(keyOf(call)))
      const missing = calls.filter((_, index) => known[index] === undefined)
      const fresh = missing.length === 0 ? [] : await resolvers.runBatch(missing)
      const rest = fresh.map((result, index) => {
        const call = missing[index]
        return call === undefined ? result : keep(call, keyOf(call), result)
      })
      return known.map(result => result ?? rest.shift() ?? nothing)
    },
  }
}

const nothing: FieldResult = { value: null, errors: [], invalidations: [], responseHeaders: {} }

/** What tells entries of one field apart: the caching keys of its resolver, or else everything that it can depend on. */
function valuesOf(call: FieldCall, keys: readonly string[]): JsonObject {
  const context: JsonObject = { arguments: call.arguments, source: call.source, identity: call.identity }
  if (keys.length === 0) return context
  return Object.fromEntries(
    keys.map(key => [key, key.split(".").reduce<Json>((value, member) => objectOf(value)[member] ?? null, context)]),
  )
}

const evictionKey = ({ typeName, fieldName, keys }: Eviction): string =>
  entryKey(
    typeName,
    fieldName,
    Object.fromEntries(Object.entries(keys).map(([name, value]) => [cachingKey(name) ?? name, value])),
  )

const entryKey = (typeName: string, fieldName: string, values: JsonObject): string =>
  `${typeName}.${fieldName} ${sortedText(values)}`

const sortedText = (value: Json): string =>
  JSON.stringify(value, (_, member: Json) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  )

/** `$context.arguments.id` without its beginning; undefined for what cannot be a caching key. */
export function cachingKey(text: string): string | undefined {
  const path = /^\$?(?:context|ctx)\.((?:arguments|args|source|identity)(?:\..+)?)$/.exec(text)?.[1]
  return path?.replace(/^args\b/, "arguments")
}
