import { randomUUID } from "node:crypto"
import { getIntrospectionQuery, graphqlSync } from "graphql"
import { type AwsCall, AwsError, type AwsReply, type Host, type JsonObject } from "../host.ts"
import { objectOf, textOf } from "../json.ts"
import { numberOf } from "./api.ts"
import type { ApiKey } from "./auth/apiKey.ts"
import { apiKeyId } from "./identifiers.ts"
import { partRoutes, type Route } from "./partRoutes.ts"
import type { Api, Registry } from "./registry.ts"
import { graphqlPath } from "./resources.ts"

const daySeconds = 24 * 3600
const keyLifeMaxSeconds = 365 * daySeconds
const keysMax = 50

/** The REST calls of the AppSync SDK that help on a laptop: EvaluateCode, the APIs, their schema and their keys. */
export function createControlPlane(host: Host, registry: Registry): (call: AwsCall) => Promise<AwsReply> {
  const routes: readonly Route[] = [
    ...partRoutes,
    ["GET", /^\/v1\/apis\/([^/]+)$/, "GetGraphqlApi", ({ api }) => ({ graphqlApi: describeApi(host, registry, api) })],
    ["GET", /^\/v1\/apis\/([^/]+)\/schema$/, "GetIntrospectionSchema", ({ api, call }) => schemaOf(api, call)],
    [
      "GET",
      /^\/v1\/apis\/([^/]+)\/apikeys$/,
      "ListApiKeys",
      ({ api }) => ({ apiKeys: [...api.keys.values()].map(describeKey) }),
    ],
    ["POST", /^\/v1\/apis\/([^/]+)\/apikeys$/, "CreateApiKey", ({ api, body }) => createKey(host, registry, api, body)],
    [
      "POST",
      /^\/v1\/apis\/([^/]+)\/apikeys\/([^/]+)$/,
      "UpdateApiKey",
      ({ api, id, body }) => updateKey(host, registry, api, id, body),
    ],
    [
      "GET",
      /^\/v1\/apis\/([^/]+)\/environmentVariables$/,
      "GetGraphqlApiEnvironmentVariables",
      ({ api }) => ({ environmentVariables: { ...api.config.environmentVariables } }),
    ],
    [
      "DELETE",
      /^\/v1\/apis\/([^/]+)\/FlushCache$/,
      "FlushApiCache",
      ({ api }) => {
        api.cache.flush()
        return {}
      },
    ],
    [
      "DELETE",
      /^\/v1\/apis\/([^/]+)\/apikeys\/([^/]+)$/,
      "DeleteApiKey",
      ({ api, id }) => deleteKey(registry, api, id),
    ],
  ]

  return async call => {
    const body = parseBody(call)
    if (call.method === "POST" && call.path === "/v1/dataplane-evaluatecode") {
      authorize(host, call, "EvaluateCode", "*")
      return { body: await evaluate(host, body) }
    }
    if (call.method === "POST" && call.path === "/v1/dataplane-evaluatetemplate") {
      authorize(host, call, "EvaluateMappingTemplate", "*")
      return { body: await evaluate(host, body) }
    }
    if (call.method === "GET" && call.path === "/v1/apis") {
      authorize(host, call, "ListGraphqlApis", "*")
      return { body: { graphqlApis: [...registry.apis.values()].map(api => describeApi(host, registry, api)) } }
    }
    for (const [method, pattern, action, answer] of routes) {
      const [, apiId, id = "", member = ""] = (call.method === method && pattern.exec(call.path)) || []
      if (apiId === undefined) continue
      const api = registry.apis.get(apiId)
      if (api === undefined) throw new AwsError("NotFoundException", `GraphQL API ${apiId} not found.`, 404)
      authorize(host, call, action, api.config.arn)
      const reply = answer({ api, id, member, body, call })
      return isReply(reply) ? reply : { body: reply }
    }
    throw new AwsError("UnknownOperationException", `AppSync does not answer ${call.method} ${call.path} here.`, 404)
  }
}

