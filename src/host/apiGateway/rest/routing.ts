import { selectRoute } from "../routes.ts"
import type { RestApi, RestMethod, RestResource } from "./registry.ts"

/** The method that answers, with the parameters of its path; undefined when there is none. */
export interface Routed {
  readonly resource: RestResource
  readonly restMethod: RestMethod
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Finds the resource of a path, fixed parts before parameters before greedy ones, then its method. A slash at the end counts for
 * nothing; parameters stay encoded.
 */
export function route(api: RestApi, httpMethod: string, path: string): Routed | undefined {
  const candidates = [...api.methods.keys()].flatMap(id => {
    const resource = api.resources.get(id)
    if (resource === undefined) return []
    return { resource, pattern: { method: "ANY", segments: resource.path.split("/").slice(1) } }
  })
  const asked = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path
  const found = selectRoute(candidates, httpMethod, asked, segment => segment)
  if (found === undefined) return undefined
  const { resource } = found.route
  const methods = api.methods.get(resource.id)
  const restMethod = methods?.get(httpMethod) ?? methods?.get("ANY")
  return restMethod === undefined ? undefined : { resource, restMethod, parameters: found.parameters }
}
