import type { JsonObject } from "../../../host.ts"
import { EarlyReturn, isRecord, jsonCopy, type Run } from "../run.ts"

const jsonObject = (value: unknown): JsonObject => {
  const copy = jsonCopy(value)
  return isRecord(copy) ? (copy as JsonObject) : {}
}

/** The global `extensions`. */
export const createExtensions = (run: () => Run) => ({
  evictFromApiCache: (typeName: unknown, fieldName: unknown, keys: unknown) => {
    run().evictions.push({ typeName: String(typeName), fieldName: String(fieldName), keys: jsonObject(keys) })
  },
  setSubscriptionFilter: (filter: unknown) => {
    run().subscriptionFilter = jsonObject(filter)
  },
  setSubscriptionInvalidationFilter: (filter: unknown) => {
    run().subscriptionInvalidationFilter = jsonObject(filter)
  },
  invalidateSubscriptions: (invalidation: unknown) => {
    const { subscriptionField, payload } = jsonObject(invalidation)
    run().invalidations.push({ subscriptionField: String(subscriptionField), payload: jsonObject(payload) })
  },
})

/** The global `runtime`. */
export const runtime = {
  earlyReturn: (value?: unknown, options?: unknown) => {
    const skipTo = isRecord(options) ? options.skipTo : undefined
    throw new EarlyReturn(jsonCopy(value), skipTo === "END" || skipTo === "NEXT" ? skipTo : undefined)
  },
}
