import { refusals } from "./refusals.ts"
import type { RestRegistry } from "./registry.ts"
import { headerOf, type RoutedRequest } from "./request.ts"

/** Checks that the key of a request is one of a usage plan of its stage, where the method asks for one. Throws Refused. */
export function checkKey({ keys, plans }: RestRegistry, request: RoutedRequest): RoutedRequest {
  const { api, stageName, restMethod, identity } = request
  if (!restMethod.needsKey) return request
  const given = api.keySource === "AUTHORIZER" ? identity?.apiKey : headerOf(request, "x-api-key")
  const key = [...keys.values()].find(({ value, isEnabled }) => isEnabled && value === given)
  const stage = `${api.id}/${stageName}`
  const isPlanned = [...plans.values()].some(
    ({ stages, keyIds }) => key !== undefined && stages.has(stage) && keyIds.has(key.id),
  )
  if (key === undefined || !isPlanned) throw refusals.noKey()
  return { ...request, identity: { ...identity, apiKey: key.value, apiKeyId: key.id } }
}
