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
  readonly path?: readonly PathStep[]
  /** What the template writes, of a reference that is to be printed: Velocity prints it where there is no value. */
  readonly source?: string
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
  try {
    return parsed(withReturns)
  } catch (error) {
    // The parser takes no brace right behind a reference that ends with a parenthesis; JSON takes a space there.
    const parted = withReturns.replaceAll("){", ") {")
    if (parted === withReturns) throw error
    return parsed(parted)
  }
}

function parsed(text: string): readonly Statement[] {
  // Loaded at the first template: most APIs have none.
  const { parse }: typeof import("velocityjs") = createRequire(import.meta.url)("velocityjs")
  const marked = text.replace(operatorMember, `.${mark}$1`)
  const lines = marked.split("\n")
  try {
    const statements = JSON.parse(JSON.stringify(parse(marked)), (_, node) =>
      node?.type === "references" && isPlace(node.pos) ? { ...node, source: textAt(lines, node.pos) } : node,
    )
    return JSON.parse(JSON.stringify(statements).replaceAll(mark, ""))
  } catch (error) {
    throw new Error((error instanceof Error ? error.message : String(error)).replaceAll(mark, ""))
  }
}

/** Where a node stands: lines from 1, columns from 0. */
interface Place {
  readonly first_line: number
  readonly last_line: number
  readonly first_column: number
  readonly last_column: number
}

const isPlace = (value: unknown): value is Place => typeof value === "object" && value !== null && "first_line" in value

function textAt(lines: readonly string[], place: Place): string {
  const covered = lines.slice(place.first_line - 1, place.last_line)
  const last = covered.pop() ?? ""
  return [...covered, last.slice(0, place.last_column)].join("\n").slice(place.first_column)
}

/** Members that are named like an operator, as in `$ctx.args.filter.eq`: the parser would take them for one. */
const operatorMember = /(?<=[\w)\]}])\.(eq|ne|gt|lt|ge|le|and|or|not)\b/g
const mark = "appsyncMember_"
