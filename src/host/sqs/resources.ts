import type { JsonObject, ResourceProvider } from "../host.ts"
import { listOf, textOf } from "../json.ts"
import type { QueueRegistry } from "./queues.ts"

const attributeProperties = [
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "RedriveAllowPolicy",
  "RedrivePolicy",
  "VisibilityTimeout",
]

/** The CloudFormation types of SQS. */
export function createQueueResources(queues: QueueRegistry): Record<string, ResourceProvider> {
  return {
    "AWS::SQS::Queue": {
      create: ({ properties, physicalName }) => {
        const isFifo = String(properties.FifoQueue) === "true"
        const name = textOf(properties.QueueName) ?? `${physicalName}${isFifo ? ".fifo" : ""}`
        const { FifoQueue: _, ...attributes } = attributesOf(properties)
        const queue = queues.create(name, isFifo ? { ...attributes, FifoQueue: "true" } : attributes)
        const url = queues.url(queue)
        return { ref: url, attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl: url } }
      },
      honours: ["QueueName", ...attributeProperties],
      indifferent: ["KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "SqsManagedSseEnabled", "Tags"],
    },
    "AWS::SQS::QueuePolicy": {
      create: ({ properties, physicalName }) => {
        for (const url of listOf(properties.Queues))
          queues.change(queues.byUrl(url), { Policy: properties.PolicyDocument ?? {} })
        return { ref: physicalName, attributes: { Id: physicalName } }
      },
      honours: ["Queues", "PolicyDocument"],
    },
  }
}

function attributesOf(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    attributeProperties.flatMap(name => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  )
}
