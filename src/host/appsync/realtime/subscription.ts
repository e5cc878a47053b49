import type { Host, JsonObject } from "../../host.ts"
import type { FieldResult } from "../contract.ts"
import type { Engine } from "../execution/engine.ts"
import type { GraphqlRequest, RequestContext, Runnable } from "../execution/request.ts"
import type { ResponseError } from "../execution/responseErrors.ts"
import type { Api } from "../registry.ts"
import { argumentFilter, enhancedFilter } from "./filter.ts"
import type { Subscription } from "./hub.ts"
import type { RealtimeError } from "./messages.ts"

const payloadBytesMax = 240 * 1024
/** A message is billed in steps of so many bytes [AppSync pricing]. */
const billedStepBytes = 5 * 1024

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
  let root: Root | undefined
  const { response } = await engine.run(prepared, request, context, (field, args, result) => {
    root = { field, args, result }
  })
  const refused = (response.errors ?? []).filter(error => error.path === null || error.errorType !== undefined)
  if (refused.length > 0) throw new SubscriptionRefused(refused.map(toRealtimeError))
  if (root === undefined) throw refusal("The subscription selects no field.", "BadRequestException")
  const { field } = root

  const warn = (reason: string) => host.log.warn("appsync", `${field} was not delivered to a subscriber: ${reason}`)
  let delivery = Promise.resolve()
  const deliver = async (payload: JsonObject) => {
    const response = await engine.project(prepared, request, context, { [field]: payload })
    const bytes = Buffer.byteLength(JSON.stringify(response))
    if (bytes <= payloadBytesMax) {
      host.meter?.("appsync.message", field, Math.ceil(bytes / billedStepBytes))
      return receiver.data(response)
    }
    warn(`a payload of ${bytes} bytes is over the 240 KB of a subscription`)
  }
  return {
    field,
    ...filtersOf(root),
    deliver: payload => {
      delivery = delivery.then(() => deliver(payload)).catch(error => warn(String(error)))
    },
    end: receiver.end,
  }
}

/** The subscription's field once its resolver ran. */
interface Root {
  readonly field: string
  readonly args: JsonObject
  readonly result: FieldResult | undefined
}

function filtersOf({ args, result }: Root): Pick<Subscription, "passes" | "invalidatedBy"> {
  const { subscriptionFilter, subscriptionInvalidationFilter } = result ?? {}
  try {
    return {
      passes: subscriptionFilter === undefined ? argumentFilter(args) : enhancedFilter(subscriptionFilter),
      ...(subscriptionInvalidationFilter && { invalidatedBy: enhancedFilter(subscriptionInvalidationFilter) }),
    }
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error), "BadRequestException")
  }
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
