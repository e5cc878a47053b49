import type ts from "typescript"

/** One reason why AWS refuses a module, as EvaluateCode reports it; line and column count from 1. */
export interface CodeError {
  readonly errorType: "PARSE_ERROR" | "UNSUPPORTED_SYNTAX_TYPE" | "INVALID_FUNCTION_INVOCATION" | "LINT_ERROR"
  readonly value: string
  readonly location: { readonly line: number; readonly column: number; readonly span: number }
}

/** What APPSYNC_JS does otherwise than JavaScript without saying so. */
export interface CodeWarning {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** Where a rule puts what it finds. */
export interface Findings {
  refuse(errorType: CodeError["errorType"], node: ts.Node, value: string): void
  warn(node: ts.Node, message: string): void
}

/** What a rule needs to look at a node. */
export interface Inspection {
  readonly typescript: typeof ts
  readonly source: ts.SourceFile
  readonly checker: ts.TypeChecker
  readonly findings: Findings
}

/** Collects findings with their positions. */
export function collectFindings(source: ts.SourceFile): Findings & { errors: CodeError[]; warnings: CodeWarning[] } {
  const errors: CodeError[] = []
  const warnings: CodeWarning[] = []
  const at = (node: ts.Node) => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source))
    return { line: line + 1, column: character + 1 }
  }
  return {
    errors,
    warnings,
    refuse: (errorType, node, value) =>
      errors.push({ errorType, value, location: { ...at(node), span: node.getWidth(source) } }),
    warn: (node, message) => warnings.push({ message, ...at(node) }),
  }
}
