import { AwsError, type Host, type JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"
import type { Backend } from "./backend.ts"
import type { Catalogue, TableInfo } from "./catalogue.ts"
import type { ExpiredItems } from "./expiredItems.ts"

const everyMs = 60_000
const pageItems = 500
const pagesMax = 200
const fiveYearsSeconds = 5 * 366 * 24 * 3600

/** Removes expired items by the host's clock. A sweep looks at no more than 100,000 items of a table; the next goes on from there. */
export function createSweeper(
  host: Host,
  backend: () => Promise<Backend>,
  catalogue: Catalogue,
  expired: ExpiredItems,
  written: (tables: string[]) => void,
) {
  const cursors = new Map<string, JsonObject>()
  let timer: { cancel(): void } | undefined
  let isStopped = false

  const remove = async (table: TableInfo, attribute: string, item: JsonObject) => {
    const keys = Object.fromEntries(
      [table.hashKey, table.rangeKey].flatMap(key => (key === undefined ? [] : [[key, item[key] ?? null]])),
    )
    if (table.stream !== undefined) expired.add(table.name, keys, attribute, item[attribute] ?? null)
    try {
      await (await backend()).call("DeleteItem", {
        TableName: table.name,
        Key: keys,
        ConditionExpression: "#expires = :expires",
        ExpressionAttributeNames: { "#expires": attribute },
        ExpressionAttributeValues: { ":expires": item[attribute] ?? null },
      })
    } catch (error) {
      expired.remove(table.name, keys)
      if (!(error instanceof AwsError && error.code === "ConditionalCheckFailedException")) throw error
    }
  }

  const sweepTable = async (table: TableInfo, attribute: string) => {
    for (let page = 0; page < pagesMax && !isStopped; page++) {
      const reply = await (await backend()).call(
        "Scan",
        scanOf(table, attribute, host.clock.now(), cursors.get(table.name)),
      )
      const items = listOf(reply.Items).map(objectOf)
      for (const item of items) await remove(table, attribute, item)
      if (items.length > 0) written([table.name])
      if (reply.LastEvaluatedKey === undefined) return cursors.delete(table.name)
      cursors.set(table.name, objectOf(reply.LastEvaluatedKey))
    }
  }

  const sweep = async () => {
    expired.forgetOld()
    for (const table of catalogue.all())
      if (table.timeToLiveAttribute !== undefined) await sweepTable(table, table.timeToLiveAttribute)
  }

  const arm = () => {
    timer = host.clock.after(everyMs, async () => {
      await sweep().catch(error => isStopped || host.log.warn("dynamodb", `time to live: ${error}`))
      if (!isStopped) arm()
    })
  }

  return {
    start: arm,
    sweep,
    stop: () => {
      isStopped = true
      timer?.cancel()
    },
  }
}

/** AWS leaves items alone whose time is more than five years ago [How TTL works]. */
function scanOf(table: TableInfo, attribute: string, now: number, cursor: JsonObject | undefined): JsonObject {
  const names = {
    "#expires": attribute,
    "#hash": table.hashKey,
    ...(table.rangeKey !== undefined && { "#range": table.rangeKey }),
  }
  const seconds = Math.floor(now / 1000)
  return {
    TableName: table.name,
    Limit: pageItems,
    FilterExpression: "#expires <= :now AND #expires > :oldest",
    ProjectionExpression: Object.keys(names).join(", "),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ":now": { N: String(seconds) }, ":oldest": { N: String(seconds - fiveYearsSeconds) } },
    ...(cursor !== undefined && { ExclusiveStartKey: cursor }),
  }
}
