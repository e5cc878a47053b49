import { isRecord } from "../../run.ts"

/** Rows of each statement by column label, from an RDS Data API response; a null has no member, a change has one empty row. */
export function toJsonObject(response: unknown): unknown {
  const parsed: unknown = typeof response === "string" ? JSON.parse(response) : response
  if (!isRecord(parsed) || !Array.isArray(parsed.sqlStatementResults)) return null
  return parsed.sqlStatementResults.map(statement => {
    if (!Array.isArray(statement.records)) return [{}]
    const columns: unknown[] = statement.columnMetadata ?? []
    return statement.records.map((row: unknown[]) => rowOf(columns, row))
  })
}

const rowOf = (columns: readonly unknown[], row: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(
    row.map((cell, index) => [labelOf(columns[index], index), cellValue(cell)]).filter(([, value]) => value !== null),
  )

const labelOf = (column: unknown, index: number): string =>
  isRecord(column) ? String(column.label ?? column.name ?? index) : String(index)

function cellValue(cell: unknown): unknown {
  if (!isRecord(cell) || cell.isNull === true) return null
  const [value = null] = Object.values(cell)
  if (!isRecord(value)) return value
  const [list = []] = Object.values(value)
  return "arrayValues" in value && Array.isArray(list) ? list.map(arrayValue) : list
}

/** An array in an array: `{ longValues: [1, 2] }`. */
const arrayValue = (array: unknown): unknown => cellValue({ arrayValue: array })
