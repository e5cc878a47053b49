import type ts from "typescript"
import { type ModuleScript, moduleScript } from "../moduleScript.ts"
import { checkCalls } from "./callRules.ts"
import { type CodeError, type CodeWarning, collectFindings } from "./codeError.ts"
import { checkContext } from "./contextRules.ts"
import { checkedProgram, loadTypeScript } from "./program.ts"
import { warnOfDifferences } from "./silentDifferences.ts"
import { checkSyntax } from "./syntaxRules.ts"

/** What is known about one module: why AWS refuses it, what it silently does otherwise, and its runnable form. */
export interface CheckedCode extends ModuleScript {
  readonly errors: readonly CodeError[]
  readonly warnings: readonly CodeWarning[]
}

const codeBytesMax = 32_768

/**
 * Type errors for which AWS is known to refuse a module: unknown names, modules and members, comparisons that are always false.
 * Others are warned of: AWS's own settings are not public.
 */
const refusedDiagnostics = new Set([2300, 2304, 2307, 2339, 2349, 2367, 2451, 2551, 2552, 2588, 18004])

/** A variable that changes its shape is refused; arguments of AppSync's functions were recorded to be taken as they come. */
const refusedOutsideOfArguments = new Set([2322, 2739, 2740, 2741])

/** "Is a type and cannot be imported in JavaScript files", and members of an untyped filter: harmless. */
const harmlessDiagnostics = new Set([2353, 18042])

/** Why AWS would refuse the module; empty when it takes it. */
export const checkCode = (code: string): readonly CodeError[] => checkCodes([code])[0]?.errors ?? []

/** Checks several modules at once, which costs little more than one: the types are read only once. */
export function checkCodes(codes: readonly string[]): CheckedCode[] {
  if (codes.length === 0) return []
  const typescript = loadTypeScript()
  const { program, files } = checkedProgram(typescript, codes)
  return files.map((file, index) => {
    const source = program.getSourceFile(file)
    const code = codes[index] ?? ""
    if (source === undefined) throw new Error("A module was not parsed")
    const { errors, warnings } = findingsIn(typescript, program, source, code)
    return { errors, warnings, ...moduleScript(typescript, source, code) }
  })
}

function findingsIn(typescript: typeof ts, program: ts.Program, source: ts.SourceFile, code: string) {
  const findings = collectFindings(source)
  const bytes = Buffer.byteLength(code)
  if (bytes > codeBytesMax) {
    findings.refuse("LINT_ERROR", source, `Code is ${bytes} bytes; AppSync takes at most ${codeBytesMax}.`)
  }
  const syntactic = program.getSyntacticDiagnostics(source)
  const parseErrors = (diagnostics: readonly ts.Diagnostic[]) =>
    diagnostics.map(diagnostic => parseError(typescript, source, diagnostic))
  if (syntactic.length > 0) return { errors: [...findings.errors, ...parseErrors(syntactic)], warnings: [] }

  const inspection = { typescript, source, checker: program.getTypeChecker(), findings }
  const visit = (node: ts.Node): void => {
    checkSyntax(node, inspection)
    checkCalls(node, inspection)
    checkContext(node, inspection)
    warnOfDifferences(node, inspection)
    typescript.forEachChild(node, visit)
  }
  visit(source)
  const semantic = program.getSemanticDiagnostics(source).filter(({ code }) => !harmlessDiagnostics.has(code))
  const isRefused = ({ code, start = 0 }: ts.Diagnostic): boolean =>
    refusedDiagnostics.has(code) || (refusedOutsideOfArguments.has(code) && !isArgument(typescript, source, start))
  const errors = [...findings.errors, ...parseErrors(semantic.filter(isRefused))]
  const doubts = parseErrors(semantic.filter(diagnostic => !isRefused(diagnostic))).map(typeWarning)
  return { errors: errors.sort(byPosition), warnings: [...findings.warnings, ...doubts] }
}

/** Whether a position lies in the arguments of a call. */
function isArgument(typescript: typeof ts, source: ts.SourceFile, position: number): boolean {
  const covers = (node: ts.Node): boolean => node.getStart(source) <= position && position < node.end
  const search = (node: ts.Node): boolean => {
    if (!covers(node)) return false
    if (typescript.isCallExpression(node) && node.arguments.some(covers)) return true
    return typescript.forEachChild(node, search) ?? false
  }
  return search(source)
}

const typeWarning = ({ value, location: { line, column } }: CodeError): CodeWarning => ({
  message: `AWS may refuse this: ${value.replace(/^code\.js\([\d,]+\): error /, "").trim()}`,
  line,
  column,
})

const byPosition = (one: CodeError, other: CodeError): number =>
  one.location.line - other.location.line || one.location.column - other.location.column

/** A TypeScript error in AWS's form: `code.js(5,14): error TS2339: …`. */
function parseError(typescript: typeof ts, source: ts.SourceFile, diagnostic: ts.Diagnostic): CodeError {
  const { line, character } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
  const message = typescript.flattenDiagnosticMessageText(diagnostic.messageText, "\n")
  return {
    errorType: "PARSE_ERROR",
    value: `code.js(${line + 1},${character + 1}): error TS${diagnostic.code}: ${message}\n`,
    location: { line: line + 1, column: character + 1, span: diagnostic.length ?? 0 },
  }
}
