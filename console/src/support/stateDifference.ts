/** A value in a state before and after an event. */
export interface Difference {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
  readonly isChanged: boolean
}

/** Every value of two states by its path; what differs is marked. JSON texts; null for no state. */
export function differencesOf(before: string | null, after: string | null): readonly Difference[] {
  const old = leavesOf(before)
  const now = leavesOf(after)
  return [...new Set([...old.keys(), ...now.keys()])].sort().map(path => ({
    path,
    before: old.get(path),
    after: now.get(path),
    isChanged: old.get(path) !== now.get(path),
  }))
}

function leavesOf(json: string | null): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>()
  const walk = (value: unknown, path: string) => {
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0)
      for (const [key, inner] of Object.entries(value)) walk(inner, path === "" ? key : `${path}.${key}`)
    else leaves.set(path, typeof value === "string" ? value : JSON.stringify(value))
  }
  if (json !== null) walk(JSON.parse(json), "")
  return leaves
}
