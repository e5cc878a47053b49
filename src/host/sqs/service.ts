import type { Timer } from "../clock.ts"
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
import type { Queue } from "./queue.ts"
import { createQueueRegistry } from "./queues.ts"
import { queueMessage } from "./received.ts"
import { createQueueResources } from "./resources.ts"
import { sendMessage } from "./sending.ts"

/** How often in its time a hidden message that is worked on is hidden anew. */
const renewalsEach = 3

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
    release: async (queueArn, receiptHandle, afterMs) => hide(queues.byArn(queueArn), receiptHandle, afterMs),
    hold: (queueArn, receiptHandle) => {
      const queue = queues.byArn(queueArn)
      const hiddenMs = Number(queue.attributes.VisibilityTimeout) * 1000
      if (host.clock.speed <= 1 || hiddenMs === 0) return () => {}
      let timer: Timer | undefined
      const renew = () => {
        hide(queue, receiptHandle, hiddenMs)
        timer = host.clock.after(hiddenMs / renewalsEach, renew)
      }
      renew()
      return () => timer?.cancel()
    },
    onMessage: (queueArn, wake) => {
      queues.byArn(queueArn).onMessage(wake)
    },

    stop: async () => {
      stopping.abort()
      queues.close()
    },
  }
}

/** A message that is visible again, or gone, stays so. */
function hide(queue: Queue, receiptHandle: string, forMs: number): void {
  try {
    queue.hide(receiptHandle, forMs)
  } catch (error) {
    if (!(error instanceof AwsError && error.code === "MessageNotInflight")) throw error
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
