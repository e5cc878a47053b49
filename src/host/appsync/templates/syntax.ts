import { createRequire } from "node:module"

/** A value in a template. */
export type Expression =
  | Reference
  | { readonly type: "string"; readonly value: string; readonly isEval?: boolean }
  | { readonly type: "integer" | "decimal"; readonly value: string | number }
  | { readonly type: "bool"; readonly value: string }
  | { readonly type: "array"; readonly value: readonly (Expression | string)[]; readonly isRange?: boolean }
  | { readonly type: "map"; readonly value?: Readonly<Record<string, Expression>> }
  | { readonly type: "math"; readonly expression: readonly Expression[]; readonly operator: string }

/** `$name.path[…].method(…)`. */
export interface Reference {
  readonly type: "references"
  readonly id: string
  /** `$`, or `$!` for one that prints nothing when it has no value. */
  readonly leader: string
  readonly isWraped?: boolean
  readonly path?: readonly PathStep[]
}

/** One step from a value to the next. */
export type PathStep =
  | { readonly type: "property"; readonly id: string }
  | { readonly type: "index"; readonly id: Expression }
  | { readonly type: "method"; readonly id: string; readonly args?: readonly Expression[] | false }

/** What a template consists of: text, references, directives, and blocks that begin with their directive. */
export type Statement =
  | string
  | Reference
  | { readonly type: "set"; readonly equal: readonly [Reference, Expression] }
  | { readonly type: "comment" | "break" | "else" }
  | { readonly type: "raw"; readonly value: string }
  | { readonly type: "if" | "elseif"; readonly condition: Expression }
  | { readonly type: "foreach"; readonly from: Expression; readonly to: string }
  | { readonly type: "macro_call"; readonly id: string; readonly args?: readonly Expression[] | false }
  | { readonly type: "macro"; readonly id: string; readonly args?: readonly Expression[] | false }
  | { readonly type: "define"; readonly id: string }
  | { readonly type: "noescape" | "macro_body" }
  | Block

/** The statements of a directive up to its `#end`. */
export interface Block extends ReadonlyArray<Statement> {}

/** What `#return(value)` calls; Velocity's language has no such directive. */
export const directives = "appsyncDirectives"

/** Parses Velocity's language with AppSync's `#return`. Throws Error with the position of what it cannot read. */
export function parseTemplate(text: string): readonly Statement[] {
  const withReturns = text.replace(/#(?:return|\{return\})(?!\w)(\s*\()?/g, (_, open) =>
    open === undefined ? `$${directives}.return()` : `$${directives}.return(`,
  )
  // Loaded at the first template: most APIs have none.
  const { parse }: typeof import("velocityjs") = createRequire(import.meta.url)("velocityjs")
  return JSON.parse(JSON.stringify(parse(withReturns)))
}
