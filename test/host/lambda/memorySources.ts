import type { DynamoDb, JsonObject, QueueMessage, Queues, StreamRecord } from "../../../src/host/host.ts"

export const streamArn = "arn:aws:dynamodb:eu-west-1:123456789012:table/Outbox/stream/2026-01-01T00:00:00.000"
export const queueArn = "arn:aws:sqs:eu-west-1:123456789012:work"

/** The stream of a table that exists in memory only. */
export function memoryStream() {
  const records: StreamRecord[] = []
  const wakes: (() => void)[] = []
  const sequenceNumber = (position: number) => String(position).padStart(21, "0")
  return {
    write: (
      id: string,
      image: JsonObject = {},
      eventName: StreamRecord["eventName"] = "INSERT",
      createdAtMs = Date.now(),
    ) => {
      const SequenceNumber = sequenceNumber(records.length + 1)
      records.push({
        eventID: SequenceNumber,
        eventName,
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "eu-west-1",
        eventSourceARN: streamArn,
        dynamodb: {
          ApproximateCreationDateTime: createdAtMs / 1000,
          Keys: { id: { S: id } },
          NewImage: { id: { S: id }, ...image },
          SequenceNumber,
          SizeBytes: 10,
          StreamViewType: "NEW_IMAGE",
        },
      })
      for (const wake of wakes) wake()
      return SequenceNumber
    },
    dynamodb: (): Partial<DynamoDb> => ({
      readStream: async (_, after, limit) => {
        const start = typeof after === "string" ? 0 : Number(after.after)
        return records.slice(start, start + limit)
      },
      onWrite: (_, wake) => {
        wakes.push(wake)
      },
    }),
  }
}

/** A queue in memory: a received message stays invisible until it is released. */
export function memoryQueue() {
  const visible: QueueMessage[] = []
  const invisible = new Map<string, QueueMessage>()
  const wakes: (() => void)[] = []
  const wake = () => {
    for (const each of wakes) each()
  }
  const show = (receiptHandle: string) => {
    const message = invisible.get(receiptHandle)
    invisible.delete(receiptHandle)
    if (message !== undefined) visible.push(message)
    wake()
  }
  return {
    visible,
    invisible,
    show,
    send: (messageId: string, body: string) => {
      visible.push({
        messageId,
        receiptHandle: `r-${messageId}`,
        body,
        md5OfBody: "",
        attributes: {},
        messageAttributes: {},
      })
      wake()
    },
    queues: (): Partial<Queues> => ({
      receive: async (_, max) => {
        const messages = visible.splice(0, max)
        for (const message of messages) invisible.set(message.receiptHandle, message)
        return messages
      },
      delete: async (_, receiptHandle) => {
        invisible.delete(receiptHandle)
      },
      release: async (_, receiptHandle) => show(receiptHandle),
      hold: () => () => {},
      onMessage: (_, each) => {
        wakes.push(each)
      },
    }),
  }
}
