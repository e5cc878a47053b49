import type { Aggregate, Relied } from "./aggregate.ts"

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
