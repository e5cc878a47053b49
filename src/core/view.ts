import type { z } from "zod"
import type { Aggregate, AnyAggregate } from "./aggregate.ts"
import type { Authorize } from "./authorize.ts"

/** What a view knows of the snapshot besides its state. */
export interface SnapshotInfo {
  readonly tenant: string
  /** The aggregate's id within its tenant. */
  readonly id: string
  readonly version: number
  /** ISO time of the event that led to this state. */
  readonly time: string
}

/** The rows that one aggregate's state gives. No rows: whatever it gave before is gone. */
export interface RowSource<Row> {
  readonly of: AnyAggregate
  readonly rows: (state: never, info: SnapshotInfo) => readonly Row[]
}

/** Rows of a view from the state of one aggregate. */
export const rowsOf = <State, Row>(
  // biome-ignore lint/suspicious/noExplicitAny: only the state's type matters here
  of: Aggregate<any, any, State, any>,
  rows: (state: State, info: SnapshotInfo) => readonly Row[],
): RowSource<Row> => ({ of, rows: rows as RowSource<Row>["rows"] })

/** A field of a row's GraphQL type that leads to another view or projection; its key comes from the row. */
export interface Relation {
  readonly to: string
  /** Key field there → field here. */
  readonly by: Readonly<Record<string, string>>
  readonly description?: string
}

/** The answer to one question, kept as rows that each derive from one snapshot. */
export interface View<Schema extends z.ZodObject = z.ZodObject> {
  /** camelCase; the name of its query. */
  readonly name: string
  /** The question that it answers. */
  readonly description: string
  /** Name of the row's GraphQL type; views of one type share their row schema. */
  readonly type: string
  readonly row: Schema
  /** Raised with the row's shape: the new version is built beside the old. Default 1. */
  readonly version?: number
  /** Fields that form the partition; the first one is the scope that `authorize` checks. */
  readonly partition: readonly (keyof z.output<Schema> & string)[]
  /** Fields that order and identify rows in the partition; none: there is one row, read by key. */
  readonly sort?: readonly (keyof z.output<Schema> & string)[]
  readonly authorize: Authorize
  /** Fields whose value finds the one row, each with a query of its own: `<name>By<Field>`. */
  readonly unique?: readonly (keyof z.output<Schema> & string)[]
  /** Further orders of a list, each a query by this name; at most three. */
  readonly indexes?: Readonly<
    Record<
      string,
      {
        readonly description: string
        readonly partition: readonly (keyof z.output<Schema> & string)[]
        readonly sort: readonly (keyof z.output<Schema> & string)[]
      }
    >
  >
  /** Row field → where it leads. */
  readonly relations?: Readonly<Record<string, Relation>>
  /** Pushes a change notice to subscribers of `on<Name>Changed`. */
  readonly live?: boolean
  readonly from: readonly RowSource<z.output<Schema>>[]
}

/** Declares a view; checks that its keys are fields of its row. */
export const view = <Schema extends z.ZodObject>(declaration: View<Schema>): View<Schema> => declaration

// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list needs an existential type, which TypeScript lacks
export type AnyView = View<any>

/** A view's name and version as stored in its keys. */
export const storedName = (of: { readonly name: string; readonly version?: number }) => `${of.name}.${of.version ?? 1}`

/** Where a row stands in the view store. */
export interface RowKey {
  readonly partition: string
  readonly sort: string
}

type Row = Readonly<Record<string, unknown>>
const joined = (row: Row, fields: readonly string[]) =>
  fields.map(field => encodeURIComponent(String(row[field]))).join("/")

/**
 * The key of a row: `scope/view/further partition fields` and the sort fields, ended by the aggregate it comes from,
 * so that two sources never write the same item.
 */
export function rowKey(of: AnyView, row: Row, aggregate: string): RowKey {
  return {
    partition: partitionKey(storedName(of), of.partition, row),
    sort: of.sort === undefined ? "." : `${joined(row, of.sort)}/${aggregate}`,
  }
}

/** `scope/name/further fields`. */
export function partitionKey(name: string, fields: readonly string[], row: Row): string {
  const [scope = "", ...rest] = fields
  return [joined(row, [scope]), name, ...(rest.length === 0 ? [] : [joined(row, rest)])].join("/")
}

/** Keys of a row in the shared indexes, in the order of declaration. */
export function indexKeys(of: AnyView, row: Row, aggregate: string): readonly RowKey[] {
  return Object.entries(of.indexes ?? {}).map(([name, index]) => ({
    partition: partitionKey(`${storedName(of)}.${name}`, index.partition, row),
    sort: `${joined(row, index.sort)}/${joined(row, of.sort ?? [])}/${aggregate}`,
  }))
}

/** Keys under which a row is found by its unique fields; the stream tells an old holder from a new one. */
export function uniqueKeys(of: AnyView, row: Row, stream: string): readonly RowKey[] {
  return (of.unique ?? [])
    .filter(field => row[field] != null)
    .map(field => ({ partition: `unique/${storedName(of)}.${field}/${normalized(row[field])}`, sort: stream }))
}

const normalized = (value: unknown) => encodeURIComponent(String(value).normalize("NFKC").trim().toLowerCase())
