import type { DataSourceDefinition } from "./datasources/dataSource.ts"

/** `AWS::AppSync::Resolver`, with the code in place of its location. */
export interface ResolverDefinition {
  readonly typeName: string
  readonly fieldName: string
  readonly kind?: "UNIT" | "PIPELINE"
  readonly dataSourceName?: string
  readonly code?: string
  /** Ids of the functions of a pipeline, in order. */
  readonly pipelineFunctions?: readonly string[]
  readonly maxBatchSize?: number
  readonly requestMappingTemplate?: string
  readonly responseMappingTemplate?: string
}

/** `AWS::AppSync::FunctionConfiguration`. */
export interface FunctionDefinition {
  readonly id: string
  readonly name: string
  readonly dataSourceName: string
  readonly code?: string
  readonly maxBatchSize?: number
  readonly requestMappingTemplate?: string
  readonly responseMappingTemplate?: string
}

/** Everything that the fields of one API run on. */
export interface ResolverDefinitions {
  readonly dataSources: readonly DataSourceDefinition[]
  readonly functions: readonly FunctionDefinition[]
  readonly resolvers: readonly ResolverDefinition[]
  /** `EnvironmentVariables` of the API: `ctx.env`. */
  readonly environmentVariables?: Readonly<Record<string, string>>
}
