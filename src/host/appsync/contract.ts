/** What the GraphQL side (schema, authorization, real time) and the resolver side (APPSYNC_JS, data sources) of an API ask of each other. */
import type { Json, JsonObject, Principal } from "../host.ts"

export type AuthMode = "API_KEY" | "AWS_IAM" | "AMAZON_COGNITO_USER_POOLS" | "OPENID_CONNECT" | "AWS_LAMBDA"

/** What a resolver sees of one field. Everything is plain JSON; `identity` has the shape that AppSync documents for the auth mode, null for an API key. */
export interface FieldCall {
  readonly parentType: string
  readonly fieldName: string
  readonly arguments: JsonObject
  readonly source: Json
  readonly identity: JsonObject | null
  readonly authMode: AuthMode
  readonly request: { headers: Record<string, string | string[]>; domainName: string | null }
  readonly info: {
    fieldName: string
    parentTypeName: string
    variables: JsonObject
    selectionSetList: string[]
    selectionSetGraphQL: string
  }
  /** Milliseconds on the host's clock at which the request's 30 s are over. */
  readonly deadline: number
  /** Who called, for what needs more than `identity` (Lambda authorizer context is in `identity.resolverContext`). */
  readonly principal?: Principal
}

/** One entry of `errors` before the API adds path and locations. */
export interface FieldError {
  readonly message: string
  readonly errorType: string | null
  readonly data?: Json
  readonly errorInfo?: Json
}

/** What one field run gives: a value, errors beside or instead of it, and what `extensions` and `util.http` asked for. */
export interface FieldResult {
  /** null when the field failed. */
  readonly value: Json
  /** `util.error` (then `value` is null) and every `util.appendError`. */
  readonly errors: readonly FieldError[]
  /** `extensions.setSubscriptionFilter`, in subscription resolvers. */
  readonly subscriptionFilter?: JsonObject
  readonly subscriptionInvalidationFilter?: JsonObject
  /** `extensions.invalidateSubscriptions({subscriptionField, payload})`, in mutation resolvers. */
  readonly invalidations: readonly { subscriptionField: string; payload: JsonObject }[]
  /** `util.http.addResponseHeader(s)`. */
  readonly responseHeaders: Record<string, string>
  /** `extensions.evictFromApiCache`, in mutation resolvers. */
  readonly evictions?: readonly Eviction[]
  /** How many entries of the API's cache the evictions removed. */
  readonly evictedEntries?: number
}

/** An entry of the API's cache by the values of its caching keys. */
export interface Eviction {
  readonly typeName: string
  readonly fieldName: string
  readonly keys: JsonObject
}

/** `CachingConfig` of a resolver; no keys: arguments, source and identity. */
export interface ResolverCaching {
  readonly ttlSeconds: number
  readonly keys: readonly string[]
}

/** `AWS::AppSync::ApiCache`. */
export interface CacheSettings {
  /** Every resolver of a query is cached, not only those with a `CachingConfig`. */
  readonly cachesAll: boolean
  readonly ttlSeconds: number
}

/** All resolvers of one API. Unknown fields have none: the API then takes the property of the same name from the source. */
export interface Resolvers {
  has(parentType: string, fieldName: string): boolean
  run(call: FieldCall): Promise<FieldResult>
  /** Runs a BatchInvoke resolver (`maxBatchSize` > 0) once for several sources of the same field; undefined when the field does not batch. */
  batchSize(parentType: string, fieldName: string): number
  runBatch(calls: readonly FieldCall[]): Promise<readonly FieldResult[]>
}

/** A data source as the template gives it: the properties of AWS::AppSync::DataSource, intrinsics resolved. */
export interface DataSourceDefinition {
  readonly name: string
  readonly properties: JsonObject
}

/** A pipeline function: the properties of AWS::AppSync::FunctionConfiguration; `code` also when it came from S3. */
export interface FunctionDefinition {
  readonly functionId: string
  readonly code: string | undefined
  readonly properties: JsonObject
}

/** A resolver: the properties of AWS::AppSync::Resolver; `code` also when it came from S3. */
export interface ResolverDefinition {
  readonly typeName: string
  readonly fieldName: string
  readonly code: string | undefined
  readonly properties: JsonObject
}

/** What `createResolvers(host, definitions)` makes the resolvers of one API from. */
export interface ResolverDefinitions {
  readonly dataSources: readonly DataSourceDefinition[]
  readonly functions: readonly FunctionDefinition[]
  readonly resolvers: readonly ResolverDefinition[]
  readonly environmentVariables: Readonly<Record<string, string>>
}
