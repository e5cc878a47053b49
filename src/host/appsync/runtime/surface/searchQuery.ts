import { isRecord } from "../run.ts"

type Query = Record<string, unknown>

const terms: Record<string, (field: string, value: unknown) => Query> = {
  eq: (field, value) => ({ term: { [field]: value } }),
  ne: (field, value) => ({ bool: { must_not: { term: { [field]: value } } } }),
  match: (field, value) => ({ match: { [field]: value } }),
  matchPhrase: (field, value) => ({ match_phrase: { [field]: value } }),
  matchPhrasePrefix: (field, value) => ({ match_phrase_prefix: { [field]: value } }),
  multiMatch: (field, value) => ({ multi_match: { query: value, fields: [field] } }),
  exists: (field, value) => (value === false ? { bool: { must_not: { exists: { field } } } } : { exists: { field } }),
  wildcard: (field, value) => ({ wildcard: { [field]: value } }),
  regexp: (field, value) => ({ regexp: { [field]: value } }),
  gt: (field, value) => ({ range: { [field]: { gt: value } } }),
  gte: (field, value) => ({ range: { [field]: { gte: value } } }),
  lt: (field, value) => ({ range: { [field]: { lt: value } } }),
  lte: (field, value) => ({ range: { [field]: { lte: value } } }),
  range: (field, value) => ({ range: { [field]: { gte: member(value, 0), lte: member(value, 1) } } }),
}

const member = (value: unknown, index: number): unknown => (Array.isArray(value) ? value[index] : undefined)

/** `util.transform.toElasticsearchQueryDSL` before it becomes text: fields are AND-ed. Throws on an unknown operator. */
export function toSearchQuery(object: unknown): Query {
  if (!isRecord(object)) return {}
  const parts = Object.entries(object).flatMap(([field, operand]): Query[] => {
    if (field === "and") return [{ bool: { must: list(operand) } }]
    if (field === "or") return [{ bool: { should: list(operand), minimum_should_match: 1 } }]
    if (field === "not") return [{ bool: { must_not: toSearchQuery(operand) } }]
    return isRecord(operand) ? [conditions(field, operand)] : []
  })
  return all(parts)
}

const list = (operand: unknown): Query[] => (Array.isArray(operand) ? operand : [operand]).map(toSearchQuery)

const conditions = (field: string, operand: Record<string, unknown>): Query =>
  all(
    Object.entries(operand).map(([operator, value]) => {
      const term = terms[operator]
      if (term === undefined) throw new Error(`Operator ${operator} of the field ${field} is not supported.`)
      return term(field, value)
    }),
  )

const all = (parts: Query[]): Query => {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { bool: { must: parts } }
}
