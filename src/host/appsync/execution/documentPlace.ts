import { type ArgumentNode, type ASTNode, type DocumentNode, Kind, visit } from "graphql"

/** Where a node stands: the field names above it and, within an argument, the steps from there. */
export interface Place {
  readonly path: readonly string[]
  readonly argument?: ArgumentNode
  /** `.field` and `[index]`, from the argument's value to the node. */
  readonly steps: readonly string[]
}

/** Finds a node of the document. */
export function placeOf(document: DocumentNode, target: ASTNode | undefined): Place {
  const path: string[] = []
  const steps: string[] = []
  let argument: ArgumentNode | undefined
  let place: Place = { path: [], steps: [] }
  const stepOf = (node: ASTNode, key: unknown): string | undefined => {
    if (argument === undefined) return undefined
    if (node.kind === Kind.OBJECT_FIELD) return `.${node.name.value}`
    return typeof key === "number" ? `[${key}]` : undefined
  }
  visit(document, {
    enter: (node, key) => {
      if (node.kind === Kind.FIELD) path.push(node.name.value)
      const step = stepOf(node, key)
      if (step !== undefined) steps.push(step)
      if (node.kind === Kind.ARGUMENT) argument = node
      if (node === target) place = { path: [...path], steps: [...steps], ...(argument && { argument }) }
      if (node.kind === Kind.FRAGMENT_DEFINITION) path.push(node.name.value)
    },
    leave: (node, key) => {
      if (node.kind === Kind.FIELD || node.kind === Kind.FRAGMENT_DEFINITION) path.pop()
      if (node.kind === Kind.ARGUMENT) argument = undefined
      if (stepOf(node, key) !== undefined) steps.pop()
    },
  })
  return place
}
