import { canonicalJson } from "../../../core/json.ts"

/** What one kind of check found: how many things it looked at, and every one that is wrong with what is needed to look further. */
export interface Finding {
  readonly check: string
  readonly checked: number
  readonly violations: readonly string[]
}

/** Collects what a check says. */
export function finding(check: string) {
  const violations: string[] = []
  let checked = 0
  return {
    /** Counts one thing that must hold; `otherwise` tells the violation. */
    must(holds: boolean, otherwise: string) {
      checked++
      if (!holds) violations.push(`${check}: ${otherwise}`)
    },
    /** Two lists must hold the same texts, each as often. */
    mustEqual(what: string, found: readonly string[], wanted: readonly string[]) {
      checked += Math.max(found.length, wanted.length)
      for (const text of without(wanted, found)) violations.push(`${check}: ${what} is missing ${text}`)
      for (const text of without(found, wanted)) violations.push(`${check}: ${what} has, and should not have, ${text}`)
    },
    get result(): Finding {
      return { check, checked, violations }
    },
  }
}

function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1)
  return texts.filter(text => {
    const count = left.get(text) ?? 0
    left.set(text, count - 1)
    return count <= 0
  })
}

/** Canonical text with the values of personal fields in the open, so that equal facts give equal text. */
export const textOf = (value: unknown): string => canonicalJson(plain(value))

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, plain(inner)]))
}
