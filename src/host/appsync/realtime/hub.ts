import type { JsonObject } from "../../host.ts"
import type { FieldResult } from "../contract.ts"
import type { Publication } from "../execution/publications.ts"
import type { Filter } from "./filter.ts"

/** One started subscription. */
export interface Subscription {
  readonly field: string
  readonly passes: Filter
  /** Set when the subscription can be invalidated: the invalidations that end it. */
  readonly invalidatedBy?: Filter
  deliver(payload: JsonObject): void
  end(): void
}

/** The started subscriptions of one API. */
export interface Hub {
  add(subscription: Subscription): void
  remove(subscription: Subscription): void
  publish(publications: readonly Publication[]): void
  invalidate(invalidations: FieldResult["invalidations"]): void
}

/** Subscriptions by field. */
export function createHub(): Hub {
  const byField = new Map<string, Set<Subscription>>()
  const of = (field: string) => byField.get(field) ?? new Set<Subscription>()

  return {
    add: subscription => byField.set(subscription.field, of(subscription.field).add(subscription)),
    remove: subscription => {
      const left = of(subscription.field)
      left.delete(subscription)
      if (left.size === 0) byField.delete(subscription.field)
    },
    publish: publications => {
      for (const { subscriptionField, payload } of publications) {
        for (const subscription of of(subscriptionField))
          if (subscription.passes(payload)) subscription.deliver(payload)
      }
    },
    invalidate: invalidations => {
      for (const { subscriptionField, payload } of invalidations) {
        for (const subscription of [...of(subscriptionField)])
          if (subscription.invalidatedBy?.(payload)) subscription.end()
      }
    },
  }
}
