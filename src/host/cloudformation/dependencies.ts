import type { Json } from "../host.ts"
import { intrinsicOf, namesInSub, splitAttribute } from "./intrinsics.ts"
import type { ResourceDeclaration } from "./template.ts"

/** Logical ids in an order in which each comes after what it refers to; else template order. Throws an Error that names a cycle. */
export function creationOrder(
  resources: Record<string, ResourceDeclaration>,
  condition: (name: string) => boolean,
): string[] {
  const done = new Set<string>()
  const path: string[] = []

  const visit = (logicalId: string) => {
    const declaration = resources[logicalId]
    if (declaration === undefined || done.has(logicalId)) return
    if (path.includes(logicalId))
      throw new Error(
        `circular dependency between resources: ${[...path.slice(path.indexOf(logicalId)), logicalId].join(" → ")}`,
      )
    path.push(logicalId)
    for (const name of [...declaration.dependsOn, ...references(declaration.properties, condition)]) visit(name)
    path.pop()
    done.add(logicalId)
  }

  for (const logicalId of Object.keys(resources)) visit(logicalId)
  return [...done]
}

/** Names that a value refers to by Ref, Fn::GetAtt or Fn::Sub; of Fn::If only the branch that counts. */
export function references(value: Json, condition: (name: string) => boolean): Set<string> {
  const names = new Set<string>()
  const walk = (node: Json): void => {
    if (typeof node !== "object" || node === null) return
    const call = Array.isArray(node) ? undefined : intrinsicOf(node)
    if (call === undefined) {
      for (const member of Object.values(node)) walk(member)
      return
    }
    const { name, argument } = call
    if (name === "Ref") names.add(String(argument))
    else if (name === "Fn::GetAtt") names.add(splitAttribute(argument)[0])
    else if (name === "Fn::If" && Array.isArray(argument))
      walk((condition(String(argument[0])) ? argument[1] : argument[2]) ?? null)
    else walk(argument)
    if (name === "Fn::Sub")
      for (const reference of namesInSub(String(Array.isArray(argument) ? argument[0] : argument)))
        names.add(splitAttribute(reference.trim())[0])
  }
  walk(value)
  return names
}
