import { isRecord } from "../run.ts"

/** Rows of each statement by column label, from an RDS Data API response. */
export function toJsonObject(response: unknown): unknown {
  const parsed: unknown = typeof response === "string" ? JSON.parse(response) : response
  if (!isRecord(parsed) || !Array.isArray(parsed.sqlStatementResults)) return null
  return parsed.sqlStatementResults.map(statement => {
    const columns: unknown[] = statement.columnMetadata ?? []
    const rows: unknown[][] = statement.records ?? []
    return rows.map(row =>
      Object.fromEntries(row.map((cell, index) => [labelOf(columns[index], index), cellValue(cell)])),
    )
  })
}

const labelOf = (column: unknown, index: number): string =>
  isRecord(column) ? String(column.label ?? column.name ?? index) : String(index)

const cellValue = (cell: unknown): unknown => {
  if (!isRecord(cell) || cell.isNull === true) return null
  return Object.entries(cell).find(([type]) => type !== "isNull")?.[1] ?? null
}

const statement =
  (kind: string) =>
  (payload: unknown): unknown => ({ kind, payload })

const typeHint = (type: string) => (value: unknown) => ({ type, value })

const aggregate = (name: string) => (column: string) => ({ aggregate: name, column })

/**
 * `@aws-appsync/utils/rds`. The functions can be imported and called; the host has no relational data source, so that a request
 * built from them is refused by name when it is used.
 */
export const rdsModule = {
  toJsonObject,
  select: statement("select"),
  insert: statement("insert"),
  update: statement("update"),
  remove: statement("remove"),
  createPgStatement: (...statements: unknown[]) => ({ statements, variableMap: {}, variableTypeHintMap: {} }),
  createMySQLStatement: (...statements: unknown[]) => ({ statements, variableMap: {}, variableTypeHintMap: {} }),
  sql: (texts: readonly string[], ...values: unknown[]) => ({ kind: "sql", payload: { texts: [...texts], values } }),
  typeHint: Object.fromEntries(
    ["DECIMAL", "JSON", "TIMESTAMP", "TIME", "UUID", "DATE"].map(type => [type, typeHint(type)]),
  ),
  agg: Object.fromEntries(
    ["max", "min", "count", "avg", "sum"].flatMap(name => [
      [name, aggregate(name)],
      [`${name}Distinct`, aggregate(`${name}Distinct`)],
    ]),
  ),
}

/** `@aws-appsync/utils/ai`: requests to Bedrock, which the host has not. */
export const aiModule = {
  invokeModel: (payload: object) => ({ operation: "InvokeModel", ...payload }),
  converse: (payload: object) => ({ operation: "Converse", ...payload }),
}
