const idsMax = 50_000

/** Counts how often each message was tried, so that a fault plan can tell a retry from a first try. */
export interface AttemptCounter {
  /** 1 for the first try of a message. */
  next(messageId: string): number
}

/** Remembers a bounded number of messages, the latest. */
export function createAttemptCounter(): AttemptCounter {
  const counts = new Map<string, number>()
  return {
    next: messageId => {
      const count = (counts.get(messageId) ?? 0) + 1
      counts.delete(messageId)
      counts.set(messageId, count)
      const oldest = counts.size > idsMax ? counts.keys().next().value : undefined
      if (oldest !== undefined) counts.delete(oldest)
      return count
    },
  }
}
