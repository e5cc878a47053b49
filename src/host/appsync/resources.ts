import { readFileSync } from "node:fs"
import {
  type CreatedResource,
  type Host,
  type JsonObject,
  type ResourceProvider,
  type ResourceRequest,
  Unsupported,
} from "../host.ts"
import { textOf } from "../json.ts"
import { numberOf, readApiConfig } from "./api.ts"
import { apiKeyId, stableId } from "./identifiers.ts"
import type { Api, Registry } from "./registry.ts"
import { fieldKey, readCaching } from "./resolverDefinitions.ts"
import { compileSchema } from "./schema/schema.ts"

const weekSeconds = 7 * 24 * 3600

/** The CloudFormation types of AppSync. */
export function createResources(host: Host, registry: Registry): Record<string, ResourceProvider> {
  const arnOf = (apiId: string) => `arn:aws:appsync:${host.region}:${host.accountId}:apis/${apiId}`
  const read = (url: string) => readFileSync(host.assets.resolveUrl(url), "utf8")
  const within = (create: (api: Api, resource: ResourceRequest) => CreatedResource) => (resource: ResourceRequest) => {
    const api = registry.apis.get(String(resource.properties.ApiId))
    if (api === undefined)
      throw new Error(`${resource.logicalId}: there is no GraphQL API ${String(resource.properties.ApiId)}.`)
    const created = create(api, resource)
    api.changed()
    return created
  }

  return {
    "AWS::AppSync::GraphQLApi": {
      honours: apiProperties,
      indifferent: ["Tags", "XrayEnabled", "LogConfig", "Visibility", "EnhancedMetricsConfig", "OwnerContact"],
      create: ({ properties, physicalName }) => {
        if (properties.ApiType === "MERGED") throw new Unsupported("this host has no merged APIs")
        const id = stableId(physicalName)
        registry.put(readApiConfig(id, arnOf(id), properties))
        return { ref: arnOf(id), attributes: apiAttributes(host, registry, id, arnOf(id)) }
      },
    },
    "AWS::AppSync::GraphQLSchema": {
      honours: ["ApiId", "Definition", "DefinitionS3Location"],
      create: within((api, { properties }) => {
        const location = textOf(properties.DefinitionS3Location)
        const schema = compileSchema(location === undefined ? String(properties.Definition) : read(location))
        if (schema.usesAwsAuth && api.config.additional.length > 0) {
          throw new Error(
            "@aws_auth has no effect on an API with several authorization modes: use @aws_cognito_user_pools.",
          )
        }
        api.schema = schema
        return { ref: `${api.config.id}GraphQLSchema` }
      }),
    },
    "AWS::AppSync::ApiKey": {
      honours: ["ApiId", "Expires", "ApiKeyId"],
      indifferent: ["Description"],
      create: ({ logicalId, properties, physicalName }) => {
        const id = textOf(properties.ApiKeyId) ?? apiKeyId(physicalName)
        const api = registry.apis.get(String(properties.ApiId))
        if (api === undefined) {
          host.log.warn("appsync", `${logicalId} is a key of an API that this host does not have`)
          return { ref: id, attributes: { ApiKey: id, ApiKeyId: id } }
        }
        const expiresAt = numberOf(properties.Expires) ?? Math.floor(host.clock.now() / 1000) + weekSeconds
        api.keys.set(id, { id, description: textOf(properties.Description) ?? null, expiresAt })
        api.changed()
        const arn = `${api.config.arn}/apikeys/${id}`
        return { ref: arn, attributes: { ApiKey: id, ApiKeyId: id, Arn: arn } }
      },
    },
    "AWS::AppSync::DataSource": {
      honours: ["ApiId", "Name", "Type", "ServiceRoleArn", ...dataSourceConfigs],
      indifferent: ["Description", "MetricsConfig"],
      create: within((api, { properties }) => {
        const name = String(properties.Name)
        api.dataSources.set(name, { name, properties })
        const arn = `${api.config.arn}/datasources/${name}`
        return { ref: arn, attributes: { DataSourceArn: arn, Name: name } }
      }),
    },
    "AWS::AppSync::FunctionConfiguration": {
      honours: ["ApiId", "Name", "DataSourceName", ...codeProperties],
      indifferent: ["Description", "FunctionVersion"],
      create: within((api, { properties, physicalName }) => {
        const id = stableId(physicalName)
        const name = String(properties.Name)
        const dataSourceName = String(properties.DataSourceName)
        api.functions.set(id, {
          functionId: id,
          code: codeOf(properties, read),
          properties: withTemplates(properties, read),
        })
        const arn = `${api.config.arn}/functions/${id}`
        return {
          ref: arn,
          attributes: { FunctionId: id, FunctionArn: arn, Name: name, DataSourceName: dataSourceName },
        }
      }),
    },
    "AWS::AppSync::Resolver": {
      honours: [
        "ApiId",
        "TypeName",
        "FieldName",
        "Kind",
        "DataSourceName",
        "PipelineConfig",
        "CachingConfig",
        ...codeProperties,
      ],
      indifferent: ["MetricsConfig"],
      create: within((api, { properties }) => {
        const typeName = String(properties.TypeName)
        const fieldName = String(properties.FieldName)
        const code = codeOf(properties, read)
        const resolver = { typeName, fieldName, code, properties: withTemplates(properties, read) }
        readCaching(resolver)
        api.resolvers.set(fieldKey(typeName, fieldName), resolver)
        const arn = `${api.config.arn}/types/${typeName}/resolvers/${fieldName}`
        return { ref: arn, attributes: { ResolverArn: arn, TypeName: typeName, FieldName: fieldName } }
      }),
    },
    "AWS::AppSync::ApiCache": {
      honours: ["ApiId", "ApiCachingBehavior", "Ttl"],
      indifferent: ["Type", "AtRestEncryptionEnabled", "TransitEncryptionEnabled", "HealthMetricsConfig"],
      create: within((api, { properties, physicalName }) => {
        const cachesAll = properties.ApiCachingBehavior !== "PER_RESOLVER_CACHING"
        api.caching = { cachesAll, ttlSeconds: numberOf(properties.Ttl) ?? 3600 }
        return { ref: physicalName }
      }),
    },
    "AWS::AppSync::DomainName": {
      honours: ["DomainName"],
      indifferent: ["CertificateArn", "Description", "Tags"],
      create: ({ properties }) => {
        const name = String(properties.DomainName)
        return {
          ref: name,
          attributes: { DomainName: name, AppSyncDomainName: new URL(host.url).host, HostedZoneId: "Z2FDTNDATAQYW2" },
        }
      },
    },
    "AWS::AppSync::DomainNameApiAssociation": {
      honours: ["ApiId", "DomainName"],
      create: ({ properties }) => ({ ref: `${String(properties.DomainName)}/${String(properties.ApiId)}` }),
    },
  }
}