const authorize = (host: Host, call: AwsCall, action: string, resource: string) =>
  host.iam.authorize(call.principal, `appsync:${action}`, resource)

const isReply = (answer: JsonObject | AwsReply): answer is AwsReply => "body" in answer

function parseBody(call: AwsCall): JsonObject {
  try {
    return call.body.length === 0 ? {} : objectOf(JSON.parse(call.body.toString()))
  } catch {
    throw new AwsError("BadRequestException", "The request body is not valid JSON.")
  }
}

async function evaluate(host: Host, body: JsonObject): Promise<JsonObject> {
  const { evaluateCode, evaluateTemplate } = await import("./runtime/evaluateCode.ts")
  const name = textOf(body.function)
  const template = textOf(body.template)
  const context = String(body.context)
  const evaluation =
    template === undefined
      ? evaluateCode({ code: String(body.code), context, ...(name && { function: name }) }, host.clock.now)
      : evaluateTemplate({ template, context }, host.clock.now)
  return JSON.parse(JSON.stringify(evaluation)) as JsonObject
}

function describeApi(host: Host, registry: Registry, { config }: Api): JsonObject {
  const url = `${host.url}${graphqlPath(registry, config.id)}`
  return {
    apiId: config.id,
    name: config.name,
    arn: config.arn,
    authenticationType: config.defaultMode.mode,
    additionalAuthenticationProviders: config.additional.map(({ mode }) => ({ authenticationType: mode })),
    uris: { GRAPHQL: url, REALTIME: `${url.replace(/^http/, "ws")}/realtime` },
    introspectionConfig: config.allowIntrospection ? "ENABLED" : "DISABLED",
    queryDepthLimit: config.queryDepthMax,
    apiType: "GRAPHQL",
  }
}

function schemaOf({ schema }: Api, { query }: AwsCall): AwsReply {
  if (schema === undefined) throw new AwsError("NotFoundException", "No schema definition exists.", 404)
  if (query.get("format") !== "JSON") return { body: schema.definition }
  return { body: JSON.stringify(graphqlSync({ schema: schema.schema, source: getIntrospectionQuery() })) }
}

const describeKey = ({ id, description, expiresAt }: ApiKey): JsonObject => ({
  id,
  description,
  expires: expiresAt,
  deletes: expiresAt + 60 * daySeconds,
})

function createKey(host: Host, registry: Registry, api: Api, body: JsonObject): JsonObject {
  if (api.keys.size >= keysMax)
    throw new AwsError("ApiKeyLimitExceededException", `An API has at most ${keysMax} keys.`)
  return keep(registry, api, keyFrom(host, apiKeyId(randomUUID()), body))
}

function updateKey(host: Host, registry: Registry, api: Api, id: string, body: JsonObject): JsonObject {
  const known = api.keys.get(id)
  if (known === undefined) throw new AwsError("NotFoundException", "API key not found.", 404)
  return keep(registry, api, keyFrom(host, id, { expires: known.expiresAt, description: known.description, ...body }))
}

function keyFrom(host: Host, id: string, body: JsonObject): ApiKey {
  const now = Math.floor(host.clock.now() / 1000)
  const expiresAt = numberOf(body.expires) ?? now + 7 * daySeconds
  if (expiresAt < now + daySeconds || expiresAt > now + keyLifeMaxSeconds) {
    throw new AwsError("ApiKeyValidityOutOfBoundsException", "The API key must expire between 1 and 365 days from now.")
  }
  return { id, description: textOf(body.description) ?? null, expiresAt }
}

function keep(registry: Registry, api: Api, key: ApiKey): JsonObject {
  api.keys.set(key.id, key)
  registry.madeKeys.set(`${api.config.id}/${key.id}`, key)
  return { apiKey: describeKey(key) }
}

function deleteKey(registry: Registry, api: Api, id: string): JsonObject {
  registry.madeKeys.delete(`${api.config.id}/${id}`)
  if (!api.keys.delete(id)) throw new AwsError("NotFoundException", "API key not found.", 404)
  return {}
}
