/** How long and how often a delivery is tried: EventBridge rules and EventBridge Scheduler alike. */
export interface RetryPolicy {
  readonly MaximumRetryAttempts?: number | undefined
  readonly MaximumEventAgeInSeconds?: number | undefined
}

const pauseMs = { first: 1_000, most: 480_000 }
const retriesDefault = 185
const ageDefaultSeconds = 86_400

/** Milliseconds before the nth retry: doubling from 1 s, so that 185 retries take a day. */
export function pauseBefore(retry: number): number {
  return Math.min(pauseMs.most, pauseMs.first * 2 ** (retry - 1))
}

/** Which limit ends the retries after one more failed attempt; undefined when there is another retry. `failed` counts the earlier ones. */
export function exhaustedCondition(
  policy: RetryPolicy | undefined,
  failed: number,
  acceptedAt: number,
  now: number,
): keyof RetryPolicy | undefined {
  const { MaximumRetryAttempts = retriesDefault, MaximumEventAgeInSeconds = ageDefaultSeconds } = policy ?? {}
  if (failed >= MaximumRetryAttempts) return "MaximumRetryAttempts"
  const isTooOld = now + pauseBefore(failed + 1) - acceptedAt > MaximumEventAgeInSeconds * 1_000
  return isTooOld ? "MaximumEventAgeInSeconds" : undefined
}
