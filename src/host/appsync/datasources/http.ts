import { signRequest } from "../../endpoint/signRequest.ts"
import type { Host, Json, JsonObject } from "../../host.ts"
import {
  BadRequest,
  type CreateDataSource,
  type DataSourceDefinition,
  isJsonObject,
  requestObject,
  required,
} from "./dataSource.ts"

const restrictedHeaders = new Set([
  "host",
  "connection",
  "user-agent",
  "expectation",
  "transfer-encoding",
  "content-length",
])

/** HTTP: one request to the endpoint of the data source; any status is a result. AWS endpoints are served by this host. */
export const createHttpSource: CreateDataSource = (host, definition) => {
  const endpoint = required(definition, "Endpoint")
  return {
    name: definition.name,
    type: definition.type,
    invoke: async (input, { field }) => {
      const request = requestObject(input)
      const { method, resourcePath } = request
      if (typeof method !== "string") throw new BadRequest("Value for field '$[method]' not found.")
      if (typeof resourcePath !== "string") throw new BadRequest("Value for field '$[resourcePath]' not found.")
      const params = isJsonObject(request.params) ? request.params : {}
      const url = urlOf(host, endpoint, resourcePath, params.query)
      const body = params.body === undefined || params.body === null ? undefined : textOf(params.body)
      const headers = await signed(host, definition, method, url, headersOf(params.headers), body)
      try {
        const signal = AbortSignal.timeout(Math.max(1, field.deadline - host.clock.now()))
        const response = await fetch(url, {
          method,
          headers,
          signal,
          ...(body === undefined ? {} : { body }),
        })
        return {
          result: {
            statusCode: response.status,
            headers: Object.fromEntries(response.headers),
            body: await response.text(),
          },
        }
      } catch (error) {
        return { result: null, error: { type: "Http:ConnectionFailure", message: `${url.origin}: ${causeOf(error)}` } }
      }
    },
  }
}

const textOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value))

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function urlOf(host: Host, endpoint: string, resourcePath: string, query: Json | undefined): URL {
  const base = new URL(endpoint)
  const origin = base.hostname.endsWith(".amazonaws.com") ? host.url : endpoint
  const url = new URL(origin.replace(/\/$/, "") + resourcePath)
  if (isJsonObject(query)) {
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== null) url.searchParams.append(name, textOf(one))
    }
  }
  return url
}

const headersOf = (headers: Json | undefined): Record<string, string> =>
  isJsonObject(headers)
    ? Object.fromEntries(
        Object.entries(headers)
          .filter(([name, value]) => value !== null && !restrictedHeaders.has(name.toLowerCase()))
          .map(([name, value]) => [name.toLowerCase(), textOf(value)]),
      )
    : {}

/** With an `AuthorizationConfig` the service role signs the request. */
async function signed(
  host: Host,
  definition: DataSourceDefinition,
  method: string,
  url: URL,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Record<string, string>> {
  const config = iamConfig(definition)
  if (config === undefined || definition.serviceRoleArn === undefined) return headers
  return signRequest(
    { method, url, headers, body },
    host.iam.credentialsFor(definition.serviceRoleArn, "APPSYNC_ASSUME_ROLE"),
    String(config.SigningRegion ?? host.region),
    String(config.SigningServiceName ?? "execute-api"),
  )
}

function iamConfig({ config }: DataSourceDefinition): JsonObject | undefined {
  const authorization = config?.AuthorizationConfig
  if (!isJsonObject(authorization)) return undefined
  return isJsonObject(authorization.AwsIamConfig) ? authorization.AwsIamConfig : {}
}
