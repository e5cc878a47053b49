import type { Json, JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import { addPermission, type EventSource } from "./eventSource.ts"
import { arn, type Expansion, implicitHttpApiId, optional, picked, ref } from "./expansion.ts"

/** `AWS::Serverless::HttpApi`: the API, its stage and its authorizers; the routes come from the functions' events. */
export function expandHttpApi({ logicalId, properties, add, makes }: Expansion): void {
  add(logicalId, "AWS::ApiGatewayV2::Api", {
    Name: properties.Name ?? logicalId,
    ProtocolType: "HTTP",
    ...picked(properties, ["Description", "DefinitionBody", "DefinitionUri", "Domain"]),
    ...optional("CorsConfiguration", corsOf(properties.CorsConfiguration)),
  })
  const stageName = properties.StageName ?? "$default"
  const stageId = stageName === "$default" ? `${logicalId}ApiGatewayDefaultStage` : `${logicalId}Stage`
  makes("Stage", stageId)
  add(stageId, "AWS::ApiGatewayV2::Stage", {
    ApiId: ref(logicalId),
    StageName: stageName,
    AutoDeploy: true,
    ...picked(properties, ["StageVariables", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings"]),
  })
  for (const [name, authorizer] of Object.entries(authorizersOf(properties)))
    add(authorizerId(logicalId, name), "AWS::ApiGatewayV2::Authorizer", {
      ApiId: ref(logicalId),
      Name: name,
      ...authorizerProperties(objectOf(authorizer)),
    })
}

const corsOf = (cors: Json | undefined): Json | undefined => (cors === true ? { AllowOrigins: ["*"] } : cors)

const authorizersOf = (api: JsonObject): JsonObject => objectOf(objectOf(api.Auth).Authorizers)

const authorizerId = (apiId: string, name: string): string => `${apiId}${name.replace(/[^A-Za-z0-9]/g, "")}Authorizer`

const isJwt = (authorizer: JsonObject): boolean => authorizer.JwtConfiguration !== undefined

function authorizerProperties(authorizer: JsonObject): JsonObject {
  if (isJwt(authorizer)) {
    const { issuer, audience, Issuer, Audience } = objectOf(authorizer.JwtConfiguration)
    return {
      AuthorizerType: "JWT",
      IdentitySource: listOf(authorizer.IdentitySource ?? "$request.header.Authorization"),
      JwtConfiguration: { ...optional("Issuer", issuer ?? Issuer), ...optional("Audience", audience ?? Audience) },
    }
  }
  const { Headers, QueryStrings, StageVariables, Context, ReauthorizeEvery } = objectOf(authorizer.Identity)
  const sources = (prefix: string, names: Json | undefined) => listOf(names).map(name => `${prefix}.${String(name)}`)
  return {
    AuthorizerType: "REQUEST",
    AuthorizerUri: authorizer.FunctionArn ?? null,
    AuthorizerPayloadFormatVersion: String(authorizer.AuthorizerPayloadFormatVersion ?? "2.0"),
    IdentitySource: [
      ...sources("$request.header", Headers),
      ...sources("$request.querystring", QueryStrings),
      ...sources("$stageVariables", StageVariables),
      ...sources("$context", Context),
    ],
    ...optional("AuthorizerResultTtlInSeconds", ReauthorizeEvery),
    ...optional("EnableSimpleResponses", authorizer.EnableSimpleResponses),
  }
}

/** The event `HttpApi` of a function: a route to it with the authorizer of the route or of the API. */
export function addRoute(source: EventSource): void {
  const { expansion, target, id, properties } = source
  const apiRef = properties.ApiId ?? ref(implicitHttpApiId)
  const apiId = textOf(objectOf(apiRef).Ref)
  const isImplicit = apiId === implicitHttpApiId
  const api = (isImplicit ? expansion.implicitHttpApi() : expansion.referred(apiRef)) ?? {}

  expansion.add(`${id}Integration`, "AWS::ApiGatewayV2::Integration", {
    ApiId: apiRef,
    IntegrationType: "AWS_PROXY",
    IntegrationUri: target.arn,
    PayloadFormatVersion: String(properties.PayloadFormatVersion ?? "2.0"),
    ...picked(properties, ["TimeoutInMillis"]),
  })
  const method = String(properties.Method ?? "ANY").toUpperCase()
  expansion.add(`${id}Route`, "AWS::ApiGatewayV2::Route", {
    ApiId: apiRef,
    RouteKey:
      properties.Path === undefined
        ? "$default"
        : `${method === "X-AMAZON-APIGATEWAY-ANY-METHOD" ? "ANY" : method} ${String(properties.Path)}`,
    Target: { "Fn::Join": ["/", ["integrations", ref(`${id}Integration`)]] },
    ...authorizationOf(apiId ?? "", api, objectOf(properties.Auth)),
  })
  addPermission(source, "apigateway", arn("execute-api", `\${api}/*`, { api: apiRef }))
}

function authorizationOf(apiId: string, api: JsonObject, route: JsonObject): JsonObject {
  const name = route.Authorizer ?? objectOf(api.Auth).DefaultAuthorizer
  if (name === undefined || name === "NONE") return {}
  if (name === "AWS_IAM") return { AuthorizationType: "AWS_IAM" }
  const authorizer = objectOf(authorizersOf(api)[String(name)])
  return {
    AuthorizationType: isJwt(authorizer) ? "JWT" : "CUSTOM",
    AuthorizerId: ref(authorizerId(apiId, String(name))),
    ...optional("AuthorizationScopes", route.AuthorizationScopes ?? authorizer.AuthorizationScopes),
  }
}
