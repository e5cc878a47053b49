import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from "graphql"
import type { Json, JsonObject } from "../../host.ts"
import type { ApiSchema } from "../schema/schema.ts"

/** A mutation's result for the subscribers of one of its subscriptions, keyed by field names. */
export interface Publication {
  readonly subscriptionField: string
  readonly payload: JsonObject
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** What a mutation's data gives to subscribers: for each root field with a value, the fields that the mutation selected. */
export function publicationsOf(
  schema: ApiSchema,
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  data: Json,
): Publication[] {
  if (!isObject(data)) return []
  const fragments: Fragments = new Map(
    document.definitions.flatMap(node => (node.kind === "FragmentDefinition" ? [[node.name.value, node]] : [])),
  )
  return fieldsOf(operation.selectionSet, fragments).flatMap(field => {
    const value = data[field.alias?.value ?? field.name.value]
    const payload = value === undefined ? null : byFieldName(value, field.selectionSet, fragments)
    if (!isObject(payload)) return []
    return schema.subscriptionsOf(field.name.value).map(subscriptionField => ({ subscriptionField, payload }))
  })
}

/** Response data with aliases taken back. */
function byFieldName(value: Json, set: SelectionSetNode | undefined, fragments: Fragments): Json {
  if (Array.isArray(value)) return value.map(item => byFieldName(item, set, fragments))
  if (!isObject(value) || set === undefined) return value
  const named: JsonObject = {}
  for (const field of fieldsOf(set, fragments)) {
    const part = value[field.alias?.value ?? field.name.value]
    if (part === undefined) continue
    const next = byFieldName(part, field.selectionSet, fragments)
    const before = named[field.name.value]
    named[field.name.value] = isObject(before) && isObject(next) ? { ...before, ...next } : next
  }
  return named
}

const fieldsOf = (
  set: SelectionSetNode,
  fragments: Fragments,
): Extract<SelectionSetNode["selections"][number], { kind: "Field" }>[] =>
  set.selections.flatMap(selection => {
    if (selection.kind === "Field") return [selection]
    const target = selection.kind === "FragmentSpread" ? fragments.get(selection.name.value) : selection
    return target === undefined ? [] : fieldsOf(target.selectionSet, fragments)
  })

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)
