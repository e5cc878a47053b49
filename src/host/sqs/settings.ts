import { AwsError, type Json, type JsonObject } from "../host.ts"
import { objectOf } from "../json.ts"

/** A queue's attributes as SQS names and stores them: text, missing ones at SQS's defaults. */
export type QueueAttributes = Readonly<Record<string, string>>

const defaults: Record<string, string> = {
  VisibilityTimeout: "30",
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
}

/** Smallest and largest value of each number [SetQueueAttributes]. */
const ranges: Record<string, readonly [number, number]> = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
}

const texts = new Set([
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "Policy",
  "RedriveAllowPolicy",
  "RedrivePolicy",
  "SqsManagedSseEnabled",
])

/** Attributes from a call or a template, checked. Throws AwsError InvalidAttributeName | InvalidAttributeValue. */
export function queueAttributes(given: JsonObject): QueueAttributes {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, attributeText(name, value)]))
}

/** The attributes with SQS's defaults for the others. */
export function withDefaults(attributes: QueueAttributes): QueueAttributes {
  const isFifo = attributes.FifoQueue === "true"
  const ofFifo = { ContentBasedDeduplication: "false", DeduplicationScope: "queue", FifoThroughputLimit: "perQueue" }
  return { ...defaults, ...(isFifo && ofFifo), ...attributes }
}

function attributeText(name: string, value: Json): string {
  const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)
  const range = ranges[name]
  if (range === undefined && !texts.has(name)) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`)
  const isOutside = range !== undefined && !(/^\d+$/.test(text) && Number(text) >= range[0] && Number(text) <= range[1])
  if (isOutside) throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`)
  return text
}

/** Where messages go that were received too often; undefined when the queue keeps them. */
export function redriveOf(attributes: QueueAttributes): { targetArn: string; receivesMax: number } | undefined {
  const { deadLetterTargetArn, maxReceiveCount } = jsonAttribute(attributes, "RedrivePolicy")
  return typeof deadLetterTargetArn === "string"
    ? { targetArn: deadLetterTargetArn, receivesMax: Number(maxReceiveCount) }
    : undefined
}

/** Does this dead-letter queue take messages of that source queue [RedriveAllowPolicy]? */
export function takesDeadLettersOf(attributes: QueueAttributes, sourceArn: string): boolean {
  const { redrivePermission, sourceQueueArns } = jsonAttribute(attributes, "RedriveAllowPolicy")
  if (redrivePermission === "denyAll") return false
  return redrivePermission !== "byQueue" || [sourceQueueArns ?? []].flat().includes(sourceArn)
}

/** An attribute that is a JSON document, such as Policy; empty when it is not set. */
export function jsonAttribute(attributes: QueueAttributes, name: string): JsonObject {
  const text = attributes[name]
  return text === undefined || text === "" ? {} : objectOf(JSON.parse(text))
}
