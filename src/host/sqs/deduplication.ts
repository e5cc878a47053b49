import type { Clock } from "../clock.ts"
import type { DurableMap } from "../durable.ts"

const rememberedMs = 5 * 60_000

/** The first message that was sent with a deduplication id. */
export type FirstSend = { readonly id: string; readonly sequence: number; readonly until: number }

/** Deduplication ids of the last five minutes, of all FIFO queues; they survive a restart as the messages do. */
export interface Deduplication {
  earlier(key: string): FirstSend | undefined
  note(key: string, id: string, sequence: number): void
}

export function createDeduplication(clock: Clock, sends: DurableMap<FirstSend>): Deduplication {
  const forgetOld = () => {
    for (const [key, { until }] of sends.entries()) {
      if (until > clock.now()) return
      sends.delete(key)
    }
  }
  return {
    earlier: key => {
      forgetOld()
      return sends.get(key)
    },
    note: (key, id, sequence) => sends.set(key, { id, sequence, until: clock.now() + rememberedMs }),
  }
}
