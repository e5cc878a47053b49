import type ts from "typescript"
import type { Inspection } from "./codeError.ts"

/** Refuses writing to `ctx` or to its own properties in `request` and `response`; inside of them writing is fine. */
export function checkContext(node: ts.Node, { typescript, checker, findings }: Inspection): void {
  if (!typescript.isFunctionDeclaration(node) || !/^(request|response)$/.test(node.name?.text ?? "")) return
  const [parameter] = node.parameters
  if (parameter === undefined || !typescript.isIdentifier(parameter.name) || node.body === undefined) return
  const { text } = parameter.name
  const symbol = checker.getSymbolAtLocation(parameter.name)

  const visit = (inner: ts.Node): void => {
    if (typescript.isIdentifier(inner) && inner.text === text && checker.getSymbolAtLocation(inner) === symbol) {
      const { parent } = inner
      if (isWritten(inner, typescript)) {
        findings.refuse("LINT_ERROR", inner, `${text} is readonly and re-assignment is not supported.`)
      } else if (isMember(parent, inner, typescript) && isWritten(parent, typescript)) {
        findings.refuse(
          "LINT_ERROR",
          parent,
          `${text} is readonly. Adding/Updating ${memberName(parent, typescript)} is not supported.`,
        )
      }
    }
    typescript.forEachChild(inner, visit)
  }
  visit(node.body)
}

const isMember = (
  parent: ts.Node,
  object: ts.Node,
  typescript: typeof ts,
): parent is ts.PropertyAccessExpression | ts.ElementAccessExpression =>
  (typescript.isPropertyAccessExpression(parent) || typescript.isElementAccessExpression(parent)) &&
  parent.expression === object

const memberName = (node: ts.PropertyAccessExpression | ts.ElementAccessExpression, typescript: typeof ts): string => {
  if (typescript.isPropertyAccessExpression(node)) return node.name.text
  const { argumentExpression: name } = node
  return typescript.isStringLiteralLike(name) ? name.text : name.getText()
}

/** Is the expression assigned to, stepped, deleted, or the variable of a loop or of a destructuring? */
function isWritten(node: ts.Node, typescript: typeof ts): boolean {
  const { parent } = node
  if (typescript.isBinaryExpression(parent)) {
    const operator = parent.operatorToken.kind
    return (
      parent.left === node &&
      operator >= typescript.SyntaxKind.FirstAssignment &&
      operator <= typescript.SyntaxKind.LastAssignment
    )
  }
  if (typescript.isPrefixUnaryExpression(parent) || typescript.isPostfixUnaryExpression(parent)) {
    return (
      parent.operator === typescript.SyntaxKind.PlusPlusToken ||
      parent.operator === typescript.SyntaxKind.MinusMinusToken
    )
  }
  if (typescript.isDeleteExpression(parent)) return true
  if (typescript.isForInStatement(parent) || typescript.isForOfStatement(parent)) return parent.initializer === node
  return isDestructuringTarget(node, parent, typescript)
}

/** `({ id: ctx.args } = value)` and `[ctx.args] = value`. */
function isDestructuringTarget(node: ts.Node, parent: ts.Node, typescript: typeof ts): boolean {
  const holder = typescript.isPropertyAssignment(parent) && parent.initializer === node ? parent.parent : parent
  if (!typescript.isObjectLiteralExpression(holder) && !typescript.isArrayLiteralExpression(holder)) return false
  const assignment = typescript.isParenthesizedExpression(holder.parent) ? holder.parent.parent : holder.parent
  return (
    typescript.isBinaryExpression(assignment) &&
    assignment.left === holder &&
    assignment.operatorToken.kind === typescript.SyntaxKind.EqualsToken
  )
}
