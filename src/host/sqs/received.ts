import type { JsonObject, QueueMessage } from "../host.ts"
import { listOf, objectOf } from "../json.ts"
import { attributesDigest, bodyDigest } from "./digests.ts"
import type { StoredMessage } from "./messageStore.ts"
import type { Queue } from "./queue.ts"

/** 20 digits, in order, as FIFO queues number their messages. */
export function sequenceNumber({ sequence }: { sequence: number }): string {
  return String(sequence).padStart(20, "0")
}

/** System attributes of a received message. */
export function systemAttributes(queue: Queue, message: StoredMessage): Record<string, string> {
  return {
    ...message.system,
    SentTimestamp: String(Math.floor(message.sentAt)),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedAt ?? message.sentAt)),
    ...(queue.isFifo && { SequenceNumber: sequenceNumber(message) }),
    ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    ...(message.deduplicationId !== undefined && { MessageDeduplicationId: message.deduplicationId }),
    ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  }
}

/** A message as a Lambda event record carries it. */
export function queueMessage(queue: Queue, message: StoredMessage): QueueMessage {
  const attributes = Object.entries(message.attributes).map(([name, value]) => {
    const { DataType, StringValue, BinaryValue } = objectOf(value)
    return [
      name,
      {
        dataType: String(DataType),
        ...(typeof StringValue === "string" && { stringValue: StringValue }),
        ...(typeof BinaryValue === "string" && { binaryValue: BinaryValue }),
      },
    ]
  })
  return {
    messageId: message.id,
    receiptHandle: message.receipt ?? "",
    body: message.body,
    md5OfBody: bodyDigest(message.body),
    attributes: systemAttributes(queue, message),
    messageAttributes: Object.fromEntries(attributes),
  }
}

/** A message as ReceiveMessage answers it: with the attributes that the call asks for. */
export function wireMessage(queue: Queue, message: StoredMessage, input: JsonObject): JsonObject {
  const system = chosen(
    systemAttributes(queue, message),
    [...listOf(input.AttributeNames), ...listOf(input.MessageSystemAttributeNames)].map(String),
  )
  const attributes = chosen(message.attributes, listOf(input.MessageAttributeNames).map(String))
  const ofAttributes = attributesDigest(attributes)
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt ?? "",
    Body: message.body,
    MD5OfBody: bodyDigest(message.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(ofAttributes !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: ofAttributes }),
  }
}

/** Members by name; `All` and `.*` are all, `name.*` those that begin so. */
function chosen<T>(members: Record<string, T>, names: readonly string[]): Record<string, T> {
  const isAsked = (member: string) =>
    names.some(
      name => name === "All" || name === member || (name.endsWith(".*") && member.startsWith(name.slice(0, -2))),
    )
  return Object.fromEntries(Object.entries(members).filter(([member]) => isAsked(member)))
}
