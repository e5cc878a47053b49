import type ts from "typescript"
import type { Inspection } from "./codeError.ts"

type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction

/** Refuses calls and references that the runtime does not know, and functions used as values where it has none. */
export function checkCalls(node: ts.Node, inspection: Inspection): void {
  const { typescript } = inspection
  if (typescript.isCallExpression(node)) checkCall(node, inspection)
  else if (typescript.isIdentifier(node)) checkReference(node, inspection)
  else if (typescript.isReturnStatement(node)) checkReturned(node, node.expression, inspection)
  else if (typescript.isArrowFunction(node)) checkReturned(node, node.body, inspection)
  else if (typescript.isVariableDeclaration(node)) checkAssigned(node, node.initializer, inspection)
  else if (typescript.isBinaryExpression(node) && node.operatorToken.kind === typescript.SyntaxKind.EqualsToken) {
    checkAssigned(node, node.right, inspection)
  }
}

function checkCall(call: ts.CallExpression, inspection: Inspection): void {
  const { typescript, checker, findings } = inspection
  const callee = call.expression
  if (callee.kind === typescript.SyntaxKind.ImportKeyword) {
    findings.refuse("UNSUPPORTED_SYNTAX_TYPE", call, "Dynamic imports are not supported.")
    return
  }
  const symbol = checker.getSymbolAtLocation(typescript.isPropertyAccessExpression(callee) ? callee.name : callee)
  if (tagged(symbol, "unlisted")) {
    findings.warn(call, `${callee.getText()} is not in the list of functions that AWS documents for APPSYNC_JS`)
  }
  const refused =
    tagged(symbol, "refused") || signatureTagged(call, "refused", inspection) || refusedRoot(callee, inspection)
  const comparator =
    typescript.isPropertyAccessExpression(callee) && callee.name.text === "sort" && call.arguments.length > 0
  if (refused || comparator) {
    const value = `Invalid function invocation: ${callee.getText()} is not supported`
    findings.refuse("INVALID_FUNCTION_INVOCATION", call, value)
    return
  }

  const target = functionOf(callee, inspection)
  const passesFunction = call.arguments.some(argument => functionOf(argument, inspection) !== undefined)
  if (target !== undefined && passesFunction) {
    findings.refuse("LINT_ERROR", call, "Functions can not be passed as an argument")
  }
  const cycle = target === undefined ? undefined : cycleFrom(call, target, inspection)
  if (cycle !== undefined) {
    const names = cycle.map(one => nameOf(one, inspection)).join(" <-")
    findings.refuse("LINT_ERROR", call, `Recursive function calls not supported. Detected cycle in ${names}`)
  }
}

/** `Date.now()`: the name at the left is refused. */
function refusedRoot(callee: ts.Expression, { typescript, checker }: Inspection): boolean {
  let root = callee
  while (typescript.isPropertyAccessExpression(root) || typescript.isElementAccessExpression(root))
    root = root.expression
  return root !== callee && typescript.isIdentifier(root) && tagged(checker.getSymbolAtLocation(root), "refused")
}

/** `String(x)`: the name is there, calling it is refused. */
const signatureTagged = (call: ts.CallExpression, tag: string, { checker, typescript }: Inspection): boolean => {
  const declaration = checker.getResolvedSignature(call)?.declaration
  return declaration !== undefined && typescript.getJSDocTags(declaration).some(({ tagName }) => tagName.text === tag)
}

const tagged = (symbol: ts.Symbol | undefined, tag: string): boolean =>
  symbol?.getJsDocTags().some(({ name }) => name === tag) ?? false

/** A refused global that is neither called nor constructed, such as `const Clock = Date`. */
function checkReference(name: ts.Identifier, inspection: Inspection): void {
  const { typescript, checker, findings } = inspection
  const { parent } = name
  if (typescript.isPropertyAccessExpression(parent) || typescript.isCallExpression(parent)) return
  if (typescript.isNewExpression(parent)) return
  if (tagged(checker.getSymbolAtLocation(name), "refused")) {
    findings.refuse("PARSE_ERROR", name, `${name.text} is not supported`)
  }
}

function checkReturned(node: ts.Node, value: ts.Node | undefined, inspection: Inspection): void {
  if (value !== undefined && functionOf(value, inspection) !== undefined) {
    inspection.findings.refuse("LINT_ERROR", node, "returning a function is not allowed")
  }
}

function checkAssigned(node: ts.Node, value: ts.Expression | undefined, inspection: Inspection): void {
  if (value !== undefined && inspection.typescript.isIdentifier(value) && functionOf(value, inspection) !== undefined) {
    inspection.findings.refuse("LINT_ERROR", node, "re-assigning function is not allowed")
  }
}

/** The function of the module that an expression is or names. */
function functionOf(node: ts.Node, { typescript, checker }: Inspection): FunctionNode | undefined {
  const isFunction = (value: ts.Node | undefined): value is FunctionNode =>
    value !== undefined &&
    (typescript.isFunctionDeclaration(value) ||
      typescript.isFunctionExpression(value) ||
      typescript.isArrowFunction(value))
  if (isFunction(node)) return node
  if (!typescript.isIdentifier(node)) return undefined
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration
  const value =
    declaration !== undefined && typescript.isVariableDeclaration(declaration) ? declaration.initializer : declaration
  return isFunction(value) && value.getSourceFile().fileName.endsWith("/code.js") ? value : undefined
}

const callees = new WeakMap<FunctionNode, readonly FunctionNode[]>()

function calleesOf(caller: FunctionNode, inspection: Inspection): readonly FunctionNode[] {
  const known = callees.get(caller)
  if (known !== undefined) return known
  const found: FunctionNode[] = []
  const visit = (node: ts.Node): void => {
    if (inspection.typescript.isCallExpression(node)) {
      const target = functionOf(node.expression, inspection)
      if (target !== undefined) found.push(target)
    }
    inspection.typescript.forEachChild(node, visit)
  }
  inspection.typescript.forEachChild(caller, visit)
  callees.set(caller, found)
  return found
}

/** The way from the function around a call back to itself. */
function cycleFrom(call: ts.Node, target: FunctionNode, inspection: Inspection): FunctionNode[] | undefined {
  const start = inspection.typescript.findAncestor(
    call,
    (node): node is FunctionNode => node !== call && functionOf(node, inspection) === node,
  )
  if (start === undefined) return undefined
  const seen = new Set<FunctionNode>()
  const search = (at: FunctionNode, way: FunctionNode[]): FunctionNode[] | undefined => {
    if (at === start) return [...way, at]
    if (seen.has(at)) return undefined
    seen.add(at)
    for (const next of calleesOf(at, inspection)) {
      const found = search(next, [...way, at])
      if (found !== undefined) return found
    }
    return undefined
  }
  return search(target, [start])
}

const nameOf = (node: FunctionNode, { typescript }: Inspection): string => {
  if (node.name !== undefined) return node.name.getText()
  return typescript.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "Anonymous Function"
}
