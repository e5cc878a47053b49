import type { Aggregate, AnyAggregate } from "./aggregate.ts"
import type { CommandInfo } from "./message.ts"

/** Another stream of the same tenant that decisions rely on: read with the aggregate, and unmoved when the decision commits. */
export interface Relied<State = unknown> {
  readonly of: AnyAggregate
  /** Its id within the tenant. */
  readonly id: (tenant: string) => string
  /** Its state as the decision may see it. */
  readonly state: (info: CommandInfo) => State
}

/** Declares a stream that decisions rely on. */
export const relied = <State>(
  // biome-ignore lint/suspicious/noExplicitAny: only the state's type matters here
  of: Aggregate<any, any, State, any>,
  id: (tenant: string) => string,
): Relied<State> => ({
  of,
  id,
  state: ({ relied: states }) => (states?.get(of.name) ?? of.initial) as State,
})
