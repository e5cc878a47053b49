import type { Json } from "../host.ts"

/** Is this a path that EventBridge accepts (`$.detail.items[0].name`, `$['detail-type']`, `$.resources[*]`)? */
export function isJsonPath(path: string): boolean {
  return /^\$(?:\.[^.[\]'"\s]+|\['[^']+'\]|\[(?:\d+|\*)\])*$/.test(path)
}

/** The value at a path, or undefined when the event has none. */
export function atJsonPath(value: Json, path: string): Json | undefined {
  const steps = [...path.matchAll(/\.([^.[\]]+)|\['([^']+)'\]|\[(\d+|\*)\]/g)]
  return walk(
    value,
    steps.map(([, dotted, quoted, index]) => dotted ?? quoted ?? index ?? ""),
  )
}

function walk(value: Json | undefined, [step, ...rest]: readonly string[]): Json | undefined {
  if (step === undefined || value === undefined) return value
  if (step === "*") {
    if (!Array.isArray(value)) return undefined
    return value.map(item => walk(item, rest)).filter(item => item !== undefined)
  }
  if (Array.isArray(value)) return walk(value[Number(step)], rest)
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined
  return walk(value[step], rest)
}
