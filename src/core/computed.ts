import type { z } from "zod"
import type { Authorize } from "./authorize.ts"
import type { AnyProjection } from "./projection.ts"
import type { AnyView } from "./view.ts"

/** Rows that were read for an answer, by name; undefined when not there. */
export type ReadRows = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>

/** A query whose answer is computed from rows and the time when it is asked, and not kept. */
export interface Computed {
  /** camelCase; the name of its query. */
  readonly name: string
  /** The question that it answers. */
  readonly description: string
  readonly arguments: z.ZodObject
  /** Name of the answer's GraphQL type. */
  readonly type: string
  readonly answer: z.ZodObject
  readonly authorize: Authorize
  /** Rows to read first: name → view or projection, and the values of its key. */
  readonly reads?: Readonly<
    Record<string, { of: AnyView | AnyProjection; key: (asked: never) => Readonly<Record<string, string>> }>
  >
  readonly compute: (asked: never, rows: ReadRows, now: string) => unknown
}

/** Declares a computed query. */
export const computed = <Arguments extends z.ZodObject, Answer extends z.ZodObject>(
  declaration: Omit<Computed, "arguments" | "answer" | "reads" | "compute"> & {
    readonly arguments: Arguments
    readonly answer: Answer
    readonly reads?: Readonly<
      Record<
        string,
        { of: AnyView | AnyProjection; key: (asked: z.output<Arguments>) => Readonly<Record<string, string>> }
      >
    >
    readonly compute: (asked: z.output<Arguments>, rows: ReadRows, now: string) => z.output<Answer>
  },
): Computed => declaration as Computed
