import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  getNamedType,
  print,
  type SelectionSetNode,
} from "graphql"
import type { Json, JsonObject } from "../../host.ts"

type Selecting = Pick<GraphQLResolveInfo, "fieldNodes" | "fragments">

/** `ctx.info`'s selection of one field: response names joined by `/`, depth first, and the text of the selection set. */
export interface Selection {
  readonly selectionSetList: string[]
  readonly selectionSetGraphQL: string
}

/** Selections depend on the document alone, so they are kept for each field node. */
const known = new WeakMap<FieldNode, Selection>()

/** What a field's resolver sees as its selection. */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  const [node] = info.fieldNodes
  if (node === undefined) return { selectionSetList: [], selectionSetGraphQL: "" }
  const before = known.get(node)
  if (before !== undefined) return before
  const selection = {
    selectionSetList: [...new Set(listed(info, getNamedType(info.returnType).name))],
    selectionSetGraphQL: node.selectionSet === undefined ? "" : print(node.selectionSet),
  }
  known.set(node, selection)
  return selection
}

/** Fields under a condition on another type than the field's own are left out. */
function listed(info: Selecting, typeName: string): string[] {
  const walk = (set: SelectionSetNode | undefined, prefix: string, narrowed: boolean): string[] =>
    (set?.selections ?? []).flatMap(selection => {
      if (selection.kind === "Field") {
        const name = `${prefix}${selection.alias?.value ?? selection.name.value}`
        return [name, ...walk(selection.selectionSet, `${name}/`, false)]
      }
      const target = selection.kind === "FragmentSpread" ? info.fragments[selection.name.value] : selection
      const condition = target?.typeCondition?.name.value
      const narrows = narrowed || (prefix === "" && condition !== undefined && condition !== typeName)
      return narrows ? [] : walk(target?.selectionSet, prefix, narrowed)
    })
  return info.fieldNodes.flatMap(node => walk(node.selectionSet, "", false))
}

/** The part of `value` that a field's selection asks for, by field name. */
export function selected(value: Json, { fieldNodes, fragments }: Selecting): Json {
  return pick(
    value,
    fieldNodes.flatMap(node => (node.selectionSet === undefined ? [] : [node.selectionSet])),
    fragments,
  )
}

function pick(
  value: Json,
  sets: readonly SelectionSetNode[],
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): Json {
  if (sets.length === 0 || typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(item => pick(item, sets, fragments))
  const picked: JsonObject = {}
  for (const field of sets.flatMap(set => fieldsIn(set, fragments))) {
    const name = field.name.value
    if (name in value)
      picked[name] = pick(value[name] ?? null, field.selectionSet ? [field.selectionSet] : [], fragments)
  }
  return picked
}

const fieldsIn = (
  set: SelectionSetNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): readonly FieldNode[] =>
  set.selections.flatMap(selection => {
    if (selection.kind === "Field") return [selection]
    const target = selection.kind === "FragmentSpread" ? fragments[selection.name.value] : selection
    return target === undefined ? [] : fieldsIn(target.selectionSet, fragments)
  })
