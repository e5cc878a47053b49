import { InvalidPattern } from "./invalidPattern.ts"

/** Matches a whole string against a pattern with `*`; `\*` and `\\` are literal. Throws InvalidPattern with EventBridge's reason. */
export function wildcardMatcher(pattern: string): (text: string) => boolean {
  const [first = "", ...others] = literals(pattern)
  refuseTooComplex(others)
  const last = others.pop()
  if (last === undefined) return text => text === first
  return text => {
    const end = text.length - last.length
    if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return false
    let from = first.length
    for (const literal of others) {
      const at = text.indexOf(literal, from)
      if (at < 0 || at + literal.length > end) return false
      from = at + literal.length
    }
    return true
  }
}

/** A character that follows many stars is too much for EventBridge; known is that it takes four and refuses five. */
function refuseTooComplex(afterStars: readonly string[]): void {
  const stars = new Map<string, number>()
  for (const literal of afterStars) {
    const first = literal.charAt(0)
    if (first === "") continue
    stars.set(first, (stars.get(first) ?? 0) + 1)
  }
  if (Math.max(0, ...stars.values()) > 4) {
    throw new InvalidPattern(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    )
  }
}

/** The texts between the stars. */
function literals(pattern: string): string[] {
  const parts = [""]
  const add = (character: string) => parts.push((parts.pop() ?? "") + character)
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at)
    const next = pattern.charAt(at + 1)
    // Positions count the quote that opens the string, as EventBridge counts them.
    if (character === "*") {
      if (next === "*") throw new InvalidPattern(`Consecutive wildcard characters at pos ${at + 1}`)
      parts.push("")
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") throw new InvalidPattern(`Invalid escape character at pos ${at + 1}`)
      add(next)
      at++
    } else add(character)
  }
  return parts
}
