import { isRecord } from "../run.ts"

interface Filter {
  fieldName: string
  operator: string
  value: unknown
}

/** One way to satisfy the filter: every entry must hold. */
type Alternative = Filter[]

/**
 * `util.transform.toSubscriptionFilter`: groups are OR-ed, the filters of one group AND-ed. Two operators on one field are
 * alternatives; `and` adds to every group, `or` and `rules` multiply the groups.
 */
export function toSubscriptionFilter(filter: unknown, ignoredFields?: unknown, rules?: unknown): unknown {
  const ignored = new Set(Array.isArray(ignoredFields) ? ignoredFields : [])
  const groups = combine(alternatives(filter, ignored), anyRule(rules))
  return { filterGroup: groups.filter(filters => filters.length > 0).map(filters => ({ filters })) }
}

function alternatives(object: unknown, ignored: ReadonlySet<unknown>): Alternative[] {
  if (!isRecord(object)) return [[]]
  let groups: Alternative[] = [[]]
  for (const [field, operand] of Object.entries(object)) {
    if (ignored.has(field) || operand === null || operand === undefined) continue
    groups = combine(groups, fieldAlternatives(field, operand, ignored))
  }
  return groups
}

function fieldAlternatives(field: string, operand: unknown, ignored: ReadonlySet<unknown>): Alternative[] {
  if (field === "and" && Array.isArray(operand)) {
    return operand.map(member => alternatives(member, ignored)).reduce(combine, [[]])
  }
  if (field === "or" && Array.isArray(operand)) return operand.flatMap(member => alternatives(member, ignored))
  return isRecord(operand) ? operators(field, operand) : [[]]
}

const operators = (fieldName: string, operand: Record<string, unknown>): Alternative[] =>
  Object.entries(operand).map(([operator, value]) => [{ fieldName, operator, value }])

const anyRule = (rules: unknown): Alternative[] => {
  if (!isRecord(rules)) return [[]]
  const entries = Object.entries(rules).flatMap(([field, operand]) =>
    isRecord(operand) ? operators(field, operand) : [],
  )
  return entries.length === 0 ? [[]] : entries
}

const combine = (left: Alternative[], right: Alternative[]): Alternative[] =>
  left.flatMap(one => right.map(other => [...one, ...other]))
