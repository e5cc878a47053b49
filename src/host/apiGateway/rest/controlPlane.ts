import { type AwsCall, AwsError, type AwsReply, type Host, type JsonObject } from "../../host.ts"
import type { ApiKey, RestApi, RestRegistry } from "./registry.ts"

/** What calls can read: APIs, their stages, and keys with the values that API Gateway made. */
export function createControlPlane(host: Host, { apis, keys }: RestRegistry) {
  const found = <T>(value: T | undefined, kind: string): T => {
    if (value !== undefined) return value
    throw new AwsError("NotFoundException", `Invalid ${kind} identifier specified`, 404)
  }

  const reads: readonly (readonly [pattern: RegExp, read: (id: string, call: AwsCall) => JsonObject])[] = [
    [/^\/apikeys$/, (_, call) => ({ item: [...keys.values()].map(key => describeKey(key, call, "includeValues")) })],
    [/^\/apikeys\/([^/]+)$/, (id, call) => describeKey(found(keys.get(id), "API Key"), call, "includeValue")],
    [/^\/restapis$/, () => ({ item: [...apis.values()].map(describeApi) })],
    [/^\/restapis\/([^/]+)$/, id => describeApi(found(apis.get(id), "API"))],
    [/^\/restapis\/([^/]+)\/stages$/, id => ({ item: stagesOf(found(apis.get(id), "API")) })],
  ]

  return async (call: AwsCall): Promise<AwsReply> => {
    const { method, path, principal } = call
    host.iam.authorize(principal, `apigateway:${method}`, `arn:aws:apigateway:${host.region}::${path}`)
    for (const [pattern, read] of method === "GET" ? reads : []) {
      const match = pattern.exec(path)
      if (match !== null) return { body: read(match[1] ?? "", call) }
    }
    throw new AwsError("UnknownOperationException", `apigateway ${method} ${path} is not supported by this host`)
  }
}

const describeKey = ({ id, name, value, isEnabled }: ApiKey, { query }: AwsCall, switchName: string): JsonObject => ({
  id,
  name,
  enabled: isEnabled,
  stageKeys: [],
  ...(query.get(switchName) === "true" && { value }),
})

const describeApi = ({ id, name, rootId, binaryMediaTypes, keySource }: RestApi): JsonObject => ({
  id,
  name,
  rootResourceId: rootId,
  apiKeySource: keySource,
  ...(binaryMediaTypes.length > 0 && { binaryMediaTypes: [...binaryMediaTypes] }),
})

const stagesOf = ({ stages }: RestApi): JsonObject[] =>
  [...stages].map(([stageName, { deploymentId, variables }]) => ({
    stageName,
    deploymentId,
    variables: { ...variables },
  }))
