import { SqlTemplate } from "./conditions.ts"
import { toJsonObject } from "./rows.ts"
import { type Dialect, rdsRequest, Statement, TypedValue } from "./statements.ts"

const postgres: Dialect = { name: "createPgStatement", quote: '"', returns: true }
const mySql: Dialect = { name: "createMySQLStatement", quote: "`", returns: false }

const typeHint = (type: string) => (value: unknown) => new TypedValue(type, value)

const aggregate = (name: string) => (column: string) => ({ aggregate: name, column })

/** `@aws-appsync/utils/rds`: requests of a relational data source; the host writes them, and has no such source to run them. */
export const rdsModule = {
  toJsonObject,
  select: (payload?: unknown) => new Statement("select", payload),
  insert: (payload?: unknown) => new Statement("insert", payload),
  update: (payload?: unknown) => new Statement("update", payload),
  remove: (payload?: unknown) => new Statement("remove", payload),
  createPgStatement: (...statements: unknown[]) => rdsRequest(postgres, statements),
  createMySQLStatement: (...statements: unknown[]) => rdsRequest(mySql, statements),
  sql: (texts: readonly string[], ...values: unknown[]) => new SqlTemplate([...texts], values),
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
