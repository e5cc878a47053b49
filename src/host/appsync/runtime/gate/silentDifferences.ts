import type ts from "typescript"
import type { Inspection } from "./codeError.ts"

/** Warns of code that AWS accepts and runs otherwise than JavaScript does. */
export function warnOfDifferences(node: ts.Node, { typescript, findings }: Inspection): void {
  if (!typescript.isBinaryExpression(node)) return
  const operator = node.operatorToken.kind
  if (operator === typescript.SyntaxKind.QuestionQuestionToken && containsCall(node.right, typescript)) {
    findings.warn(node, "AWS evaluates the right side of ?? even when the left side is set; use a condition instead")
  }
  const compound =
    operator >= typescript.SyntaxKind.FirstCompoundAssignment &&
    operator <= typescript.SyntaxKind.LastCompoundAssignment
  if (compound && !typescript.isExpressionStatement(node.parent)) {
    findings.warn(node, "AWS gives an empty string as the value of a compound assignment; assign first, then read")
  }
}

function containsCall(node: ts.Node, typescript: typeof ts): boolean {
  if (typescript.isCallExpression(node)) return true
  if (typescript.isFunctionLike(node)) return false
  return typescript.forEachChild(node, child => containsCall(child, typescript)) ?? false
}
