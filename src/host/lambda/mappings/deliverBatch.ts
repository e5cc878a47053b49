/** What came of one try to hand a batch to the function. */
export type TryOutcome =
  | { status: "done" }
  /** The function did not see the batch; such tries do not count. */
  | { status: "notReached" }
  /** Everything from position `from` on must be tried again; `partial` when the function said so itself. */
  | { status: "failed"; from: number; partial: boolean; requestId: string }

/** Why records are given up, in Lambda's words. */
export type GiveUpReason = "RetryAttemptsExhausted" | "RecordAgeExceeded"

/** What `deliverBatch` needs from outside. */
export interface BatchDelivery<Item> {
  readonly retriesMax: number
  readonly bisects: boolean
  attempt(items: readonly Item[]): Promise<TryOutcome>
  isTooOld(item: Item): boolean
  finish(items: readonly Item[]): void
  giveUp(
    items: readonly Item[],
    reason: GiveUpReason,
    last: { invocations: number; requestId: string; partial: boolean },
  ): Promise<void>
  /** A try failed and will be repeated; resolves when it is time. */
  wait(items: readonly Item[], failures: number): Promise<void>
  readonly stopped: boolean
}

/**
 * Delivers a batch of a stream until each record is done or given up, in order. Splitting a batch in halves is not a retry, and
 * progress by a partial response starts the count anew.
 */
export async function deliverBatch<Item>(
  delivery: BatchDelivery<Item>,
  items: readonly Item[],
  failuresBefore = 0,
): Promise<void> {
  let rest = items
  let failures = failuresBefore
  let unreached = 0
  let last = { requestId: "", partial: false }

  const giveUp = async (lost: readonly Item[], reason: GiveUpReason) => {
    await delivery.giveUp(lost, reason, { ...last, invocations: failures })
    delivery.finish(lost)
  }

  while (!delivery.stopped) {
    const young = rest.findIndex(item => !delivery.isTooOld(item))
    const expired = young < 0 ? rest.length : young
    if (expired > 0) await giveUp(rest.slice(0, expired), "RecordAgeExceeded")
    rest = rest.slice(expired)
    if (rest.length === 0) return

    const outcome = await delivery.attempt(rest)
    if (delivery.stopped && outcome.status !== "done") return
    if (outcome.status === "done") return delivery.finish(rest)
    if (outcome.status === "notReached") {
      await delivery.wait(rest, ++unreached)
      continue
    }

    last = { requestId: outcome.requestId, partial: outcome.partial }
    if (outcome.from > 0) {
      delivery.finish(rest.slice(0, outcome.from))
      rest = rest.slice(outcome.from)
      failures = 0
    } else if (delivery.bisects && !outcome.partial && rest.length > 1) {
      const half = Math.ceil(rest.length / 2)
      await deliverBatch(delivery, rest.slice(0, half), failures)
      rest = rest.slice(half)
      continue
    }
    failures++
    if (delivery.retriesMax >= 0 && failures > delivery.retriesMax) return giveUp(rest, "RetryAttemptsExhausted")
    await delivery.wait(rest, failures)
  }
}
