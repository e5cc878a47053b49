import { z } from "zod"
import { type Host, type ResourceProvider, type ResourceRequest, Unsupported } from "../host.ts"
import { parseProperties } from "../lambda/function.ts"
import { corsOf } from "./cors.ts"
import { stableId } from "./identifiers.ts"
import { type HttpApi, newApi, newRoute } from "./registry.ts"

const texts = z.array(z.string()).default([])
const wholeNumber = z.coerce.number().int()
const isTrue = z.union([z.boolean(), z.enum(["true", "false"])]).transform(value => value === true || value === "true")

const IntegrationProperties = z.object({
  ApiId: z.string(),
  IntegrationType: z.string(),
  IntegrationUri: z.string().default(""),
  PayloadFormatVersion: z.string().default("1.0"),
  TimeoutInMillis: wholeNumber.min(50).max(30_000).default(30_000),
})
const RouteProperties = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(["NONE", "AWS_IAM", "CUSTOM", "JWT"]).default("NONE"),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: texts,
})
const AuthorizerProperties = z.object({
  ApiId: z.string(),
  AuthorizerType: z.enum(["REQUEST", "JWT"]),
  AuthorizerUri: z.string().optional(),
  AuthorizerPayloadFormatVersion: z.literal("2.0").optional(),
  AuthorizerResultTtlInSeconds: wholeNumber.min(0).max(3600).optional(),
  EnableSimpleResponses: isTrue.default(false),
  IdentitySource: texts,
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: texts }).optional(),
})
const StageProperties = z.object({
  ApiId: z.string(),
  StageName: z.string(),
  StageVariables: z.record(z.string(), z.string()).default({}),
})

/** The CloudFormation types of HTTP APIs. `endpointOf` gives an API's URL. */
export function apiGatewayResources(
  host: Host,
  apis: Map<string, HttpApi>,
  endpointOf: (api: HttpApi) => string,
): Record<string, ResourceProvider> {
  const apiOf = (resource: ResourceRequest): HttpApi => {
    const api = apis.get(String(resource.properties.ApiId))
    if (api === undefined) throw new Unsupported(`this host has no HTTP API ${String(resource.properties.ApiId)}`)
    return api
  }

  return {
    "AWS::ApiGatewayV2::Api": {
      honours: ["Name", "ProtocolType", "CorsConfiguration"],
      indifferent: ["Description", "Tags", "Version", "IpAddressType", "RouteSelectionExpression"],
      create: ({ physicalName, properties }) => {
        if (properties.ProtocolType !== "HTTP") throw new Unsupported("this host has HTTP APIs only, no WebSocket APIs")
        const api = newApi(stableId(physicalName), corsOf(properties))
        apis.set(api.id, api)
        return { ref: api.id, attributes: { ApiId: api.id, ApiEndpoint: endpointOf(api) } }
      },
    },

    "AWS::ApiGatewayV2::Stage": {
      honours: ["ApiId", "StageName", "StageVariables", "AutoDeploy"],
      indifferent: [
        "AccessLogSettings",
        "DefaultRouteSettings",
        "RouteSettings",
        "Description",
        "DeploymentId",
        "Tags",
      ],
      create: resource => {
        const { StageName, StageVariables } = parseProperties(StageProperties, resource)
        apiOf(resource).stages.set(StageName, StageVariables)
        return { ref: StageName }
      },
    },

    "AWS::ApiGatewayV2::Integration": {
      honours: ["ApiId", "IntegrationType", "IntegrationUri", "PayloadFormatVersion", "TimeoutInMillis"],
      indifferent: ["Description", "IntegrationMethod", "ConnectionType"],
      create: resource => {
        const integration = parseProperties(IntegrationProperties, resource)
        const { IntegrationUri, TimeoutInMillis } = integration
        if (integration.IntegrationType !== "AWS_PROXY" || integration.IntegrationUri === "")
          throw new Unsupported("this host has AWS_PROXY integrations with a function only")
        if (integration.PayloadFormatVersion !== "2.0")
          throw new Unsupported("this host speaks payload format 2.0 only")
        const id = stableId(resource.physicalName).slice(0, 7)
        apiOf(resource).integrations.set(id, { functionArn: functionArn(IntegrationUri), timeoutMs: TimeoutInMillis })
        return { ref: id, attributes: { IntegrationId: id } }
      },
    },

    "AWS::ApiGatewayV2::Authorizer": {
      honours: [
        "ApiId",
        "AuthorizerType",
        "AuthorizerUri",
        "AuthorizerPayloadFormatVersion",
        "AuthorizerResultTtlInSeconds",
        "EnableSimpleResponses",
        "IdentitySource",
        "JwtConfiguration",
      ],
      indifferent: ["Name"],
      create: resource => {
        const properties = parseProperties(AuthorizerProperties, resource)
        const id = stableId(resource.physicalName).slice(0, 6)
        const identitySources = properties.IdentitySource
        const jwt = properties.JwtConfiguration
        apiOf(resource).authorizers.set(
          id,
          properties.AuthorizerType === "JWT"
            ? { type: "JWT", id, identitySources, issuer: jwt?.Issuer ?? "", audiences: jwt?.Audience ?? [] }
            : {
                type: "REQUEST",
                id,
                identitySources,
                functionArn: functionArn(properties.AuthorizerUri ?? ""),
                hasSimpleResponses: properties.EnableSimpleResponses,
                // AWS keeps answers for five minutes unless told; without an identity source it cannot.
                ttlSeconds: identitySources.length === 0 ? 0 : (properties.AuthorizerResultTtlInSeconds ?? 300),
              },
        )
        return { ref: id, attributes: { AuthorizerId: id } }
      },
    },

    "AWS::ApiGatewayV2::Route": {
      honours: ["ApiId", "RouteKey", "Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes"],
      indifferent: ["OperationName"],
      create: resource => {
        const properties = parseProperties(RouteProperties, resource)
        const { RouteKey, Target, AuthorizationType, AuthorizerId, AuthorizationScopes } = properties
        const id = stableId(resource.physicalName).slice(0, 7)
        apiOf(resource).routes.set(
          id,
          newRoute(RouteKey, {
            integrationId: Target.replace(/^integrations\//, ""),
            authorization: AuthorizationType,
            authorizerId: AuthorizerId,
            scopes: AuthorizationScopes,
          }),
        )
        return { ref: id, attributes: { RouteId: id } }
      },
    },
  }

  /** The function's own ARN, also from the URI of API Gateway's Lambda action. */
  function functionArn(uri: string): string {
    const arn = /functions\/(arn:.+)\/invocations$/.exec(uri)?.[1] ?? uri
    if (!/^arn:[^:]+:lambda:/.test(arn)) throw new Error(`${uri} is no function of ${host.region}`)
    return arn
  }
}
