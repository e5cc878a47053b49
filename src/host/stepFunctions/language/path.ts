import { JSONPath } from "jsonpath-plus"
import type { Json, JsonObject } from "../../host.ts"
import { objectOf } from "../../json.ts"
import { runtimeFailure, StateFailure } from "./failure.ts"
import type { Scope } from "./scope.ts"

type Step = string | number

const steps = /\.([\p{L}\p{N}_][\p{L}\p{N}_-]*)(?!\()|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(-?\d+)\]/gu

/**
 * What a path finds: the value of one that names a single place, else the list of all that it finds [Jayway's JsonPath, as AWS has
 * it]. Undefined when there is nothing at a single place.
 */
export function find(path: string, { input, context, variables }: Scope): Json | undefined {
  const [, root = "$", variable, rest = ""] = /^(\$\$|\$(?:([A-Za-z_]\w*))?)(.*)$/su.exec(path) ?? []
  const base = root === "$$" ? context : variable === undefined ? input : variables[variable]
  if (base === undefined) return undefined
  const isLength = rest.endsWith(".length()")
  const found = findIn(base, isLength ? rest.slice(0, -".length()".length) : rest)
  if (!isLength) return found
  return Array.isArray(found) ? found.length : undefined
}

function findIn(base: Json, rest: string): Json | undefined {
  const definite = stepsOf(rest)
  if (definite !== undefined) return definite.reduce<Json | undefined>(at, base)
  try {
    return JSONPath<Json[]>({
      path: `$${rest}`,
      json: Array.isArray(base) ? base : objectOf(base),
      wrap: true,
      eval: "safe",
    })
  } catch {
    throw runtimeFailure(`Invalid path '$${rest}'`)
  }
}

function at(value: Json | undefined, step: Step): Json | undefined {
  if (Array.isArray(value)) return typeof step === "number" ? value.at(step) : undefined
  return Object.hasOwn(objectOf(value), step) ? objectOf(value)[step] : undefined
}

/** The value at a path. Throws StateFailure States.Runtime in AWS's words, naming the field that the path is of. */
export function need(path: string, scope: Scope, field: string): Json {
  const value = find(path, scope)
  if (value !== undefined) return value
  const shown = path.startsWith("$$") ? "context object" : "input"
  const text = JSON.stringify(path.startsWith("$$") ? scope.context : scope.input)
  throw runtimeFailure(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the ${shown} '${text}'`,
  )
}

/** The steps of a path that names a single place; undefined for any other. */
function stepsOf(rest: string): Step[] | undefined {
  const found = [...rest.matchAll(steps)]
  if (found.map(([text]) => text).join("") !== rest) return undefined
  return found.map(([, dotted, single, double, index]) =>
    index === undefined ? (dotted ?? (single ?? double ?? "").replace(/\\(.)/g, "$1")) : Number(index),
  )
}

/** The input with the result at a ResultPath; null drops the result. Throws StateFailure States.ResultPathMatchFailure. */
export function withResult(input: Json, path: string | null, result: Json): Json {
  if (path === null) return input
  const [first, ...rest] = stepsOf(path.slice(1)) ?? noPlace(input, path)
  return first === undefined ? result : put(input, first, rest, result, () => noPlace(input, path))
}

function put(into: Json, step: Step, [next, ...rest]: readonly Step[], result: Json, fail: () => never): Json {
  const value = (old: Json | undefined) => (next === undefined ? result : put(old ?? {}, next, rest, result, fail))
  if (typeof step === "number") {
    if (!Array.isArray(into) || into[step] === undefined) return fail()
    return into.with(step, value(into[step]))
  }
  if (typeof into !== "object" || into === null || Array.isArray(into)) return fail()
  const copy: JsonObject = { ...into }
  Object.defineProperty(copy, step, {
    value: value(at(into, step)),
    enumerable: true,
    writable: true,
    configurable: true,
  })
  return copy
}

function noPlace(input: Json, path: string): never {
  throw new StateFailure(
    "States.ResultPathMatchFailure",
    `Unable to apply step "${path}" to input ${JSON.stringify(input)}`,
  )
}
