import { type Context, util } from "@aws-appsync/utils"

const rowsDefault = 25
const rowsMax = 100

/** How many rows a page may have. */
export function pageLimit(ctx: Context): number {
  const limit = ctx.args.limit ?? rowsDefault
  if (limit < 1 || limit > rowsMax) util.error(`limit must be between 1 and ${rowsMax}.`, "InvalidLimit")
  return limit
}

/** A stored item as the API shows it. */
export function rowOf(item: Record<string, unknown>, projection: boolean | undefined): Record<string, unknown> {
  const row = item.row as Record<string, unknown>
  return projection ? row : { ...row, version: item.version }
}
