import type { Fault, Host } from "../../host.ts"
import { sendToDestination } from "../destinations.ts"
import type { SourceReader } from "../function.ts"
import type { RunBatch } from "../run.ts"
import type { BatchDelivery, TryOutcome } from "./deliverBatch.ts"
import { invokeBatch, nameOf } from "./invokeBatch.ts"
import type { Mapping } from "./mapping.ts"
import { onFailureRecord } from "./onFailureRecord.ts"
import type { StreamItem } from "./streamItem.ts"

const backOffMs = 200
const backOffMsMax = 60_000
const blockedAfterFailures = 4

/** Delivers batches of a stream to a function; with the faults of hop "stream". */
export function streamDelivery(parts: {
  host: Host
  mapping: Mapping
  lambda: SourceReader
  run: RunBatch
  faultOf: (item: StreamItem) => Fault | undefined
  finish: (items: readonly StreamItem[]) => void
}): BatchDelivery<StreamItem> & { stop(): void } {
  const { host, mapping, lambda, run, faultOf, finish } = parts
  let stopped = false

  const invoke = (items: readonly StreamItem[]) =>
    invokeBatch(host, run, mapping, items, item => item.sequenceNumber, items[0]?.messageId ?? "")

  const attempt = async (items: readonly StreamItem[]): Promise<TryOutcome> => {
    const faults = takeFaults(items, faultOf)
    const fault = faults.find(each => each !== undefined && each.kind !== "duplicate")
    if (fault?.kind === "drop" || fault?.kind === "throttle") return { status: "notReached" }
    if (fault?.kind === "delay") await host.clock.sleep(fault.ms)
    const outcome = await invoke(items)
    if (outcome.status === "notReached") return outcome
    const [from] = fault?.kind === "loseAck" ? [0] : outcome.failed
    if (from === undefined) {
      await repeat(items, faults)
      return { status: "done" }
    }
    return { status: "failed", from, partial: outcome.partial, requestId: outcome.requestId }
  }

  /** A duplicate on a stream is what a retried batch makes: the records from one position on, again, in order. */
  const repeat = async (items: readonly StreamItem[], faults: readonly (Fault | undefined)[]) => {
    const from = faults.findIndex(fault => fault?.kind === "duplicate")
    const fault = faults[from]
    if (fault?.kind !== "duplicate") return
    for (let copy = 0; copy < fault.times && !stopped; copy++) {
      await host.clock.sleep(fault.spreadMs / fault.times)
      await invoke(items.slice(from))
    }
  }

  return {
    retriesMax: mapping.retriesMax,
    bisects: mapping.bisects,
    attempt,
    finish,
    isTooOld: ({ record }) => {
      const createdAt = record.dynamodb.ApproximateCreationDateTime * 1000
      return mapping.ageMaxMs >= 0 && host.clock.now() - createdAt > mapping.ageMaxMs
    },
    giveUp: async (items, reason, last) => {
      host.log.warn("lambda", `mapping ${nameOf(mapping)} gives up ${items.length} record(s): ${reason}`)
      if (mapping.onFailureArn === undefined) return
      const record = onFailureRecord({ mapping, lambda, items, reason, ...last, nowMs: host.clock.now() })
      await sendToDestination(host, lambda, mapping.onFailureArn, record).catch(error =>
        host.log.warn("lambda", `mapping ${nameOf(mapping)}: ${error.message}`),
      )
    },
    wait: async (items, failures) => {
      if (failures >= blockedAfterFailures && Number.isInteger(Math.log2(failures))) {
        const limit = mapping.retriesMax < 0 ? "without a limit" : `up to ${mapping.retriesMax} times`
        host.log.warn(
          "lambda",
          `mapping ${nameOf(mapping)} is blocked at record ${items[0]?.sequenceNumber} ${items[0]?.key}: ${failures} tries failed, it retries ${limit}`,
        )
      }
      await host.clock.sleep(Math.min(backOffMsMax, backOffMs * 2 ** Math.min(failures - 1, 16)))
    },
    get stopped() {
      return stopped
    },
    stop: () => {
      stopped = true
    },
  }
}

/** First deliveries bring the fault of each record; a repeated one is asked for its first record only. */
function takeFaults(
  items: readonly StreamItem[],
  faultOf: (item: StreamItem) => Fault | undefined,
): (Fault | undefined)[] {
  return items.map((item, position) => {
    const fault = item.fault === undefined || item.fault === "spent" ? undefined : item.fault
    const again = item.fault === "spent" && position === 0 ? faultOf(item) : undefined
    item.fault = "spent"
    return fault ?? again
  })
}
