import { type AwsCall, AwsError, type Host, type JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { authorizeCaller } from "./authorization.ts"
import { eachEntry } from "./batch.ts"
import { createMoveTasks } from "./moveTasks.ts"
import type { Queue } from "./queue.ts"
import { queueInfo } from "./queueInfo.ts"
import type { QueueRegistry } from "./queues.ts"
import { wireMessage } from "./received.ts"
import { messageBytes, sendMessage } from "./sending.ts"
import { queueAttributes } from "./settings.ts"
import { receiveWaiting } from "./waiting.ts"

type Operation = (input: JsonObject, call: AwsCall) => JsonObject | Promise<JsonObject>

const batchBytesMax = 1_048_576

/** The operations of SQS, each authorized by its own action; a batch needs the action of the single one [IAM reference of SQS]. */
export function queueOperations(host: Host, queues: QueueRegistry, stopping: AbortSignal): Record<string, Operation> {
  const moveTasks = createMoveTasks(queues, host.clock)

  /** The queue of a call that the caller may do `action` to. */
  const on =
    (
      action: string,
      perform: (queue: Queue, input: JsonObject, call: AwsCall) => JsonObject | Promise<JsonObject>,
    ): Operation =>
    (input, call) => {
      const queue = queues.byUrl(input.QueueUrl)
      authorizeCaller(host, call.principal, `sqs:${action}`, queue)
      return perform(queue, input, call)
    }

  const nothing = (perform: () => void): JsonObject => {
    perform()
    return {}
  }

  const hide = (queue: Queue, entry: JsonObject) =>
    nothing(() => queue.hide(receiptOf(entry), seconds(entry.VisibilityTimeout, "VisibilityTimeout", 43_200) * 1000))

  const receive = async (queue: Queue, input: JsonObject): Promise<JsonObject> => {
    const request = {
      max: count(input.MaxNumberOfMessages),
      hiddenMs:
        seconds(input.VisibilityTimeout ?? queue.attributes.VisibilityTimeout, "VisibilityTimeout", 43_200) * 1000,
      waitMs:
        seconds(input.WaitTimeSeconds ?? queue.attributes.ReceiveMessageWaitTimeSeconds, "WaitTimeSeconds", 20) * 1000,
    }
    const messages = await receiveWaiting(queue, host.clock, request, stopping)
    return messages.length === 0 ? {} : { Messages: messages.map(message => wireMessage(queue, message, input)) }
  }

  const moving =
    (action: string, perform: (input: JsonObject) => JsonObject): Operation =>
    (input, call) => {
      authorizeCaller(host, call.principal, `sqs:${action}`, queues.byArn(String(input.SourceArn)))
      return perform(input)
    }

  return {
    SendMessage: on("SendMessage", (queue, input, call) => sendMessage(queue, input, senderOf(call))),
    SendMessageBatch: on("SendMessage", (queue, input, call) => {
      const bytes = listOf(input.Entries).reduce<number>((sum, entry) => sum + messageBytes(objectOf(entry)), 0)
      if (bytes > batchBytesMax)
        throw new AwsError(
          "BatchRequestTooLong",
          `Batch requests cannot be longer than ${batchBytesMax} bytes. You have sent ${bytes} bytes.`,
        )
      return eachEntry(input, entry => sendMessage(queue, entry, senderOf(call)))
    }),
    ReceiveMessage: on("ReceiveMessage", receive),
    DeleteMessage: on("DeleteMessage", (queue, input) => nothing(() => queue.delete(receiptOf(input)))),
    DeleteMessageBatch: on("DeleteMessage", (queue, input) =>
      eachEntry(input, entry => nothing(() => queue.delete(receiptOf(entry)))),
    ),
    ChangeMessageVisibility: on("ChangeMessageVisibility", hide),
    ChangeMessageVisibilityBatch: on("ChangeMessageVisibility", (queue, input) =>
      eachEntry(input, entry => hide(queue, entry)),
    ),
    PurgeQueue: on("PurgeQueue", queue => nothing(queue.purge)),
    DeleteQueue: on("DeleteQueue", queue => nothing(() => queues.remove(queue))),
    GetQueueUrl: (input, call) =>
      on("GetQueueUrl", queue => ({ QueueUrl: queues.url(queue) }))({ QueueUrl: input.QueueName ?? "" }, call),
    GetQueueAttributes: on("GetQueueAttributes", (queue, input) => queueInfo(queue, host.clock.now(), input)),
    SetQueueAttributes: on("SetQueueAttributes", (queue, input) =>
      nothing(() => queues.change(queue, objectOf(input.Attributes))),
    ),
    ListDeadLetterSourceQueues: on("ListDeadLetterSourceQueues", ({ arn }) => ({
      queueUrls: queues
        .all()
        .filter(({ attributes }) => deadLetterArnOf(attributes.RedrivePolicy) === arn)
        .map(queues.url),
    })),
    StartMessageMoveTask: moving("StartMessageMoveTask", moveTasks.start),
    ListMessageMoveTasks: moving("ListMessageMoveTasks", moveTasks.list),
    CreateQueue: (input, call) => {
      const name = textOf(input.QueueName) ?? ""
      host.iam.authorize(call.principal, "sqs:CreateQueue", `arn:aws:sqs:${host.region}:${host.accountId}:${name}`)
      const attributes = objectOf(input.Attributes)
      const existing = queues.find(name)
      if (existing !== undefined) refuseOtherAttributes(existing, attributes)
      return { QueueUrl: queues.url(existing ?? queues.create(name, attributes)) }
    },
    ListQueues: (input, call) => {
      host.iam.authorize(call.principal, "sqs:ListQueues", `arn:aws:sqs:${host.region}:${host.accountId}:`)
      const found = queues.all().filter(({ name }) => name.startsWith(textOf(input.QueueNamePrefix) ?? ""))
      return found.length === 0 ? {} : { QueueUrls: found.map(queues.url) }
    },
  }
}

const deadLetterArnOf = (policy = "{}"): unknown => objectOf(JSON.parse(policy)).deadLetterTargetArn

function refuseOtherAttributes(queue: Queue, given: JsonObject): void {
  const other = Object.entries(queueAttributes(given)).find(([name, value]) => queue.attributes[name] !== value)
  if (other !== undefined)
    throw new AwsError(
      "QueueNameExists",
      `A queue already exists with the same name and a different value for attribute ${other[0]}`,
    )
}

function senderOf({ principal }: AwsCall): string {
  return principal.kind === "anonymous" ? "anonymous" : principal.arn
}

function receiptOf({ ReceiptHandle }: JsonObject): string {
  if (typeof ReceiptHandle === "string" && ReceiptHandle !== "") return ReceiptHandle
  throw new AwsError("MissingParameter", "The request must contain the parameter ReceiptHandle.")
}

function count(value: JsonObject[string] | undefined): number {
  const number = Number(value ?? 1)
  if (number >= 1 && number <= 10) return number
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${value} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
  )
}

function seconds(value: JsonObject[string] | undefined, name: string, max: number): number {
  const number = Number(value ?? Number.NaN)
  if (number >= 0 && number <= max) return number
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between 0 and ${max}.`,
  )
}
