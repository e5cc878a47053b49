import type { z } from "zod"
import type { AnyAggregate } from "./aggregate.ts"
import type { Authorize } from "./authorize.ts"
import type { DataOf, EventInfo, MessageType } from "./message.ts"

/** How events of one aggregate change a row. */
export interface ProjectionSource<Row> {
  readonly of: AnyAggregate
  readonly on: Readonly<Record<string, (row: Row, data: never, info: EventInfo) => Row>>
}

/** One event's effect on a row. */
export const onEvent = <Type extends MessageType, Row>(
  type: Type,
  apply: (row: Row, data: DataOf<Type>, info: EventInfo) => Row,
): Readonly<Record<string, (row: Row, data: never, info: EventInfo) => Row>> => ({ [type.type]: apply })

/**
 * A view over several aggregates, built event by event. Events of one stream come in order and once; events of different
 * streams come in any order, so their effects must commute (the test DSL shuffles them).
 */
export interface Projection<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly description: string
  readonly type: string
  readonly row: Schema
  readonly version?: number
  readonly partition: readonly (keyof z.output<Schema> & string)[]
  readonly authorize: Authorize
  /** The row before any event, without its key fields. */
  readonly initial: Partial<z.output<Schema>>
  /** The key fields of the row that an event of this stream changes. */
  readonly key: (info: { tenant: string; id: string }) => Readonly<Record<string, string>>
  readonly from: readonly ProjectionSource<z.output<Schema>>[]
}

/** Declares a projection. */
export const projection = <Schema extends z.ZodObject>(declaration: Projection<Schema>): Projection<Schema> =>
  declaration

// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list needs an existential type, which TypeScript lacks
export type AnyProjection = Projection<any>

/** The row after one event; an event without a handler leaves it as it is. */
export function applyEvent<Row>(
  source: ProjectionSource<Row>,
  row: Row,
  type: string,
  data: Readonly<Record<string, unknown>>,
  info: EventInfo,
): Row {
  const apply = source.on[type] as ((row: Row, data: unknown, info: EventInfo) => Row) | undefined
  return apply === undefined ? row : apply(row, data, info)
}
