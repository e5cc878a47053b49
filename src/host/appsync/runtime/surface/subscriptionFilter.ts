import { isRecord } from "../run.ts"

interface Filter {
  readonly fieldName: string
  readonly operator: string
  readonly value: unknown
}

/** One way to satisfy the filter: every entry must hold. */
type Alternative = readonly Filter[]

/**
 * `util.transform.toSubscriptionFilter`: groups are OR-ed, the filters of one group AND-ed. Two operators on one field are
 * alternatives; `and` adds to every group, `or` and `rules` multiply the groups. As AWS, it checks no operator and gives null for
 * what is not a filter.
 */
export function toSubscriptionFilter(filter: unknown, ignoredFields?: unknown, rules?: unknown): unknown {
  try {
    const ignored = new Set(Array.isArray(ignoredFields) ? ignoredFields : [])
    const groups = combine(alternatives(filter, ignored), anyRule(rules))
    return { filterGroup: groups.filter(filters => filters.length > 0).map(filters => ({ filters })) }
  } catch (error) {
    if (error instanceof NotAFilter) return null
    throw error
  }
}

class NotAFilter extends Error {}

const alternatives = (filter: unknown, ignored: ReadonlySet<unknown>): Alternative[] =>
  membersOf(filter)
    .filter(([field]) => !ignored.has(field))
    .map(([field, operand]) => fieldAlternatives(field, operand, ignored))
    .reduce(combine, [[]])

function fieldAlternatives(field: string, operand: unknown, ignored: ReadonlySet<unknown>): Alternative[] {
  if (field === "and")
    return listOf(operand)
      .map(member => alternatives(member, ignored))
      .reduce(combine, [[]])
  if (field === "or") return listOf(operand).flatMap(member => alternatives(member, ignored))
  return operators(field, operand)
}

const operators = (fieldName: string, operand: unknown): Alternative[] =>
  membersOf(operand).map(([operator, value]) => [{ fieldName, operator, value }])

const anyRule = (rules: unknown): Alternative[] => {
  if (!isRecord(rules)) return [[]]
  const entries = Object.entries(rules).flatMap(([field, operand]) => operators(field, operand))
  return entries.length === 0 ? [[]] : entries
}

const combine = (left: readonly Alternative[], right: readonly Alternative[]): Alternative[] =>
  left.flatMap(one => right.map(other => [...one, ...other]))

function listOf(operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw new NotAFilter()
  return operand
}

function membersOf(object: unknown): [string, unknown][] {
  if (!isRecord(object)) throw new NotAFilter()
  return Object.entries(object)
}
