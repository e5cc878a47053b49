import type ts from "typescript"

/** The text of an APPSYNC_JS module as a function body: imports become look-ups, exports a returned object. */
export interface ModuleScript {
  readonly script: string
  /** Names that the module exports. */
  readonly exports: readonly string[]
}

/** Modules that APPSYNC_JS can import. */
export const importable: ReadonlySet<string> = new Set([
  "@aws-appsync/utils",
  "@aws-appsync/utils/dynamodb",
  "@aws-appsync/utils/rds",
  "@aws-appsync/utils/ai",
])

/** Name under which the script finds the function that gives an imported module. */
export const importFunction = "$import"

/** Name under which the script finds the function that ends a loop where AppSync does. */
export const loopFunction = "$$"

interface Edit {
  start: number
  end: number
  text: string
}

/** Rewrites a parsed module in place, so that every statement keeps its line and, imports and heads of loops apart, its column. */
export function moduleScript(typescript: typeof ts, source: ts.SourceFile, text = source.text): ModuleScript {
  const exported = new Map<string, string>()
  const edits: Edit[] = []
  const replace = (node: ts.Node, text: string) => edits.push({ start: node.getStart(source), end: node.end, text })

  for (const statement of source.statements) {
    if (typescript.isImportDeclaration(statement)) replace(statement, importText(typescript, statement))
    else if (typescript.isExportDeclaration(statement)) {
      const clause = statement.exportClause
      if (clause !== undefined && typescript.isNamedExports(clause)) {
        for (const name of clause.elements) exported.set(name.name.text, (name.propertyName ?? name.name).text)
      }
      replace(statement, "")
    } else {
      const keyword = exportKeyword(typescript, statement)
      if (keyword === undefined) continue
      replace(keyword, "")
      for (const name of declaredNames(typescript, statement)) exported.set(name, name)
    }
  }
  edits.push(...loopEdits(typescript, source, source), ...equalityEdits(typescript, source, source))
  edits.sort((one, other) => one.start - other.start)
  const members = [...exported].map(([name, local]) => `${JSON.stringify(name)}: ${local}`)
  return { script: `${applied(text, edits)}\nreturn { ${members.join(", ")} }`, exports: [...exported.keys()] }
}

/** `for (const x of list)` → `for (const x of $$(list))`. */
function loopEdits(typescript: typeof ts, source: ts.SourceFile, node: ts.Node): Edit[] {
  const inner: Edit[] = []
  typescript.forEachChild(node, child => void inner.push(...loopEdits(typescript, source, child)))
  if (!typescript.isForOfStatement(node) && !typescript.isForInStatement(node)) return inner
  const { expression } = node
  const start = expression.getStart(source)
  return [
    { start, end: start, text: `${loopFunction}(` },
    ...inner,
    { start: expression.end, end: expression.end, text: ")" },
  ]
}

/** `x === undefined` → `x == undefined`: APPSYNC_JS cannot tell null from undefined [aws-appsync-community#305]. */
function equalityEdits(typescript: typeof ts, source: ts.SourceFile, node: ts.Node): Edit[] {
  const inner: Edit[] = []
  typescript.forEachChild(node, child => void inner.push(...equalityEdits(typescript, source, child)))
  if (!typescript.isBinaryExpression(node)) return inner
  const { left, operatorToken, right } = node
  const text = looseOperators.get(operatorToken.getText(source))
  if (text === undefined || ![left, right].some(side => isNothing(typescript, side))) return inner
  return [...inner, { start: operatorToken.getStart(source), end: operatorToken.end, text }]
}

const looseOperators = new Map([
  ["===", "=="],
  ["!==", "!="],
])

const isNothing = (typescript: typeof ts, expression: ts.Expression): boolean =>
  expression.kind === typescript.SyntaxKind.NullKeyword ||
  typescript.isVoidExpression(expression) ||
  (typescript.isIdentifier(expression) && expression.text === "undefined")

function importText(typescript: typeof ts, declaration: ts.ImportDeclaration): string {
  const from = `${importFunction}(${declaration.moduleSpecifier.getText()})`
  const clause = declaration.importClause
  const bindings = clause?.namedBindings
  if (bindings === undefined) return ""
  if (typescript.isNamespaceImport(bindings)) return `const ${bindings.name.text} = ${from};`
  const names = bindings.elements.map(({ name, propertyName }) =>
    propertyName === undefined ? name.text : `${propertyName.text}: ${name.text}`,
  )
  return `const { ${names.join(", ")} } = ${from};`
}

function exportKeyword(typescript: typeof ts, statement: ts.Statement): ts.Node | undefined {
  if (!typescript.canHaveModifiers(statement)) return undefined
  return typescript.getModifiers(statement)?.find(modifier => modifier.kind === typescript.SyntaxKind.ExportKeyword)
}

function declaredNames(typescript: typeof ts, statement: ts.Statement): string[] {
  if (typescript.isFunctionDeclaration(statement)) return statement.name === undefined ? [] : [statement.name.text]
  if (!typescript.isVariableStatement(statement)) return []
  return statement.declarationList.declarations.flatMap(({ name }) =>
    typescript.isIdentifier(name) ? [name.text] : [],
  )
}

/** A replacement fills the place of what it replaces: with spaces up to its length, with as many line breaks. */
function applied(text: string, edits: readonly Edit[]): string {
  let result = ""
  let at = 0
  for (const { start, end, text: replacement } of edits) {
    const breaks = text.slice(start, end).split("\n").length - 1
    const filler = breaks > 0 ? "\n".repeat(breaks) : " ".repeat(Math.max(0, end - start - replacement.length))
    result += text.slice(at, start) + replacement + filler
    at = end
  }
  return result + text.slice(at)
}
