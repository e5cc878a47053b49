import { z } from "zod"
import { stableUuid } from "../cloudformation/names.ts"
import { AwsError, type Host, type JsonObject, type ResourceProvider } from "../host.ts"
import { type Authorization, authorizationHeaders, ConnectionProperties, parametersOf } from "./connection.ts"
import { rolePrincipal } from "./handOver.ts"
import { readInput } from "./input.ts"
import type { Target } from "./rule.ts"

const DestinationProperties = z.object({
  Name: z.string().optional(),
  ConnectionArn: z.string(),
  InvocationEndpoint: z.string(),
  HttpMethod: z.enum(["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]),
})
type Destination = z.infer<typeof DestinationProperties>

/** API destinations and their connections, and the calls to them. */
export interface ApiDestinations {
  readonly resources: Readonly<Record<string, ResourceProvider>>
  /** Sends one event to the destination of a target. Throws AwsError when it is not taken; a client error is not worth a retry. */
  call(target: Target, body: string): Promise<void>
}

const answerMaxMs = 5_000
/** AWS retries these, and every 5xx. */
const retriedStatuses = new Set([401, 407, 409, 429])

export function createApiDestinations(host: Host): ApiDestinations {
  const connections = new Map<string, Authorization>()
  const destinations = new Map<string, Destination>()
  const arnOf = (kind: string, name: string) =>
    `arn:aws:events:${host.region}:${host.accountId}:${kind}/${name}/${stableUuid(`${kind}/${name}`)}`

  return {
    resources: {
      "AWS::Events::Connection": {
        honours: ["Name", "AuthorizationType", "AuthParameters"],
        indifferent: ["Description", "KmsKeyIdentifier"],
        create: ({ properties, physicalName }) => {
          const { Name = physicalName, AuthParameters } = readInput(ConnectionProperties, properties)
          const arn = arnOf("connection", Name)
          connections.set(arn, AuthParameters)
          const secret = `arn:aws:secretsmanager:${host.region}:${host.accountId}:secret:events!connection/${Name}`
          return { ref: Name, attributes: { Arn: arn, SecretArn: secret } }
        },
      },
      "AWS::Events::ApiDestination": {
        honours: Object.keys(DestinationProperties.shape),
        indifferent: ["Description", "InvocationRateLimitPerSecond"],
        create: ({ properties, physicalName }) => {
          const destination = readInput(DestinationProperties, properties)
          const name = destination.Name ?? physicalName
          const arn = arnOf("api-destination", name)
          destinations.set(arn, destination)
          return { ref: name, attributes: { Arn: arn, ArnForPolicy: arn.slice(0, arn.lastIndexOf("/")) } }
        },
      },
    },

    call: async (target, body) => {
      const destination = destinations.get(target.Arn)
      const authorization = connections.get(destination?.ConnectionArn ?? "")
      if (destination === undefined || authorization === undefined)
        throw new AwsError("ResourceNotFoundException", `${target.Arn} or its connection does not exist.`)
      if (target.RoleArn === undefined)
        throw new AwsError("AccessDeniedException", "An API destination needs a RoleArn.")
      host.iam.authorize(rolePrincipal(target.RoleArn), "events:InvokeApiDestination", target.Arn)
      const { headers, query, bodyParameters } = parametersOf(authorization, target)
      const url = urlOf(destination.InvocationEndpoint, target.HttpParameters?.PathParameterValues ?? [], query)
      const hasBody = destination.HttpMethod !== "GET" && destination.HttpMethod !== "HEAD"
      const response = await fetch(url, {
        method: destination.HttpMethod,
        headers: {
          "content-type": "application/json; charset=utf-8",
          ...headers,
          ...(await authorizationHeaders(authorization)),
        },
        signal: AbortSignal.timeout(answerMaxMs),
        ...(hasBody && { body: withParameters(body, bodyParameters) }),
      })
      const text = await response.text()
      if (response.ok) return
      const isRetried = response.status >= 500 || retriedStatuses.has(response.status)
      throw new AwsError(isRetried ? "ErrorFromTarget" : "InvalidRequestContentException", `${response.status} ${text}`)
    },
  }
}

/** Each `*` of the endpoint takes the next path value. */
function urlOf(endpoint: string, pathValues: readonly string[], query: Readonly<Record<string, string>>): URL {
  let next = 0
  const url = new URL(endpoint.replace(/\*/g, () => encodeURIComponent(pathValues[next++] ?? "")))
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value)
  return url
}

/** The connection's body parameters join an event that is a JSON object. */
function withParameters(body: string, parameters: JsonObject): string {
  if (Object.keys(parameters).length === 0) return body
  try {
    return JSON.stringify({ ...JSON.parse(body), ...parameters })
  } catch {
    return body
  }
}
