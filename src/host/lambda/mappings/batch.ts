const payloadBytesMax = 6 * 1024 * 1024 - 16

/** A record or message as it goes into the event, with its JSON text. */
export interface BatchItem {
  readonly text: string
}

/** How many of the first items go into one invocation: at most `countMax`, at most 6 MB together, at least one. */
export function batchLength(items: readonly BatchItem[], countMax: number): number {
  let bytes = 0
  for (let count = 0; count < Math.min(items.length, countMax); count++) {
    bytes += Buffer.byteLength(items[count]?.text ?? "") + 1
    if (bytes > payloadBytesMax && count > 0) return count
  }
  return Math.min(items.length, countMax)
}

/** The event of an invocation, as JSON text. */
export const eventOf = (items: readonly BatchItem[]) => `{"Records":[${items.map(item => item.text).join(",")}]}`
