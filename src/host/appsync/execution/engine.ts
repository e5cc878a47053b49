import {
  type DocumentNode,
  execute,
  type GraphQLResolveInfo,
  getOperationAST,
  type OperationDefinitionNode,
  responsePathAsArray,
} from "graphql"
import type { Clock, Timer } from "../../clock.ts"
import { AwsError, type Json, type JsonObject } from "../../host.ts"
import type { ApiConfig } from "../api.ts"
import type { Caller } from "../auth/caller.ts"
import type { FieldCall, FieldError, FieldResult, Resolvers } from "../contract.ts"
import type { ApiSchema } from "../schema/schema.ts"
import type { Access } from "./access.ts"
import { createBatches } from "./batches.ts"
import { createDocuments } from "./documents.ts"
import { executionError, variableError } from "./executionErrors.ts"
import { type Publication, publicationsOf } from "./publications.ts"
import { locationsOf, type ResponseError } from "./responseErrors.ts"
import { selected, selectionOf } from "./selection.ts"

const requestTimeoutMs = 30_000

/** A GraphQL request as it arrives, whatever the transport. */
export interface GraphqlRequest {
  readonly query: string
  readonly variables: JsonObject
  readonly operationName?: string
}

/** What a transport says about a request. */
export interface RequestContext {
  readonly caller: Caller
  readonly headers: Record<string, string | string[]>
}

export interface GraphqlResponse {
  readonly data: Json
  readonly errors?: readonly ResponseError[]
}

/** What a request leads to: the response, and what becomes of it once it is sent. */
export interface Outcome {
  readonly response: GraphqlResponse
  readonly responseHeaders: Record<string, string>
  readonly publications: readonly Publication[]
  readonly invalidations: FieldResult["invalidations"]
}

