import type { Json } from "../../host.ts"

export interface Location {
  readonly line: number
  readonly column: number
  readonly sourceName: null
}

/** One entry of a response's `errors`. What AppSync found before or around execution has no `errorType`. */
export interface ResponseError {
  readonly path: readonly (string | number)[] | null
  readonly data?: Json
  readonly errorType?: string | null
  readonly errorInfo?: Json
  readonly locations: readonly Location[] | null
  readonly message: string
}

/** The first of graphql-js's locations as AppSync writes one. */
export const locationsOf = (
  locations: readonly { line: number; column: number }[] | undefined,
): readonly Location[] | null => {
  const [first] = locations ?? []
  return first === undefined ? null : [{ line: first.line, column: first.column, sourceName: null }]
}

/** A path as graphql-java prints it: `/posts[0]/title`. */
export const pathText = (path: readonly (string | number)[]): string =>
  path.map(segment => (typeof segment === "number" ? `[${segment}]` : `/${segment}`)).join("")
