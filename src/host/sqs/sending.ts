import { AwsError, type JsonObject } from "../host.ts"
import { objectOf, textOf } from "../json.ts"
import { attributesDigest } from "./digests.ts"
import { digestsOf, type NewMessage, type Queue } from "./queue.ts"
import { sequenceNumber } from "./received.ts"

const delaySecondsMax = 900
const attributesMax = 10

/** Puts a message as SendMessage gives it into the queue; the answer of SendMessage. Throws AwsError on what SQS refuses. */
export function sendMessage(queue: Queue, input: JsonObject, senderId: string): JsonObject {
  const message = newMessage(queue, input, senderId)
  const sent = queue.send(message)
  const ofSystem = attributesDigest(objectOf(input.MessageSystemAttributes))
  return {
    MessageId: sent.id,
    ...digestsOf(sent),
    ...(ofSystem !== undefined && { MD5OfMessageSystemAttributes: ofSystem }),
    ...(queue.isFifo && { SequenceNumber: sequenceNumber(sent) }),
  }
}

/** Bytes that count against the size limit: body, names, types and values of the attributes. */
export function messageBytes(input: JsonObject): number {
  const attributes = Object.entries(objectOf(input.MessageAttributes)).map(([name, value]) => {
    const { DataType, StringValue, BinaryValue } = objectOf(value)
    const binary = textOf(BinaryValue)
    return (
      Buffer.byteLength(`${name}${DataType}${StringValue ?? ""}`) +
      (binary === undefined ? 0 : Buffer.byteLength(binary, "base64"))
    )
  })
  return Buffer.byteLength(textOf(input.MessageBody) ?? "") + attributes.reduce((sum, bytes) => sum + bytes, 0)
}

function newMessage(queue: Queue, input: JsonObject, senderId: string): NewMessage {
  const body = textOf(input.MessageBody)
  if (body === undefined || body === "")
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.")
  if (messageBytes(input) > Number(queue.attributes.MaximumMessageSize))
    throw new AwsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.attributes.MaximumMessageSize} bytes.`,
    )
  if (unsendable.test(body))
    throw new AwsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    )
  const attributes = objectOf(input.MessageAttributes)
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, objectOf(attribute))
  if (Object.keys(attributes).length > attributesMax)
    throw new AwsError(
      "InvalidParameterValue",
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum [10].`,
    )
  const trace = textOf(objectOf(objectOf(input.MessageSystemAttributes).AWSTraceHeader).StringValue)
  const groupId = textOf(input.MessageGroupId)
  const deduplicationId = textOf(input.MessageDeduplicationId)
  const delayMs = delayOf(queue, input)
  return {
    body,
    attributes,
    system: { SenderId: senderId, ...(trace !== undefined && { AWSTraceHeader: trace }) },
    ...(delayMs !== undefined && { delayMs }),
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
  }
}

function delayOf(queue: Queue, { DelaySeconds }: JsonObject): number | undefined {
  if (DelaySeconds === undefined || DelaySeconds === null) return undefined
  const seconds = Number(DelaySeconds)
  const isRefused = (queue.isFifo && seconds > 0) || !(seconds >= 0 && seconds <= delaySecondsMax)
  if (isRefused)
    throw new AwsError(
      "InvalidParameterValue",
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: ${queue.isFifo ? "The request include parameter that is not valid for this queue type." : "Must be between 0 and 900."}`,
    )
  return queue.isFifo ? undefined : seconds * 1000
}

/** What XML cannot carry. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what SQS refuses
const unsendable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: JsonObject): void {
  const refuse = (reason: string) => {
    throw new AwsError("InvalidParameterValue", `The message attribute '${name}' ${reason}`)
  }
  const type = textOf(DataType) ?? ""
  if (type === "") refuse("must contain non-empty message attribute type.")
  if (!/^(String|Number|Binary)(\.|$)/.test(type))
    refuse("has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.")
  const value = type.startsWith("Binary") ? BinaryValue : StringValue
  if (value === undefined || value === null || value === "")
    refuse(`must contain non-empty message attribute value for message attribute type '${type}'.`)
}
