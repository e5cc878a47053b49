import type { Fault, StreamRecord } from "../../host.ts"
import { stableText } from "../../stableText.ts"
import type { BatchItem } from "./batch.ts"

/** A stream record on its way to a function. */
export interface StreamItem extends BatchItem {
  readonly record: StreamRecord
  readonly sequenceNumber: string
  /** Records with the same key are about the same item and never overtake each other. */
  readonly key: string
  /** The same in every run that makes the same change. */
  readonly messageId: string
  /** The fault of its first delivery, until that was tried. */
  fault: Fault | "spent" | undefined
}

/** A record with what a mapping needs to know of it. */
export function streamItem(record: StreamRecord): StreamItem {
  // The engine behind the stream names an item's keys in any order.
  const key = JSON.stringify(Object.entries(record.dynamodb.Keys).sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    record,
    text: JSON.stringify(record),
    sequenceNumber: record.dynamodb.SequenceNumber,
    key,
    messageId: `${record.eventName}|${stableText(key)}`,
    fault: undefined,
  }
}
