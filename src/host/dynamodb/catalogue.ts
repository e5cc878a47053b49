import { AwsError, type JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { awsForm, type Place } from "./arns.ts"
import type { Backend } from "./backend.ts"

/** What the host must know of a table on every call. */
export interface TableInfo {
  readonly name: string
  readonly hashKey: string
  readonly rangeKey?: string
  readonly stream?: { readonly arn: string; readonly backendArn: string }
  readonly timeToLiveAttribute?: string
}

/** The tables that exist, in memory; `refresh` after a call that changes one. */
export interface Catalogue {
  get(tableName: string): TableInfo | undefined
  all(): readonly TableInfo[]
  refresh(tableName: string): Promise<void>
  load(): Promise<void>
}

export function createCatalogue(place: Place, backend: () => Promise<Backend>): Catalogue {
  const tables = new Map<string, TableInfo>()

  const refresh = async (name: string) => {
    const info = await describe(name, place, await backend())
    if (info === undefined) tables.delete(name)
    else tables.set(name, info)
  }

  const load = async () => {
    let start: JsonObject = {}
    do {
      const page = await (await backend()).call("ListTables", start)
      for (const name of listOf(page.TableNames)) await refresh(String(name))
      start = page.LastEvaluatedTableName ? { ExclusiveStartTableName: page.LastEvaluatedTableName } : {}
    } while (start.ExclusiveStartTableName)
  }

  return { get: name => tables.get(name), all: () => [...tables.values()], refresh, load }
}

async function describe(name: string, place: Place, backend: Backend): Promise<TableInfo | undefined> {
  try {
    const table = objectOf((await backend.call("DescribeTable", { TableName: name })).Table)
    const ttl = objectOf((await backend.call("DescribeTimeToLive", { TableName: name })).TimeToLiveDescription)
    const [hashKey = "", rangeKey] = keyNames(table)
    const backendArn =
      objectOf(table.StreamSpecification).StreamEnabled === true ? textOf(table.LatestStreamArn) : undefined
    const timeToLiveAttribute = String(ttl.TimeToLiveStatus).startsWith("ENABL") ? textOf(ttl.AttributeName) : undefined
    return {
      name,
      hashKey,
      ...(rangeKey !== undefined && { rangeKey }),
      ...(backendArn !== undefined && { stream: { backendArn, arn: String(awsForm(backendArn, place)) } }),
      ...(timeToLiveAttribute !== undefined && { timeToLiveAttribute }),
    }
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined
    throw error
  }
}

/** Names of a table's or an index's key attributes, the hash key first. */
export function keyNames(tableOrIndex: JsonObject): string[] {
  const keys = listOf(tableOrIndex.KeySchema).map(objectOf)
  return [...keys]
    .sort((a, b) => Number(a.KeyType !== "HASH") - Number(b.KeyType !== "HASH"))
    .map(key => String(key.AttributeName))
}
