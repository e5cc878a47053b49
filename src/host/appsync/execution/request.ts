import type { DocumentNode, OperationDefinitionNode } from "graphql"
import type { Json, JsonObject } from "../../host.ts"
import type { Caller } from "../auth/caller.ts"
import type { FieldResult } from "../contract.ts"
import type { Publication } from "./publications.ts"
import type { ResponseError } from "./responseErrors.ts"

/** A GraphQL request as it arrives, whatever the transport. */
export interface GraphqlRequest {
  readonly query: string
  readonly variables: JsonObject
  readonly operationName?: string
}

/** What the transport of a request knows: who calls, and the headers that resolvers see. */
export interface RequestContext {
  readonly caller: Caller
  readonly headers: Record<string, string | string[]>
}

/** A document that stands, with the operation to run. */
export interface Runnable {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

/** What can be run, the errors to answer with, or why the request as a whole is refused. */
export type Prepared = Runnable | { readonly response: GraphqlResponse } | { readonly refusal: string }

/** The body that answers a request. */
export interface GraphqlResponse {
  readonly data: Json
  readonly errors?: readonly ResponseError[]
  readonly extensions?: { readonly apiCacheEntriesDeleted: number }
}

/** What a request leads to: the response, and what is to be done once it is sent. */
export interface Outcome {
  readonly response: GraphqlResponse
  readonly responseHeaders: Record<string, string>
  readonly publications: readonly Publication[]
  readonly invalidations: FieldResult["invalidations"]
}
