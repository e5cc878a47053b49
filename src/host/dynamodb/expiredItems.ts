import type { Host, Json, JsonObject } from "../host.ts"

const keptMs = 24 * 60 * 60_000

/** Which items time to live has removed, for as long as a stream shows it: their REMOVE records name DynamoDB as the one who did it. */
export interface ExpiredItems {
  add(tableName: string, keys: JsonObject, attribute: string, expires: Json): void
  remove(tableName: string, keys: JsonObject): void
  /** An old image tells an expired item from a later one with its key. */
  has(tableName: string, keys: JsonObject, oldImage?: JsonObject): boolean
  forgetOld(): void
}

export function createExpiredItems(host: Host): ExpiredItems {
  const removed = host.durable<{ at: number; attribute: string; expires: Json }>("dynamodb-expired")
  const idOf = (tableName: string, keys: JsonObject) => JSON.stringify([tableName, ...Object.entries(keys).sort()])
  return {
    add: (tableName, keys, attribute, expires) =>
      removed.set(idOf(tableName, keys), { at: host.clock.now(), attribute, expires }),
    remove: (tableName, keys) => removed.delete(idOf(tableName, keys)),
    has: (tableName, keys, oldImage) => {
      const item = removed.get(idOf(tableName, keys))
      if (item === undefined || oldImage === undefined) return item !== undefined
      return JSON.stringify(oldImage[item.attribute]) === JSON.stringify(item.expires)
    },
    forgetOld: () => {
      for (const [id, { at }] of [...removed.entries()]) if (at < host.clock.now() - keptMs) removed.delete(id)
    },
  }
}
