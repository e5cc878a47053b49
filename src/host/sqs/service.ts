import {
  type AwsCall,
  AwsError,
  type AwsReply,
  type Host,
  type Json,
  type JsonObject,
  type Queues,
  type Service,
} from "../host.ts"
import { objectOf } from "../json.ts"
import { authorizeService } from "./authorization.ts"
import { queueOperations } from "./operations.ts"
import { createQueueRegistry } from "./queues.ts"
import { queueMessage } from "./received.ts"
import { createQueueResources } from "./resources.ts"
import { sendMessage } from "./sending.ts"

/** SQS: standard and FIFO queues whose messages survive a kill, for SDK clients, for the template and for the host's other services. */
export function createSqsService(host: Host): Service & Queues {
  const queues = createQueueRegistry(host)
  const stopping = new AbortController()
  const operations = queueOperations(host, queues, stopping.signal)

  return {
    name: "sqs",
    signingNames: ["sqs"],
    resources: createQueueResources(queues),

    handle: async (call): Promise<AwsReply> => {
      const operation = Object.hasOwn(operations, call.operation ?? "") ? operations[call.operation ?? ""] : undefined
      if (operation === undefined)
        throw new AwsError("UnknownOperationException", `sqs ${call.operation} is not supported by this host`)
      return { body: await operation(parse(call), call) }
    },

    send: async (queueArn, body, attributes = {}, by, groupId) => {
      const queue = queues.byArn(queueArn)
      if (by !== undefined) authorizeService(host, by, queue)
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, sent]) => {
          const { type, value } = typeof sent === "string" ? { type: "String", value: sent } : sent
          return [name, { DataType: type, StringValue: value }]
        }),
      )
      sendMessage(
        queue,
        { MessageBody: body, MessageAttributes, ...(groupId !== undefined && { MessageGroupId: groupId }) },
        by?.service ?? host.accountId,
      )
    },
    exists: queueArn => queues.find(queueArn.slice(queueArn.lastIndexOf(":") + 1))?.arn === queueArn,
    receive: async (queueArn, max) => {
      const queue = queues.byArn(queueArn)
      return queue
        .receive(max, Number(queue.attributes.VisibilityTimeout) * 1000)
        .map(message => queueMessage(queue, message))
    },
    delete: async (queueArn, receiptHandle) => queues.byArn(queueArn).delete(receiptHandle),
    release: async (queueArn, receiptHandle, afterMs) => {
      try {
        queues.byArn(queueArn).hide(receiptHandle, afterMs)
      } catch (error) {
        if (!(error instanceof AwsError && error.code === "MessageNotInflight")) throw error
      }
    },
    hold: (queueArn, receiptHandle) => (host.clock.speed > 1 ? queues.byArn(queueArn).hold(receiptHandle) : () => {}),
    onMessage: (queueArn, wake) => {
      queues.byArn(queueArn).onMessage(wake)
    },

    stop: async () => {
      stopping.abort()
      queues.close()
    },
  }
}

function parse({ body }: AwsCall): JsonObject {
  try {
    const value: Json = JSON.parse(body.toString("utf8") || "{}")
    return objectOf(value)
  } catch {
    throw new AwsError("SerializationException", "The request body is no JSON object.")
  }
}
