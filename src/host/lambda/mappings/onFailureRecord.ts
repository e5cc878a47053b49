import { wholeStreamShard as shardId } from "../../dynamodb/streamsApi.ts"
import type { ResultRecord } from "../destinations.ts"
import type { SourceReader } from "../function.ts"
import type { GiveUpReason } from "./deliverBatch.ts"
import type { Mapping } from "./mapping.ts"
import type { StreamItem } from "./streamItem.ts"

/** What Lambda sends to the on-failure destination of a stream: where the records are, not what they hold. */
export function onFailureRecord(failure: {
  mapping: Mapping
  lambda: SourceReader
  items: readonly StreamItem[]
  reason: GiveUpReason
  invocations: number
  requestId: string
  partial: boolean
  nowMs: number
}): ResultRecord {
  const { mapping, lambda, items, reason, invocations, requestId, partial, nowMs } = failure
  return {
    requestContext: {
      requestId,
      functionArn: mapping.function.startsWith("arn:") ? mapping.function : lambda.arn,
      condition: reason,
      approximateInvokeCount: invocations,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: partial ? null : "Unhandled" },
    version: "1.0",
    timestamp: new Date(nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: items[0]?.sequenceNumber ?? "",
      endSequenceNumber: items.at(-1)?.sequenceNumber ?? "",
      approximateArrivalOfFirstRecord: arrivalOf(items[0]),
      approximateArrivalOfLastRecord: arrivalOf(items.at(-1)),
      batchSize: items.length,
      streamArn: mapping.sourceArn,
    },
  }
}

function arrivalOf(item: StreamItem | undefined): string {
  const seconds = item?.record.dynamodb.ApproximateCreationDateTime ?? 0
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z")
}
