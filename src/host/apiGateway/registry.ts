import type { Cors } from "./cors.ts"
import { type RoutePattern, routePattern } from "./routes.ts"

/** Where a route's requests go: a Lambda proxy integration, payload format 2.0. */
export interface Integration {
  readonly functionArn: string
  readonly timeoutMs: number
}

/** Who checks requests of a route. */
export type Authorizer =
  | {
      readonly type: "REQUEST"
      readonly id: string
      readonly functionArn: string
      /** Parts of a request that must be there, such as `$request.header.x-api-key`. */
      readonly identitySources: readonly string[]
      readonly hasSimpleResponses: boolean
      readonly ttlSeconds: number
    }
  | {
      readonly type: "JWT"
      readonly id: string
      readonly identitySources: readonly string[]
      readonly issuer: string
      readonly audiences: readonly string[]
    }

export interface Route {
  readonly pattern: RoutePattern
  /** `GET /things/{id}` or `$default`. */
  readonly key: string
  readonly integrationId: string
  readonly authorization: "NONE" | "AWS_IAM" | "CUSTOM" | "JWT"
  readonly authorizerId: string | undefined
  readonly scopes: readonly string[]
}

/** One HTTP API with everything that other resources of the template attach to it. */
export interface HttpApi {
  readonly id: string
  readonly cors: Cors | undefined
  readonly integrations: Map<string, Integration>
  readonly authorizers: Map<string, Authorizer>
  readonly routes: Map<string, Route>
  /** Variables by stage name. */
  readonly stages: Map<string, Readonly<Record<string, string>>>
}

/** An API without routes. */
export const newApi = (id: string, cors: Cors | undefined): HttpApi => ({
  id,
  cors,
  integrations: new Map(),
  authorizers: new Map(),
  routes: new Map(),
  stages: new Map(),
})

/** A route as a template declares it. Throws an Error that names a key that no request can have. */
export const newRoute = (key: string, rest: Omit<Route, "key" | "pattern">): Route => ({
  ...rest,
  key,
  pattern: routePattern(key),
})