/** A document that stands, with the operation to run. */
export interface Runnable {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

/** What can be run, the errors to answer with, or why the request as a whole is refused. */
export type Prepared = Runnable | { readonly response: GraphqlResponse } | { readonly refusal: string }

/** Told of a subscription's field: its arguments, and the result of its resolver when it has one. */
export type OnRoot = (fieldName: string, args: JsonObject, result: FieldResult | undefined) => void

/** Runs the requests of one API. */
export interface Engine {
  prepare(request: GraphqlRequest): Prepared
  run(prepared: Runnable, request: GraphqlRequest, context: RequestContext): Promise<Outcome>
  /** Runs the field of a subscription as its `start` does; `onRoot` gets its arguments and what its resolver gave. */
  subscribe(prepared: Runnable, request: GraphqlRequest, context: RequestContext, onRoot: OnRoot): Promise<Outcome>
  /** What a subscriber sees of published values (by subscription field): its own selection of them. */
  project(
    prepared: Runnable,
    request: GraphqlRequest,
    context: RequestContext,
    published: JsonObject,
  ): Promise<GraphqlResponse>
}

/** What one request gathers while it runs. */
interface Run extends RequestContext {
  readonly request: { headers: Record<string, string | string[]>; domainName: null }
  readonly variables: JsonObject
  readonly deadline: number
  readonly errors: ResponseError[]
  readonly responseHeaders: Record<string, string>
  readonly invalidations: FieldResult["invalidations"][number][]
  readonly resolve: ((call: FieldCall) => Promise<FieldResult>) | undefined
  readonly onRoot?: OnRoot
  resolverRuns: number
}

/** An engine over graphql-js: resolvers where the API has them, the source's property of the same name elsewhere. */
export function createEngine(
  clock: Clock,
  config: ApiConfig,
  apiSchema: ApiSchema,
  resolvers: Resolvers,
  access: Access,
): Engine {
  const { schema } = apiSchema
  const check = createDocuments(schema, config.allowIntrospection)

  const fieldResolver = (source: Json, args: JsonObject, run: Run, info: GraphQLResolveInfo): unknown => {
    const typeName = info.parentType.name
    const refused = refusal(run, typeName, info)
    if (refused !== undefined) return fail(run, info, refused)
    if (run.resolve === undefined || !resolvers.has(typeName, info.fieldName)) {
      if (info.path.prev === undefined) run.onRoot?.(info.fieldName, args, undefined)
      return property(source, info.fieldName)
    }
    return resolveField(run.resolve, source, args, run, info)
  }

  const refusal = (run: Run, typeName: string, info: GraphQLResolveInfo): FieldError | undefined => {
    if (!access(run.caller, typeName, info.fieldName)) {
      return { errorType: "Unauthorized", message: `Not Authorized to access ${info.fieldName} on type ${typeName}` }
    }
    if (config.queryDepthMax > 0 && depthOf(info) > config.queryDepthMax) {
      return { errorType: "QueryDepthLimitReached", message: `Query depth limit of ${config.queryDepthMax} reached.` }
    }
    return undefined
  }

  const resolveField = async (
    resolve: NonNullable<Run["resolve"]>,
    source: Json,
    args: JsonObject,
    run: Run,
    info: GraphQLResolveInfo,
  ): Promise<unknown> => {
    if (++run.resolverRuns > config.resolversMax) {
      const message = `Resolver invocation limit of ${config.resolversMax} reached.`
      return fail(run, info, { errorType: "ResolverExecutionLimitReached", message })
    }
    const call = fieldCall(source, args, run, info)
    const result = await resolve(call).catch(unexpected)
    for (const error of result.errors) run.errors.push(fieldError(error, info))
    Object.assign(run.responseHeaders, result.responseHeaders)
    run.invalidations.push(...result.invalidations)
    if (info.path.prev === undefined) run.onRoot?.(info.fieldName, args, result)
    return result.value
  }

  const plainOrBatched = (): ((call: FieldCall) => Promise<FieldResult>) => {
    let batches: ReturnType<typeof createBatches> | undefined
    return call => {
      const size = resolvers.batchSize(call.parentType, call.fieldName)
      if (size <= 0) return resolvers.run(call)
      batches ??= createBatches(resolvers)
      return batches(call, size)
    }
  }

  const evaluate = async (
    prepared: Runnable,
    request: GraphqlRequest,
    run: Run,
    rootValue: JsonObject = {},
  ): Promise<GraphqlResponse> => {
    const result = await execute({
      schema,
      document: prepared.document,
      rootValue,
      contextValue: run,
      variableValues: request.variables,
      operationName: request.operationName ?? null,
      fieldResolver,
    })
    const { data, errors: found = [] } = result
    if (data === undefined) return { data: null, errors: found.slice(0, 1).map(variableError) }
    const errors = [...run.errors, ...found.map(error => executionError(schema, error))]
    const json = data as JsonObject | null
    return errors.length === 0 ? { data: json } : { data: json, errors }
  }

  const newRun = (
    request: GraphqlRequest,
    { caller, headers }: RequestContext,
    resolve: Run["resolve"],
    onRoot?: OnRoot,
  ): Run => ({
    caller,
    headers,
    request: { headers, domainName: null },
    variables: request.variables,
    deadline: clock.now() + requestTimeoutMs,
    errors: [],
    responseHeaders: {},
    invalidations: [],
    resolve,
    resolverRuns: 0,
    ...(onRoot && { onRoot }),
  })

  const runWith =
    (onRoot?: OnRoot): Engine["run"] =>
    async (prepared, request, context) => {
      const limit = createTimeLimit(clock)
      const run = newRun(request, context, limit.bound(plainOrBatched()), onRoot)
      try {
        const response = await evaluate(prepared, request, run)
        const { responseHeaders, invalidations } = run
        const publications =
          prepared.operation.operation === "mutation" ? publicationsOf(apiSchema, prepared, response.data) : []
        return { response, responseHeaders, invalidations, publications }
      } finally {
        limit.end()
      }
    }

  return {
    prepare: request => {
      const checked = check(request.query)
      if (checked.document === undefined) return { response: { data: null, errors: checked.errors } }
      const operation = getOperationAST(checked.document, request.operationName)
      if (operation) return { document: checked.document, operation }
      const { operationName: name } = request
      return { refusal: name === undefined ? "Missing operation name." : `Unknown operation named '${name}'.` }
    },
    run: runWith(),
    subscribe: (prepared, request, context, onRoot) => runWith(onRoot)(prepared, request, context),
    project: (prepared, request, context, published) =>
      evaluate(prepared, request, newRun(request, context, undefined), published),
  }
}

const property = (source: Json, name: string): Json =>
  typeof source === "object" && source !== null && !Array.isArray(source) ? (source[name] ?? null) : null

function fieldCall(source: Json, args: JsonObject, run: Run, info: GraphQLResolveInfo): FieldCall {
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

function fieldError(error: FieldError, info: GraphQLResolveInfo): ResponseError {
  const nodes = info.fieldNodes.slice(0, 1)
  const at = nodes.flatMap(node => (node.loc ? [node.loc.startToken] : []))
  return {
    path: responsePathAsArray(info.path),
    data: error.data === undefined ? null : selected(error.data, info),
    errorType: error.errorType,
    errorInfo: error.errorInfo ?? null,
    locations: locationsOf(at),
    message: error.message,
  }
}

function fail(run: Run, info: GraphQLResolveInfo, error: FieldError): null {
  run.errors.push(fieldError(error, info))
  return null
}

/** A resolver that throws instead of answering is the host's or a data source's own failure: the field's error. */
const unexpected = (error: unknown): FieldResult => ({
  value: null,
  errors: [
    {
      message: error instanceof Error ? error.message : String(error),
      errorType: error instanceof AwsError || error instanceof TimeUp ? error.name : "InternalFailure",
    },
  ],
  invalidations: [],
  responseHeaders: {},
})

function depthOf(info: GraphQLResolveInfo): number {
  let depth = 0
  for (let path: typeof info.path | undefined = info.path; path !== undefined; path = path.prev) {
    if (typeof path.key === "string") depth++
  }
  return depth
}

class TimeUp extends Error {
  constructor() {
    super("Execution timed out.")
    this.name = "ExecutionTimeout"
  }
}

interface TimeLimit {
  bound<A, R>(run: (argument: A) => Promise<R>): (argument: A) => Promise<R>
  end(): void
}

/** Bounds every resolver of one request by the request's 30 s; what still runs then is left alone, its field fails. */
function createTimeLimit(clock: Clock): TimeLimit {
  let timer: Timer | undefined
  let expired: Promise<never> | undefined
  const whenExpired = () => {
    expired ??= new Promise<never>((_, reject) => {
      timer = clock.after(requestTimeoutMs, () => reject(new TimeUp()))
    })
    return expired
  }
  return {
    bound: run => argument => Promise.race([run(argument), whenExpired()]),
    end: () => timer?.cancel(),
  }
}
