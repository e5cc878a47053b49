import type { Host, JsonObject } from "../../host.ts"
import type { Engine, GraphqlRequest, OnRoot, RequestContext, Runnable } from "../execution/engine.ts"
import type { ResponseError } from "../execution/responseErrors.ts"
import type { Api } from "../registry.ts"
import { argumentFilter, enhancedFilter, type Filter } from "./filter.ts"
import type { Subscription } from "./hub.ts"
import type { RealtimeError } from "./messages.ts"

const payloadBytesMax = 240 * 1024

/** A subscription that does not start, with what its client is told. */
export class SubscriptionRefused extends Error {
  readonly errors: readonly RealtimeError[]
  constructor(errors: readonly RealtimeError[]) {
    super("The subscription was refused.")
    this.errors = errors
  }
}

/** What a started subscription sends to its client. */
export interface Receiver {
  data(payload: object): void
  end(): void
}

/**
 * Checks a subscription and runs its resolver. A filter that the resolver sets takes the place of the one that the arguments
 * make. Throws SubscriptionRefused for an invalid document, another kind of operation, and whatever the resolver refuses.
 */
export async function startSubscription(
  host: Host,
  api: Api,
  request: GraphqlRequest,
  context: RequestContext,
  receiver: Receiver,
): Promise<Subscription> {
  const engine = await api.engine()
  if (engine === undefined) throw refusal("No schema definition exists.", "GraphQLSchemaException")
  const prepared = prepare(engine, request)
  const filters: Partial<Filters> = {}
  const { response } = await engine.subscribe(prepared, request, context, readFilters(filters))
  const refused = (response.errors ?? []).filter(error => error.path === null || error.errorType !== undefined)
  if (refused.length > 0) throw new SubscriptionRefused(refused.map(toRealtimeError))
  const { field, passes, invalidatedBy } = filters
  if (field === undefined || passes === undefined)
    throw refusal("The subscription selects no field.", "BadRequestException")

  let delivery = Promise.resolve()
  const deliver = async (payload: JsonObject) => {
    const response = await engine.project(prepared, request, context, { [field]: payload })
    const bytes = Buffer.byteLength(JSON.stringify(response))
    if (bytes <= payloadBytesMax) return receiver.data(response)
    host.log.warn(
      "appsync",
      `a payload of ${bytes} bytes for ${field} is over the 240 KB of a subscription: not delivered`,
    )
  }
  return {
    field,
    passes,
    ...(invalidatedBy && { invalidatedBy }),
    deliver: payload => {
      delivery = delivery.then(() => deliver(payload))
    },
    end: receiver.end,
  }
}

interface Filters {
  field: string
  passes: Filter
  invalidatedBy: Filter
}

const readFilters =
  (filters: Partial<Filters>): OnRoot =>
  (field, args, result) => {
    const { subscriptionFilter, subscriptionInvalidationFilter } = result ?? {}
    filters.field = field
    filters.passes = subscriptionFilter === undefined ? argumentFilter(args) : enhancedFilter(subscriptionFilter)
    if (subscriptionInvalidationFilter !== undefined)
      filters.invalidatedBy = enhancedFilter(subscriptionInvalidationFilter)
  }

function prepare(engine: Engine, request: GraphqlRequest): Runnable {
  const prepared = engine.prepare(request)
  if ("response" in prepared) throw new SubscriptionRefused((prepared.response.errors ?? []).map(toRealtimeError))
  if ("refusal" in prepared) throw refusal(prepared.refusal, "BadRequestException")
  const { operation } = prepared.operation
  if (operation === "subscription") return prepared
  throw refusal(`${operation} not supported through the realtime channel`, "UnsupportedOperation")
}

const refusal = (message: string, errorType: string) => new SubscriptionRefused([{ errorType, message }])

const toRealtimeError = ({ errorType, message }: ResponseError): RealtimeError =>
  errorType ? { errorType, message } : { message }
