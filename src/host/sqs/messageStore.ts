import type { DurableMap } from "../durable.ts"
import type { JsonObject } from "../host.ts"

/** A message as it is kept; times are epoch milliseconds of the host's clock. */
export type StoredMessage = {
  readonly id: string
  readonly body: string
  readonly attributes: JsonObject
  /** AWSTraceHeader and the like, SenderId. */
  readonly system: Record<string, string>
  readonly sentAt: number
  /** Place in the queue: greater is later. */
  readonly sequence: number
  readonly groupId?: string
  readonly deduplicationId?: string
  readonly deadLetterSource?: string
  readonly visibleAt: number
  readonly receives: number
  readonly firstReceivedAt?: number
  readonly receipt?: string
}

/** Messages of all queues, on disk before a call is answered. */
export interface MessageStore {
  save(queueName: string, message: StoredMessage): void
  remove(queueName: string, messageId: string): void
  /** In the order in which they were sent. */
  load(queueName: string): StoredMessage[]
}

export function createMessageStore(messages: DurableMap<StoredMessage>): MessageStore {
  return {
    save: (queueName, message) => messages.set(`${queueName}/${message.id}`, message),
    remove: (queueName, messageId) => messages.delete(`${queueName}/${messageId}`),
    load: queueName => {
      const all = [...messages.entries()].filter(([key]) => key.startsWith(`${queueName}/`))
      return all.map(([, message]) => message).sort((a, b) => a.sequence - b.sequence)
    },
  }
}
