const compiled = new Map<string, RegExp>()
const compiledMax = 10_000

/** Does a text match a pattern with `*` (any characters) and `?` (one character)? */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern === "*" || pattern === text) return true
  if (!/[*?]/.test(pattern)) return false
  let regex = compiled.get(pattern)
  if (regex === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".")
    regex = new RegExp(`^${source}$`, "s")
    if (compiled.size > compiledMax) compiled.clear()
    compiled.set(pattern, regex)
  }
  return regex.test(text)
}
