import type { Json } from "../../host.ts"

type Step = { readonly names: readonly (string | number)[] | "every"; readonly isDeep: boolean }

const step = /\.\.|\.?\*|\.?([\w$:-]+)|\[\s*(\*|-?\d+|'[^']*'|"[^"]*")((?:\s*,\s*(?:-?\d+|'[^']*'|"[^"]*"))*)\s*\]/y

/**
 * What a JSONPath finds: of one that can find several (`*`, `..`, `['a','b']`) the list of them, else the value, undefined when it
 * is not there. Throws an Error that names a path with more, such as a filter.
 */
export function jsonPath(value: Json, path: string): Json | undefined {
  const steps = stepsOf(path)
  const found = steps.reduce<readonly Json[]>(
    (values, { names, isDeep }) => (isDeep ? values.flatMap(descendants) : values).flatMap(one => follow(one, names)),
    [value],
  )
  const isOne = steps.every(({ names, isDeep }) => !isDeep && names !== "every" && names.length === 1)
  return isOne ? found[0] : [...found]
}

function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = []
  const rest = path.trim().replace(/^\$(?=[.[]|$)/, "")
  let isDeep = false
  step.lastIndex = 0
  while (step.lastIndex < rest.length) {
    const match = step.exec(rest)
    if (match === null) throw new Error(`this host cannot read the JSONPath ${path}`)
    const [text, name, first, more = ""] = match
    if (text === "..") {
      isDeep = true
      continue
    }
    const isEvery = first === "*" || text === "*" || text === ".*"
    const listed = [first ?? "", ...more.split(",")].map(one => one.trim()).filter(one => one !== "")
    steps.push({ isDeep, names: isEvery ? "every" : name !== undefined ? [name] : listed.map(unquoted) })
    isDeep = false
  }
  return steps
}

const unquoted = (text: string): string | number => (/^['"]/.test(text) ? text.slice(1, -1) : Number(text))

function follow(value: Json, names: Step["names"]): readonly Json[] {
  if (typeof value !== "object" || value === null) return []
  if (names === "every") return Object.values(value)
  return names.flatMap(name => {
    const member = Array.isArray(value)
      ? value.at(typeof name === "number" ? name : Number.NaN)
      : Object.hasOwn(value, name)
        ? value[name]
        : undefined
    return member === undefined || (Array.isArray(value) && typeof name !== "number") ? [] : [member]
  })
}

/** The value and everything in it. */
const descendants = (value: Json): readonly Json[] =>
  typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(descendants)] : [value]
