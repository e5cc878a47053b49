import { z } from "zod"
import { type Host, type JsonObject, type ResourceProvider, type ResourceRequest, Unsupported } from "../../host.ts"
import { objectOf } from "../../json.ts"
import { parseProperties } from "../../lambda/function.ts"
import { stableId } from "../identifiers.ts"
import { accessResources } from "./accessResources.ts"
import { Authorizer, GatewayResponseChange, isTrue, Method } from "./definition.ts"
import { readDefinition } from "./openApi.ts"
import { addMethod, newRestApi, type RestApi, type RestRegistry } from "./registry.ts"
import { stageResources } from "./stageResources.ts"

const RestApiProperties = z.object({
  Name: z.string().optional(),
  BinaryMediaTypes: z.array(z.string()).default([]),
  ApiKeySourceType: z.enum(["HEADER", "AUTHORIZER"]).default("HEADER"),
  BodyS3Location: z.object({ Bucket: z.string(), Key: z.string() }).optional(),
})
const ValidatorProperties = z.object({
  ValidateRequestBody: isTrue.default(false),
  ValidateRequestParameters: isTrue.default(false),
})

/** The CloudFormation types of REST APIs. */
export function restResources(host: Host, registry: RestRegistry): Record<string, ResourceProvider> {
  const apiOf = ({ properties }: ResourceRequest): RestApi => {
    const api = registry.apis.get(String(properties.RestApiId))
    if (api === undefined) throw new Unsupported(`this host has no REST API ${String(properties.RestApiId)}`)
    return api
  }
  const idOf = ({ physicalName }: ResourceRequest) => stableId(physicalName).slice(0, 6)

  return {
    ...accessResources(registry),
    ...stageResources(apiOf),

    "AWS::ApiGateway::RestApi": {
      honours: ["ApiKeySourceType", "BinaryMediaTypes", "Body", "BodyS3Location", "Name"],
      indifferent: [
        "Description",
        "DisableExecuteApiEndpoint",
        "EndpointConfiguration",
        "FailOnWarnings",
        "MinimumCompressionSize",
        "Mode",
        "Parameters",
        "Tags",
      ],
      create: resource => {
        const { Name, BinaryMediaTypes, ApiKeySourceType, BodyS3Location } = parseProperties(
          RestApiProperties,
          resource,
        )
        const id = stableId(resource.physicalName)
        const api = newRestApi(id, {
          name: Name ?? resource.physicalName,
          rootId: stableId(`${id}/`),
          binaryMediaTypes: BinaryMediaTypes.map(type => type.replaceAll("~1", "/")),
          keySource: ApiKeySourceType,
        })
        registry.apis.set(id, api)
        const kept = { ref: id, attributes: { RestApiId: id, RootResourceId: api.rootId } }
        const { Body } = resource.properties
        if (Body === undefined && BodyS3Location === undefined) return kept
        const definition = BodyS3Location && host.assets.resolve(BodyS3Location.Bucket, BodyS3Location.Key)
        registry.apis.set(id, readDefinition(api, objectOf(Body), definition))
        return kept
      },
    },

    "AWS::ApiGateway::Resource": {
      honours: ["RestApiId", "ParentId", "PathPart"],
      create: resource => {
        const { ParentId, PathPart } = resource.properties
        const { resources } = apiOf(resource)
        const parent = resources.get(String(ParentId))
        if (parent === undefined) throw new Unsupported(`this host has no resource ${String(ParentId)}`)
        const id = idOf(resource)
        resources.set(id, { id, path: `${parent.path === "/" ? "" : parent.path}/${String(PathPart)}` })
        return { ref: id, attributes: { ResourceId: id } }
      },
    },

    "AWS::ApiGateway::Method": {
      honours: [
        "RestApiId",
        "ResourceId",
        "HttpMethod",
        "AuthorizationType",
        "AuthorizerId",
        "AuthorizationScopes",
        "ApiKeyRequired",
        "RequestValidatorId",
        "RequestParameters",
        "RequestModels",
        "Integration.Type",
        "Integration.IntegrationHttpMethod",
        "Integration.Uri",
        "Integration.Credentials",
        "Integration.RequestParameters",
        "Integration.RequestTemplates",
        "Integration.PassthroughBehavior",
        "Integration.ContentHandling",
        "Integration.TimeoutInMillis",
        "Integration.IntegrationResponses",
      ],
      indifferent: [
        "MethodResponses",
        "OperationName",
        "Integration.CacheKeyParameters",
        "Integration.CacheNamespace",
        "Integration.ConnectionType",
      ],
      create: resource => {
        const method = parseProperties(Method, resource)
        addMethod(apiOf(resource), String(resource.properties.ResourceId), method)
        return { ref: resource.physicalName }
      },
    },

    "AWS::ApiGateway::Authorizer": {
      honours: [
        "RestApiId",
        "Type",
        "AuthorizerUri",
        "AuthorizerCredentials",
        "AuthorizerResultTtlInSeconds",
        "IdentitySource",
        "IdentityValidationExpression",
        "ProviderARNs",
      ],
      indifferent: ["AuthType", "Name"],
      create: resource => {
        const id = idOf(resource)
        apiOf(resource).authorizers.set(id, parseProperties(Authorizer, resource)(id))
        return { ref: id, attributes: { AuthorizerId: id } }
      },
    },

    "AWS::ApiGateway::GatewayResponse": {
      honours: ["RestApiId", "ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates"],
      create: resource => {
        const change = parseProperties(GatewayResponseChange, resource)
        apiOf(resource).gatewayResponses.set(String(resource.properties.ResponseType), change)
        return { ref: idOf(resource) }
      },
    },

    "AWS::ApiGateway::RequestValidator": {
      honours: ["RestApiId", "ValidateRequestBody", "ValidateRequestParameters"],
      indifferent: ["Name"],
      create: resource => {
        const { ValidateRequestBody, ValidateRequestParameters } = parseProperties(ValidatorProperties, resource)
        const id = idOf(resource)
        apiOf(resource).validators.set(id, { body: ValidateRequestBody, parameters: ValidateRequestParameters })
        return { ref: id, attributes: { RequestValidatorId: id } }
      },
    },

    "AWS::ApiGateway::Model": {
      honours: ["RestApiId", "Name", "Schema", "ContentType"],
      indifferent: ["Description"],
      create: resource => {
        const { Name, Schema } = resource.properties
        // Names of models have letters and digits only.
        const name = typeof Name === "string" ? Name : resource.physicalName.replace(/[^A-Za-z0-9]/g, "")
        const schema: JsonObject = typeof Schema === "string" ? JSON.parse(Schema) : objectOf(Schema)
        apiOf(resource).models.set(name, schema)
        return { ref: name }
      },
    },
  }
}
