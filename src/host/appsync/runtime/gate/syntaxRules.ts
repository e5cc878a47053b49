import type ts from "typescript"
import type { Inspection } from "./codeError.ts"

/** Node kinds that APPSYNC_JS does not have. */
const bannedKinds: Partial<Record<keyof typeof ts.SyntaxKind, string>> = {
  ForStatement: "For statements are not supported.",
  WhileStatement: "While statements are not supported.",
  DoStatement: "do...while statements are not supported.",
  ContinueStatement: "Continue statements are not supported.",
  LabeledStatement: "Labeled statements are not supported.",
  TryStatement: "Try statements are not supported.",
  ThrowStatement: "Throw statements are not supported. Use util.error().",
  WithStatement: "With statements are not supported.",
  DebuggerStatement: "Debugger statements are not supported.",
  ClassDeclaration: "Class declarations are not supported.",
  ClassExpression: "Class expressions are not supported.",
  ThisKeyword: "This expressions are not supported.",
  SuperKeyword: "Super expressions are not supported.",
  NewExpression: "New expressions are not supported.",
  RegularExpressionLiteral: "Regex literals are not supported.",
  YieldExpression: "Yield expressions are not supported.",
  AwaitExpression: "Await expressions are not supported.",
  MetaProperty: "Meta properties are not supported.",
  BigIntLiteral: "BigInt literals are not supported.",
  GetAccessor: "Getters are not supported.",
  SetAccessor: "Setters are not supported.",
  ExportAssignment: "Default exports are not supported. Export request and response by name.",
}

const bannedOperators: Partial<Record<keyof typeof ts.SyntaxKind, string>> = {
  PlusPlusToken: "The operator ++ is not supported",
  MinusMinusToken: "The operator -- is not supported",
  TildeToken: "The operator ~ is not supported",
  InstanceOfKeyword: "The operator instanceof is not supported",
  InKeyword: "in operator is not supported. Use Object.hasOwn().",
}

/** Refuses the syntax that the runtime cannot run. */
export function checkSyntax(node: ts.Node, { typescript, findings }: Inspection): void {
  const kinds = tables(typescript)
  const banned = kinds.nodes.get(node.kind)
  const refuse = (value: string) => findings.refuse("UNSUPPORTED_SYNTAX_TYPE", node, value)
  if (banned !== undefined) refuse(banned)
  const operator =
    typescript.isPrefixUnaryExpression(node) || typescript.isPostfixUnaryExpression(node)
      ? node.operator
      : typescript.isBinaryExpression(node)
        ? node.operatorToken.kind
        : undefined
  const bannedOperator = operator === undefined ? undefined : kinds.operators.get(operator)
  if (bannedOperator !== undefined) refuse(bannedOperator)
  if (!typescript.isFunctionLike(node)) return
  if ("asteriskToken" in node && node.asteriskToken !== undefined) refuse("Generator functions are not supported.")
  if (typescript.canHaveModifiers(node)) {
    const modifiers = typescript.getModifiers(node) ?? []
    if (modifiers.some(({ kind }) => kind === typescript.SyntaxKind.AsyncKeyword))
      refuse("Async functions are not supported.")
  }
}

let cached: { nodes: Map<number, string>; operators: Map<number, string> } | undefined

/** The tables by kind number, which differs between versions of TypeScript. */
function tables(typescript: typeof ts) {
  const byKind = (table: Partial<Record<keyof typeof ts.SyntaxKind, string>>) =>
    new Map(Object.entries(table).map(([name, text]) => [Number(Reflect.get(typescript.SyntaxKind, name)), text]))
  cached ??= { nodes: byKind(bannedKinds), operators: byKind(bannedOperators) }
  return cached
}
