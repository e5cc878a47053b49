import type { Clock, Timer } from "../../clock.ts"
import { type BatchItem, batchLength } from "./batch.ts"

/** A queue of items that are delivered batch after batch, in order. */
export interface Lane<Item extends BatchItem> {
  push(items: readonly Item[]): void
}

/** A batch goes out when it is full or `windowMs` after its first item came; without a window, at once. */
export function createLane<Item extends BatchItem>(settings: {
  clock: Clock
  batchSize: number
  windowMs: number
  deliver: (batch: readonly Item[]) => Promise<void>
}): Lane<Item> {
  const { clock, batchSize, windowMs, deliver } = settings
  const queue: Item[] = []
  const arrivals: number[] = []
  let delivering = false
  let window: Timer | undefined

  const isFull = () => queue.length >= batchSize || batchLength(queue, batchSize) < queue.length

  const next = () => {
    if (delivering || queue.length === 0) return
    const waitMs = (arrivals[0] ?? 0) + windowMs - clock.now()
    if (windowMs === 0 || waitMs <= 0 || isFull()) return send()
    window ??= clock.after(waitMs, send)
  }

  const send = () => {
    window?.cancel()
    window = undefined
    delivering = true
    const length = batchLength(queue, batchSize)
    arrivals.splice(0, length)
    void deliver(queue.splice(0, length)).finally(() => {
      delivering = false
      next()
    })
  }

  return {
    push: items => {
      queue.push(...items)
      arrivals.push(...items.map(() => clock.now()))
      next()
    },
  }
}
