import type { SQSRecord } from "aws-lambda"
import type { BusMessage, CloudEvent } from "../core/ports.ts"

/** Where the records of a batch stand that Lambda gave up. */
export interface StreamBatch {
  readonly streamArn: string
  readonly shardId: string
  readonly startSequenceNumber: string
  readonly endSequenceNumber: string
}

/** What a dead letter is about, and why it was written. */
export type DeadLetter =
  /** A message that a function, or what should have called it, could not handle. */
  | { readonly kind: "message"; readonly message: BusMessage; readonly consumerArn: string; readonly reason: string }
  | { readonly kind: "stream"; readonly batch: StreamBatch; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string }

interface BusEvent {
  readonly source?: string
  readonly detail?: CloudEvent
}

interface Letter extends BusEvent {
  readonly specversion?: string
  readonly requestPayload?: BusEvent
  readonly requestContext?: { readonly condition?: string; readonly functionArn?: string }
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string }
  readonly DDBStreamBatchInfo?: StreamBatch
}

const channels = { "foldline.actor": "actor", "foldline.domain": "domain", "foldline.outcome": "outcome" } as const

/**
 * Reads a dead letter of any stage: an event that a rule could not deliver (the event, with attributes that say why), a timer that
 * could not fire (the message that it carries), a function that failed (Lambda's on-failure record with the event), or a stream
 * batch (its position only).
 */
export function readDeadLetter({ body, messageAttributes }: Pick<SQSRecord, "body" | "messageAttributes">): DeadLetter {
  const letter = JSON.parse(body) as Letter
  const attribute = (name: string) => messageAttributes[name]?.stringValue
  const reason = reasonOf(letter, attribute)
  const consumerArn = letter.requestContext?.functionArn ?? attribute("TARGET_ARN") ?? ""
  if (letter.DDBStreamBatchInfo !== undefined) return { kind: "stream", batch: letter.DDBStreamBatchInfo, reason }
  if (letter.specversion !== undefined)
    return {
      kind: "message",
      message: { channel: "actor", event: letter as unknown as CloudEvent },
      consumerArn,
      reason,
    }
  const { source, detail } = letter.requestPayload ?? letter
  const channel = channels[source as keyof typeof channels]
  return channel === undefined || detail === undefined
    ? { kind: "unknown", reason }
    : { kind: "message", message: { channel, event: detail }, consumerArn, reason }
}

function reasonOf(
  { responsePayload, requestContext }: Letter,
  attribute: (name: string) => string | undefined,
): string {
  if (responsePayload?.errorMessage !== undefined)
    return `${responsePayload.errorType}: ${responsePayload.errorMessage}`
  if (requestContext?.condition !== undefined) return requestContext.condition
  const code = attribute("ERROR_CODE")
  return code === undefined ? "it could not be delivered" : `${code}: ${attribute("ERROR_MESSAGE")}`
}

/** The name in a function's ARN, with or without a version after it. */
export const functionName = (arn: string) => arn.split(":function:")[1]?.split(":")[0] ?? arn
