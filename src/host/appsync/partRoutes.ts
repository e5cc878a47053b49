import { isSpecifiedScalarType, printType } from "graphql"
import { type AwsCall, AwsError, type AwsReply, type Json, type JsonObject } from "../host.ts"
import type { DataSourceDefinition, FunctionDefinition, ResolverDefinition } from "./contract.ts"
import type { Api } from "./registry.ts"
import { fieldKey } from "./resolverDefinitions.ts"

/** What a call of the control plane is about: the API, and the names in the path below it. */
export interface Asked {
  readonly api: Api
  readonly id: string
  readonly member: string
  readonly body: JsonObject
  readonly call: AwsCall
}

/** A REST call below an API: the groups of the path are the API's id and up to two names. */
export type Route = readonly [
  method: string,
  path: RegExp,
  action: string,
  answer: (asked: Asked) => JsonObject | AwsReply,
]

/** Reads what an API consists of, as the template made it. */
export const partRoutes: readonly Route[] = [
  [
    "GET",
    /^\/v1\/apis\/([^/]+)\/datasources$/,
    "ListDataSources",
    ({ api }) => ({ dataSources: [...api.dataSources.values()].map(part => describeDataSource(api, part)) }),
  ],
  [
    "GET",
    /^\/v1\/apis\/([^/]+)\/datasources\/([^/]+)$/,
    "GetDataSource",
    ({ api, id }) => ({
      dataSource: describeDataSource(api, found(api.dataSources.get(id), `No data source found named ${id}`)),
    }),
  ],
  [
    "GET",
    /^\/v1\/apis\/([^/]+)\/functions$/,
    "ListFunctions",
    ({ api }) => ({ functions: [...api.functions.values()].map(part => describeFunction(api, part)) }),
  ],
  [
    "GET",
    /^\/v1\/apis\/([^/]+)\/functions\/([^/]+)$/,
    "GetFunction",
    ({ api, id }) => ({
      functionConfiguration: describeFunction(api, found(api.functions.get(id), `No function found with id ${id}`)),
    }),
  ],
  [
    "GET",
    /^\/v1\/apis\/([^/]+)\/types\/([^/]+)\/resolvers$/,
    "ListResolvers",
    ({ api, id }) => ({
      resolvers: [...api.resolvers.values()]
        .filter(({ typeName }) => typeName === id)
        .map(part => describeResolver(api, part)),
    }),
  ],
  [
    "GET",
    /^\/v1\/apis\/([^/]+)\/types\/([^/]+)\/resolvers\/([^/]+)$/,
    "GetResolver",
    ({ api, id, member }) => ({
      resolver: describeResolver(api, found(api.resolvers.get(fieldKey(id, member)), "No resolver found.")),
    }),
  ],
  ["GET", /^\/v1\/apis\/([^/]+)\/types$/, "ListTypes", ({ api }) => ({ types: typesOf(api) })],
  [
    "GET",
    /^\/v1\/apis\/([^/]+)\/types\/([^/]+)$/,
    "GetType",
    ({ api, id }) => ({
      type: found(
        typesOf(api).find(({ name }) => name === id),
        `Type ${id} not found.`,
      ),
    }),
  ],
]

function found<Part>(part: Part | undefined, message: string): Part {
  if (part === undefined) throw new AwsError("NotFoundException", message, 404)
  return part
}

const describeDataSource = ({ config }: Api, { name, properties }: DataSourceDefinition): JsonObject => ({
  ...asSdk(properties),
  name,
  dataSourceArn: `${config.arn}/datasources/${name}`,
})

const describeFunction = ({ config }: Api, { functionId, code, properties }: FunctionDefinition): JsonObject => ({
  ...asSdk(properties),
  ...(code !== undefined && { code }),
  functionId,
  functionArn: `${config.arn}/functions/${functionId}`,
})

const describeResolver = (
  { config }: Api,
  { typeName, fieldName, code, properties }: ResolverDefinition,
): JsonObject => ({
  kind: "UNIT",
  ...asSdk(properties),
  ...(code !== undefined && { code }),
  typeName,
  fieldName,
  resolverArn: `${config.arn}/types/${typeName}/resolvers/${fieldName}`,
})

function typesOf({ config, schema }: Api): JsonObject[] {
  const types = Object.values(schema?.schema.getTypeMap() ?? {})
  return types
    .filter(type => !type.name.startsWith("__") && !isSpecifiedScalarType(type))
    .map(type => ({
      name: type.name,
      ...(type.description && { description: type.description }),
      arn: `${config.arn}/types/${type.name}`,
      definition: printType(type),
      format: "SDL",
    }))
}

/** Members that a template has and the SDK's shapes have not. */
const ofTemplatesAlone = new Set(["ApiId", "CodeS3Location"])

/** A template's properties as the SDK spells them: `DynamoDBConfig` → `dynamodbConfig`, other names in camel case. */
function asSdk(properties: JsonObject): JsonObject {
  const entries = Object.entries(properties).filter(([name]) => !ofTemplatesAlone.has(name))
  return Object.fromEntries(entries.map(([name, value]) => [sdkName(name), sdkValue(value)]))
}

const sdkName = (name: string): string => name.replace(/^(?:DynamoDB|.)/, start => start.toLowerCase())

function sdkValue(value: Json): Json {
  if (Array.isArray(value)) return value.map(sdkValue)
  return typeof value === "object" && value !== null ? asSdk(value) : value
}
