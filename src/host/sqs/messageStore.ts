import type { DurableMap } from "../durable.ts"
import type { StoredMessage } from "./queue.ts"

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
