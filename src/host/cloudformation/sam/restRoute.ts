import type { Json, JsonObject } from "../../host.ts"

/** A route that a function's event asks for. */
export interface RestRoute {
  readonly path: string
  /** As OpenAPI names it: `get`, or `x-amazon-apigateway-any-method`. */
  readonly method: string
  readonly functionArn: JsonObject
  /** Those of the event. */
  readonly properties: JsonObject
  /** The condition of the function. */
  readonly condition?: Json
}
