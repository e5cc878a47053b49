import type { Json, JsonObject, ResourceProvider } from "../host.ts"

/** Collects what a template asks for and the host does not do, for one line per kind at start. */
export interface Gaps {
  note(kind: string, where: string): void
  /** One line per kind, such as `AWS::Foo::Bar is not supported, a stand-in takes its place (A, B)`. */
  lines(): string[]
}

const namedMax = 4

export function collectGaps(): Gaps {
  const found = new Map<string, Set<string>>()
  return {
    note: (kind, where) => {
      found.set(kind, (found.get(kind) ?? new Set()).add(where))
    },
    lines: () =>
      [...found].map(([kind, places]) => {
        const more = places.size > namedMax ? ` and ${places.size - namedMax} more` : ""
        return `${kind} (${[...places].slice(0, namedMax).join(", ")}${more})`
      }),
  }
}

/** Paths of the properties that a provider neither honours nor knows to be indifferent. */
export function unhonoured(properties: JsonObject, provider: ResourceProvider): string[] {
  const known = [...provider.honours, ...(provider.indifferent ?? [])]
  if (known.includes("*")) return []
  const walk = (value: Json, prefix: string): string[] => {
    if (Array.isArray(value)) return value.flatMap(item => walk(item, prefix))
    if (typeof value !== "object" || value === null) return []
    return Object.entries(value).flatMap(([key, member]) => {
      const path = prefix + key
      if (known.includes(path)) return []
      return known.some(name => name.startsWith(`${path}.`)) ? walk(member, `${path}.`) : [path]
    })
  }
  return [...new Set(walk(properties, ""))]
}
