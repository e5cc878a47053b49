import type { GraphQLFieldResolver, GraphQLResolveInfo } from "graphql"
import { AwsError, type Json, type JsonObject } from "../../host.ts"
import type { ApiConfig } from "../api.ts"
import type { FieldError, FieldResult, Resolvers } from "../contract.ts"
import type { Access } from "./access.ts"
import { givenArguments } from "./givenArguments.ts"
import { fieldCall, fieldError, type Run } from "./run.ts"
import { TimeUp } from "./timeLimit.ts"

/**
 * Resolves the fields of an API: refused when the caller may not see it or a limit is reached, else by its resolver, else the
 * source's property of the same name. A field that fails is null and its error is gathered in the run.
 */
export function createFieldResolver(
  config: ApiConfig,
  resolvers: Resolvers,
  access: Access,
): GraphQLFieldResolver<Json, Run, JsonObject> {
  const refusal = (run: Run, info: GraphQLResolveInfo): FieldError | undefined => {
    const { fieldName, parentType } = info
    if (!access(run.caller, parentType.name, fieldName)) {
      return { errorType: "Unauthorized", message: `Not Authorized to access ${fieldName} on type ${parentType.name}` }
    }
    if (config.queryDepthMax > 0 && depthOf(info) > config.queryDepthMax) {
      return { errorType: "QueryDepthLimitReached", message: `Query depth limit of ${config.queryDepthMax} reached.` }
    }
    return undefined
  }

  const resolve = async (source: Json, args: JsonObject, run: Run, info: GraphQLResolveInfo): Promise<Json> => {
    if (++run.resolverRuns > config.resolversMax) {
      const message = `Resolver invocation limit of ${config.resolversMax} reached.`
      return fail(run, info, { errorType: "ResolverExecutionLimitReached", message })
    }
    const result = await run.resolve?.(fieldCall(source, args, run, info)).catch(unexpected)
    if (result === undefined) return null
    for (const error of result.errors) run.errors.push(fieldError(error, info))
    Object.assign(run.responseHeaders, result.responseHeaders)
    if (!invalidate(run, result.invalidations)) run.errors.push(fieldError(tooManyInvalidations, info))
    run.evictedEntries += result.evictedEntries ?? 0
    if (info.path.prev === undefined) run.onRoot?.(info.fieldName, args, result)
    return result.value
  }

  return (source, coerced, run, info) => {
    const refused = refusal(run, info)
    if (refused !== undefined) return fail(run, info, refused)
    const args = givenArguments(coerced, info)
    const hasResolver = run.resolve !== undefined && resolvers.has(info.parentType.name, info.fieldName)
    if (hasResolver) return resolve(source, args, run, info)
    if (info.path.prev === undefined) run.onRoot?.(info.fieldName, args, undefined)
    return property(source, info.fieldName)
  }
}

const invalidationsMax = 5
const tooManyInvalidations: FieldError = {
  errorType: "LimitExceededError",
  message: `A request may invalidate subscriptions in at most ${invalidationsMax} ways.`,
}

/** Takes over what is new of the invalidations; false when there are more than a request may have. */
function invalidate(run: Run, invalidations: FieldResult["invalidations"]): boolean {
  const known = new Set(run.invalidations.map(one => JSON.stringify(one)))
  for (const one of invalidations) {
    const text = JSON.stringify(one)
    if (known.has(text)) continue
    if (known.size >= invalidationsMax) return false
    known.add(text)
    run.invalidations.push(one)
  }
  return true
}

function property(source: Json, name: string): Json {
  if (typeof source !== "object" || source === null || Array.isArray(source)) return null
  return Object.hasOwn(source, name) ? (source[name] ?? null) : null
}

function fail(run: Run, info: GraphQLResolveInfo, error: FieldError): null {
  run.errors.push(fieldError(error, info))
  return null
}

/** A resolver that throws instead of answering is a failure of the host or of what it calls. */
function unexpected(error: unknown): FieldResult {
  const message = error instanceof Error ? error.message : String(error)
  const errorType = error instanceof AwsError || error instanceof TimeUp ? error.name : "InternalFailure"
  return { value: null, errors: [{ message, errorType }], invalidations: [], responseHeaders: {} }
}

function depthOf({ path }: GraphQLResolveInfo): number {
  let depth = 0
  for (let at: typeof path | undefined = path; at !== undefined; at = at.prev) if (typeof at.key === "string") depth++
  return depth
}