const apiProperties = [
  "Name",
  "ApiType",
  "AuthenticationType",
  "AdditionalAuthenticationProviders",
  "UserPoolConfig",
  "OpenIDConnectConfig",
  "LambdaAuthorizerConfig",
  "QueryDepthLimit",
  "ResolverCountLimit",
  "IntrospectionConfig",
  "EnvironmentVariables",
]

const dataSourceConfigs = [
  "DynamoDBConfig",
  "EventBridgeConfig",
  "LambdaConfig",
  "HttpConfig",
  "OpenSearchServiceConfig",
  "ElasticsearchConfig",
  "RelationalDatabaseConfig",
]

const codeProperties = [
  "Code",
  "CodeS3Location",
  "Runtime",
  "MaxBatchSize",
  "RequestMappingTemplate",
  "RequestMappingTemplateS3Location",
  "ResponseMappingTemplate",
  "ResponseMappingTemplateS3Location",
]

function apiAttributes(host: Host, registry: Registry, id: string, arn: string): Record<string, string> {
  const graphqlUrl = `${host.url}${graphqlPath(registry, id)}`
  const dns = new URL(host.url).host
  return {
    ApiId: id,
    Arn: arn,
    GraphQLUrl: graphqlUrl,
    GraphQLDns: dns,
    GraphQLEndpointArn: arn.replace("apis/", "endpoints/graphql-api/"),
    RealtimeUrl: `${graphqlUrl.replace(/^http/, "ws")}/realtime`,
    RealtimeDns: dns,
  }
}

/** Path of an API's endpoint: the first one has the short form. */
export const graphqlPath = (registry: Registry, apiId: string): string =>
  registry.first()?.config.id === apiId ? "/graphql" : `/apis/${apiId}/graphql`

/** The code of a resolver or function; when it lies in S3 it is read from the cloud assembly. */
function codeOf(properties: JsonObject, read: (url: string) => string): string | undefined {
  const location = textOf(properties.CodeS3Location)
  return location === undefined ? textOf(properties.Code) : read(location)
}

/** The properties with the mapping templates that lie beside the template in place of their locations. */
function withTemplates(properties: JsonObject, read: (url: string) => string): JsonObject {
  const found = { ...properties }
  for (const name of ["RequestMappingTemplate", "ResponseMappingTemplate"]) {
    const location = textOf(properties[`${name}S3Location`])
    if (location === undefined) continue
    try {
      found[name] = read(location)
      delete found[`${name}S3Location`]
    } catch {
      // A template that lies elsewhere fails its own field, and is named at start.
    }
  }
  return found
}
