import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge"
import { PoisonedError } from "../../core/poisoned.ts"
import type { BusMessage, Cipher, Publisher } from "../../core/ports.ts"

/** AWS: at most 10 entries and 1 MB a call; a margin is left for the envelope. */
const entriesMax = 10
const bytesMax = 1_000_000
const attemptsMax = 6

/** Is this a call that the bus will never take: an entry too large, or none that it can read? */
const isRefused = (error: unknown) =>
  error instanceof Error && ["ValidationException", "RequestEntityTooLargeException"].includes(error.name)

/** Publishes on an EventBridge bus; personal values go out sealed. Failed entries alone are sent again. */
export function eventBridgePublisher(client: EventBridgeClient, bus: string, cipher: Pick<Cipher, "seal">): Publisher {
  async function putAll(entries: readonly PutEventsRequestEntry[]): Promise<void> {
    let left = entries
    for (let attempt = 1; left.length > 0; attempt++) {
      const { Entries } = await client.send(new PutEventsCommand({ Entries: [...left] })).catch(error => {
        throw isRefused(error) ? new PoisonedError("the bus cannot take it", error) : error
      })
      const failed = left.filter((_, index) => Entries?.[index]?.EventId === undefined)
      if (failed.length > 0 && attempt === attemptsMax)
        throw new Error(
          `the bus refused ${failed.length} events ${attemptsMax} times: ${Entries?.find(entry => entry.ErrorCode)?.ErrorCode}`,
        )
      if (failed.length > 0) await new Promise(resolve => setTimeout(resolve, Math.random() * 50 * 2 ** attempt))
      left = failed
    }
  }

  return {
    async publish(messages) {
      const entries = await Promise.all(messages.map(message => entryOf(bus, message, cipher)))
      for (const batch of batches(entries)) await putAll(batch)
    },
  }
}

const entryOf = async (
  bus: string,
  { channel, event, to }: BusMessage,
  cipher: Pick<Cipher, "seal">,
): Promise<PutEventsRequestEntry> => ({
  EventBusName: bus,
  Source: `foldline.${channel}`,
  DetailType: to ?? event.type,
  Detail: await cipher.seal(event),
})

/** Splits by number and bytes, keeping the order. */
export function batches(entries: readonly PutEventsRequestEntry[]): readonly (readonly PutEventsRequestEntry[])[] {
  const all: PutEventsRequestEntry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = Buffer.byteLength(`${entry.Source}${entry.DetailType}${entry.Detail}`)
    const current = all.at(-1)
    if (current === undefined || current.length === entriesMax || bytes + size > bytesMax) {
      all.push([entry])
      bytes = size
    } else {
      current.push(entry)
      bytes += size
    }
  }
  return all
}
