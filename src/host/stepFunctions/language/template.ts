import type { Json, JsonObject } from "../../host.ts"
import { runtimeFailure } from "./failure.ts"
import { evaluate } from "./intrinsics.ts"
import type { Scope } from "./scope.ts"

/** A payload template with the values of its `.$` members. Throws StateFailure when one has no value. */
export function fillTemplate(template: Json, scope: Scope): Json {
  if (Array.isArray(template)) return template.map(item => fillTemplate(item, scope))
  if (typeof template !== "object" || template === null) return template
  const filled: JsonObject = {}
  for (const [name, value] of Object.entries(template)) {
    if (!name.endsWith(".$")) filled[name] = fillTemplate(value, scope)
    else if (typeof value === "string") filled[name.slice(0, -2)] = evaluate(value, scope, name)
    else throw runtimeFailure(`The value for the field '${name}' must be a path or an intrinsic function`)
  }
  return filled
}
