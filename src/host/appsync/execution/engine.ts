import { execute, getOperationAST } from "graphql"
import type { Clock } from "../../clock.ts"
import type { JsonObject } from "../../host.ts"
import type { ApiConfig } from "../api.ts"
import type { FieldCall, FieldResult, Resolvers } from "../contract.ts"
import type { ApiSchema } from "../schema/schema.ts"
import type { Access } from "./access.ts"
import { createBatches } from "./batches.ts"
import { createDocuments } from "./documents.ts"
import { executionError, variableError } from "./executionErrors.ts"
import { createFieldResolver } from "./fieldResolver.ts"
import { publicationsOf } from "./publications.ts"
import type { GraphqlRequest, GraphqlResponse, Outcome, Prepared, RequestContext, Runnable } from "./request.ts"
import { newRun, type OnRoot, type Run } from "./run.ts"
import { createTimeLimit } from "./timeLimit.ts"

const requestTimeoutMs = 30_000

/** Runs the requests of one API. */
export interface Engine {
  prepare(request: GraphqlRequest): Prepared
  /** `onRoot` is told of every root field; a subscription runs its field's resolver as its `start` does. */
  run(prepared: Runnable, request: GraphqlRequest, context: RequestContext, onRoot?: OnRoot): Promise<Outcome>
  /** What a subscriber sees of published values (by subscription field): its own selection of them. */
  project(
    prepared: Runnable,
    request: GraphqlRequest,
    context: RequestContext,
    published: JsonObject,
  ): Promise<GraphqlResponse>
}

/** An engine over graphql-js that resolves fields and words errors as AppSync does. */
export function createEngine(
  clock: Clock,
  config: ApiConfig,
  apiSchema: ApiSchema,
  resolvers: Resolvers,
  access: Access,
): Engine {
  const { schema } = apiSchema
  const check = createDocuments(schema, config.allowIntrospection)
  const fieldResolver = createFieldResolver(config, resolvers, access)

  const evaluate = async (document: Runnable["document"], request: GraphqlRequest, run: Run, rootValue: JsonObject) => {
    const { data, errors: found = [] } = await execute({
      schema,
      document,
      rootValue,
      contextValue: run,
      variableValues: request.variables,
      operationName: request.operationName ?? null,
      fieldResolver,
    })
    if (data === undefined) return { data: null, errors: found.slice(0, 1).map(variableError) }
    const errors = [...run.errors, ...found.map(error => executionError(schema, error))]
    const json = data as JsonObject | null
    return {
      data: json,
      ...(errors.length > 0 && { errors }),
      ...(run.evictedEntries > 0 && { extensions: { apiCacheEntriesDeleted: run.evictedEntries } }),
    }
  }

  return {
    prepare: ({ query, operationName }) => {
      const checked = check(query)
      if (checked.document === undefined) return { response: { data: null, errors: checked.errors } }
      const operation = getOperationAST(checked.document, operationName)
      if (operation) return { document: checked.document, operation }
      const isMissing = operationName === undefined
      return { refusal: isMissing ? "Missing operation name." : `Unknown operation named '${operationName}'.` }
    },

    run: async (prepared, request, context, onRoot) => {
      const limit = createTimeLimit(clock, requestTimeoutMs)
      const deadline = clock.now() + requestTimeoutMs * clock.speed
      const resolve = limit.bound(plainOrBatched(resolvers))
      const run = newRun(request, context, { deadline, resolve, ...(onRoot && { onRoot }) })
      try {
        const response = await evaluate(prepared.document, request, run, {})
        const isMutation = prepared.operation.operation === "mutation"
        const publications = isMutation ? publicationsOf(apiSchema, prepared, response.data) : []
        return { response, publications, responseHeaders: run.responseHeaders, invalidations: run.invalidations }
      } finally {
        limit.end()
      }
    },

    project: (prepared, request, context, published) =>
      evaluate(prepared.document, request, newRun(request, context, { deadline: clock.now() }), published),
  }
}

/** Runs the resolvers of one request; those that batch wait for each other. */
function plainOrBatched(resolvers: Resolvers): (call: FieldCall) => Promise<FieldResult> {
  let batched: ReturnType<typeof createBatches> | undefined
  return call => {
    const size = resolvers.batchSize(call.parentType, call.fieldName)
    if (size <= 0) return resolvers.run(call)
    batched ??= createBatches(resolvers)
    return batched(call, size)
  }
}
