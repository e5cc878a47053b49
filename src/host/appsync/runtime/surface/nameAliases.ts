/** The placeholders of attribute names in one expression: a name has one, however often it is used. */
export interface NameAliases {
  of(attribute: string): string
  /** `a.b[1]` → `#expName_1.#expName_2[1]`. */
  ofPath(path: string): string
  readonly expressionNames: Readonly<Record<string, string>>
}

/** `#expName_1`, `#expName_2` … in the order of first use. */
export function createNameAliases(): NameAliases {
  const aliases = new Map<string, string>()
  const expressionNames: Record<string, string> = {}
  const of = (attribute: string): string => {
    const known = aliases.get(attribute)
    if (known !== undefined) return known
    const alias = `#expName_${aliases.size + 1}`
    aliases.set(attribute, alias)
    expressionNames[alias] = attribute
    return alias
  }
  const ofSegment = (segment: string): string => {
    const [, attribute = segment, index = ""] = /^([^[]*)(.*)$/.exec(segment) ?? []
    return of(attribute) + index
  }
  return { of, ofPath: path => path.split(".").map(ofSegment).join("."), expressionNames }
}
