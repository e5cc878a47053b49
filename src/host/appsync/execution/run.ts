import { type GraphQLResolveInfo, responsePathAsArray } from "graphql"
import type { Json, JsonObject } from "../../host.ts"
import type { FieldCall, FieldError, FieldResult } from "../contract.ts"
import type { GraphqlRequest, RequestContext } from "./request.ts"
import { locationsOf, type ResponseError } from "./responseErrors.ts"
import { selected, selectionOf } from "./selection.ts"

/** Told of a root field: its arguments, and the result of its resolver when it has one. */
export type OnRoot = (fieldName: string, args: JsonObject, result: FieldResult | undefined) => void

/** What a run is started with. */
export interface RunOptions {
  readonly deadline: number
  /** Runs resolvers; without it every field is a property of its source. */
  readonly resolve?: (call: FieldCall) => Promise<FieldResult>
  readonly onRoot?: OnRoot
}

/** One run of an operation, and what it gathers. */
export interface Run extends RequestContext, RunOptions {
  readonly request: FieldCall["request"]
  readonly variables: JsonObject
  readonly errors: ResponseError[]
  readonly responseHeaders: Record<string, string>
  readonly invalidations: FieldResult["invalidations"][number][]
  resolverRuns: number
  evictedEntries: number
}

/** A run that has gathered nothing yet. */
export const newRun = (request: GraphqlRequest, { caller, headers }: RequestContext, options: RunOptions): Run => ({
  ...options,
  caller,
  headers,
  request: { headers, domainName: null },
  variables: request.variables,
  errors: [],
  responseHeaders: {},
  invalidations: [],
  resolverRuns: 0,
  evictedEntries: 0,
})

/** What a resolver is told of the field. */
export function fieldCall(source: Json, args: JsonObject, run: Run, info: GraphQLResolveInfo): FieldCall {
  const { principal, identity, mode } = run.caller
  const parentType = info.parentType.name
  return {
    parentType,
    fieldName: info.fieldName,
    arguments: args,
    source: info.path.prev === undefined ? null : source,
    identity,
    authMode: mode,
    request: run.request,
    info: { fieldName: info.fieldName, parentTypeName: parentType, variables: run.variables, ...selectionOf(info) },
    deadline: run.deadline,
    ...(principal && { principal }),
  }
}

/** A resolver's error with the place of its field; of `data` only what the field selects is shown. */
export function fieldError(error: FieldError, info: GraphQLResolveInfo): ResponseError {
  const start = info.fieldNodes[0]?.loc?.startToken
  return {
    path: responsePathAsArray(info.path),
    data: error.data === undefined ? null : selected(error.data, info),
    errorType: error.errorType,
    errorInfo: error.errorInfo ?? null,
    locations: locationsOf(start && [start]),
    message: error.message,
  }
}
