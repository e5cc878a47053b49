import type { Json, JsonObject } from "../../host.ts"

/** What expressions of a state see: `$`, `$$` (or `$states.context`) and the variables that were assigned. */
export interface Scope {
  readonly input: Json
  readonly context: JsonObject
  readonly variables: JsonObject
}
