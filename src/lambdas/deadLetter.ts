import type { SQSRecord } from "aws-lambda"
import type { BusMessage, CloudEvent, OutboxKey } from "../core/ports.ts"

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
  /** A row of the outbox that a reader set aside. */
  | { readonly kind: "row"; readonly row: OutboxKey; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string }

interface BusEvent {
  readonly source?: string
  readonly detail?: CloudEvent
}

interface Letter extends BusEvent {
  readonly specversion?: string
  readonly requestPayload?: BusEvent
  readonly requestContext?: {
    readonly condition?: string
    readonly functionArn?: string
    readonly approximateInvokeCount?: number
  }
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string } | null
  readonly DDBStreamBatchInfo?: StreamBatch
  readonly outboxRow?: OutboxKey
  readonly reason?: string
}

/** What a reader of the outbox writes about a row that it sets aside. */
export const rowLetter = (outboxRow: OutboxKey, reason: string): Letter => ({ outboxRow, reason })

const channels = { "foldline.actor": "actor", "foldline.domain": "domain", "foldline.outcome": "outcome" } as const

/**
 * Reads a dead letter of any stage: an event that a rule could not deliver (the event, with attributes that say why), a timer that
 * could not fire (the message that it carries), a function that failed (Lambda's on-failure record with the event), a stream batch
 * (its position only), or a row that a reader of the outbox set aside.
 */
export function readDeadLetter({ body, messageAttributes }: Pick<SQSRecord, "body" | "messageAttributes">): DeadLetter {
  const letter = JSON.parse(body) as Letter
  const attribute = (name: string) => messageAttributes[name]?.stringValue
  const reason = reasonOf(letter, attribute)
  const consumerArn = letter.requestContext?.functionArn ?? attribute("TARGET_ARN") ?? ""
  if (letter.outboxRow !== undefined) return { kind: "row", row: letter.outboxRow, reason }
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

/** The same fault must read the same each time. */
const requestPrefix = /^RequestId: \S+ (Error: )?/

/** Why a letter was written, in as many words as it has: AWS leaves out now this, now that. */
function reasonOf(letter: Letter, attribute: (name: string) => string | undefined): string {
  const { condition, approximateInvokeCount: attempts } = letter.requestContext ?? {}
  const { errorType, errorMessage } = letter.responsePayload ?? {}
  const error =
    told(errorType, errorMessage?.replace(requestPrefix, "")) ??
    told(attribute("ERROR_CODE"), attribute("ERROR_MESSAGE"))
  const given =
    condition === undefined ? undefined : attempts === undefined ? condition : `${condition} after ${attempts} attempts`
  // A function that threw says more than that its attempts are used up.
  if (condition === "RetriesExhausted" && error !== undefined) return error
  return told(given, error) ?? letter.reason ?? "it could not be delivered"
}

/** What is known of a name and its explanation. */
function told(name: string | undefined, explanation: string | undefined): string | undefined {
  const known = [name, explanation].filter(text => text !== undefined && text !== "")
  return known.length === 0 ? undefined : known.join(": ")
}

/** The name in a function's ARN, with or without a version after it. */
export const functionName = (arn: string) => arn.split(":function:")[1]?.split(":")[0] ?? arn
