import type { Json } from "../../host.ts"
import { objectOf } from "../../json.ts"

/**
 * Positions of the records that a partial batch response names as failed. As Lambda does it, an answer that is empty or names
 * nothing is a success, and one that is malformed or names an unknown record fails the whole batch.
 */
export function failedPositions(response: Json, identifiers: readonly string[]): readonly number[] {
  const all = identifiers.map((_, position) => position)
  if (response === null) return []
  if (typeof response !== "object" || Array.isArray(response)) return all
  const failures = response.batchItemFailures ?? []
  if (!Array.isArray(failures)) return all
  const positions = failures.map(failure => identifiers.indexOf(String(objectOf(failure).itemIdentifier)))
  return positions.includes(-1) ? all : positions.toSorted((a, b) => a - b)
}
