import type { Deliveries, Delivery, OutboxEntry } from "../../core/ports.ts"

/** Deliveries that failed for good, in memory; `entry` gives the rows of the outbox. */
export function memoryDeliveries(entry: (stream: string, key: string) => Promise<OutboxEntry | undefined>): Deliveries {
  const kept = new Map<string, Delivery>()
  const idOf = ({ stream, key }: Pick<Delivery, "stream" | "key">) => JSON.stringify([stream, key])

  return {
    async keepRow({ stream, key }, cause, at) {
      const found = await entry(stream, key)
      const what = found === undefined ? {} : { what: { kind: "row", row: found.row } as const }
      kept.set(idOf({ stream, key }), { stream, key, cause, at, ...what })
    },
    async keepMessage(delivery, message) {
      const key = `${message.channel}/${message.event.id}`
      kept.set(idOf({ ...delivery, key }), { ...delivery, key, what: { kind: "message", message } })
    },
    of: async stream => [...kept.values()].filter(delivery => delivery.stream === stream),
    async list(limit, nextToken) {
      const from = Number(nextToken ?? 0)
      const all = [...kept.values()]
      return {
        deliveries: all.slice(from, from + limit),
        ...(all.length > from + limit ? { nextToken: String(from + limit) } : {}),
      }
    },
    async settle(delivery) {
      kept.delete(idOf(delivery))
    },
  }
}
