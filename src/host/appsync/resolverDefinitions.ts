import type { Json, JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { cachingKey } from "./cache.ts"
import type {
  DataSourceDefinition as DataSourceProperties,
  FunctionDefinition as FunctionProperties,
  ResolverCaching,
  ResolverDefinition as ResolverProperties,
} from "./contract.ts"
import type { DataSourceDefinition } from "./datasources/dataSource.ts"
import type { MappingTemplates } from "./templates/mappingTemplates.ts"

/** What a unit resolver and a function have in common. */
export interface StepDefinition {
  /** How messages name it. */
  readonly title: string
  readonly dataSourceName: string | undefined
  readonly code: string | undefined
  readonly maxBatchSize: number
  /** Written in VTL instead of code. */
  readonly templates?: MappingTemplates
  /** Its templates lie in a bucket, where the host does not read them. */
  readonly usesTemplateFile: boolean
}

/** A function of pipelines. */
export interface FunctionDefinition extends StepDefinition {
  readonly id: string
}

/** A resolver: a unit, or a pipeline of the functions with these ids. */
export interface ResolverDefinition extends StepDefinition {
  readonly field: string
  readonly functions: readonly string[] | undefined
}

/** How a field is named in every table here. */
export const fieldKey = (typeName: string, fieldName: string): string => `${typeName}.${fieldName}`

/** Reads `AWS::AppSync::DataSource`; the configuration is the `…Config` member of its type. */
export function readDataSource({ name, properties }: DataSourceProperties): DataSourceDefinition {
  const config = Object.entries(properties).find(([member]) => member.endsWith("Config") && member !== "MetricsConfig")
  const serviceRoleArn = textOf(properties.ServiceRoleArn)
  return {
    name,
    type: textOf(properties.Type) ?? "NONE",
    config: objectOf(config?.[1]),
    ...(serviceRoleArn === undefined ? {} : { serviceRoleArn }),
  }
}

/** Reads `AWS::AppSync::FunctionConfiguration`. */
export const readFunction = ({ functionId, code, properties }: FunctionProperties): FunctionDefinition => ({
  id: functionId,
  ...readStep(`the function ${textOf(properties.Name) ?? functionId}`, code, properties),
})

/** Reads `AWS::AppSync::Resolver`. */
export function readResolver({ typeName, fieldName, code, properties }: ResolverProperties): ResolverDefinition {
  const field = fieldKey(typeName, fieldName)
  const functions = listOf(objectOf(properties.PipelineConfig).Functions).map(String)
  return {
    field,
    functions: properties.Kind === "PIPELINE" ? functions : undefined,
    ...readStep(`the resolver ${field}`, code, properties),
  }
}

/** Reads the `CachingConfig` of a resolver. Throws for a key that is not of `$context.arguments`, `source` or `identity`. */
export function readCaching({ typeName, fieldName, properties }: ResolverProperties): ResolverCaching | undefined {
  const config = objectOf(properties.CachingConfig)
  if (config.Ttl === undefined) return undefined
  const keys = listOf(config.CachingKeys).map(key => {
    const path = cachingKey(String(key))
    if (path !== undefined) return path
    const what = "begins with $context.arguments, $context.source or $context.identity"
    throw new Error(
      `the resolver ${fieldKey(typeName, fieldName)}: the caching key ${String(key)} is none that ${what}.`,
    )
  })
  return { ttlSeconds: Number(config.Ttl), keys }
}

function readStep(title: string, code: string | undefined, properties: JsonObject): StepDefinition {
  const request = textOf(properties.RequestMappingTemplate)
  const response = textOf(properties.ResponseMappingTemplate)
  const isInVtl = code === undefined && (isGiven(request) || isGiven(response))
  return {
    title,
    code,
    dataSourceName: textOf(properties.DataSourceName),
    maxBatchSize: Number(properties.MaxBatchSize ?? 0),
    ...(isInVtl && {
      templates: { ...(request !== undefined && { request }), ...(response !== undefined && { response }) },
    }),
    usesTemplateFile: code === undefined && templateFiles.some(member => isGiven(properties[member])),
  }
}

const templateFiles = ["RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location"]

const isGiven = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== ""
