import type { Json, JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import type { Access } from "./accesses.ts"
import { tableNameOf } from "./arns.ts"

/** The input with table names where it has table ARNs, which dynoxide does not take; the same object when there is none. */
export function withBareNames(input: JsonObject, accesses: readonly Access[]): JsonObject {
  if (!accesses.some(({ table }) => table.startsWith("arn:"))) return input
  const { RequestItems: requests, TransactItems: items, ...rest } = input
  return {
    ...named(rest),
    ...(requests !== undefined && {
      RequestItems: Object.fromEntries(
        Object.entries(objectOf(requests)).map(([table, all]) => [tableNameOf(table), all]),
      ),
    }),
    ...(items !== undefined && { TransactItems: listOf(items).map(renameParts) }),
  }
}

function renameParts(item: Json): JsonObject {
  return Object.fromEntries(Object.entries(objectOf(item)).map(([kind, part]) => [kind, named(objectOf(part))]))
}

function named(input: JsonObject): JsonObject {
  const name = textOf(input.TableName)
  return name === undefined ? input : { ...input, TableName: tableNameOf(name) }
}
