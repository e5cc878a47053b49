import { commandKey } from "../../core/outcome.ts"
import type { Marker, OutboxRow, Parking, Waiting } from "../../core/parking.ts"

const isSame = (one: Marker | undefined, other: Marker) =>
  one !== undefined && one.version === other.version && one.arrived === other.arrived

/** Names what waits behind a stream. */
export const waitingId = (stream: string, key: string) => `${stream} ${key}`

/** Streams that are set aside, in memory, beside an event store that meets their `markers` and what waits, and shares its `outbox`. */
export function memoryParking(
  versionOf: (stream: string) => number,
  markers: Map<string, Marker>,
  outbox: OutboxRow[],
  rows: Map<string, Waiting>,
  isDecided: (key: string) => boolean,
): Parking {
  const idOf = ({ behind, info }: Waiting) => waitingId(behind, commandKey(info))

  return {
    async park(marker) {
      if (markers.has(marker.stream) || versionOf(marker.stream) + 1 !== marker.version) return "moved"
      markers.set(marker.stream, marker)
      return "parked"
    },

    find: async stream => markers.get(stream),

    async wait(marker, waiting) {
      const first = rows.get(idOf(waiting))
      if (first !== undefined) return { status: "repeated", messageId: first.info.id, payloadHash: first.payloadHash }
      if (!isSame(markers.get(marker.stream), marker) || isDecided(commandKey(waiting.info))) return { status: "moved" }
      markers.set(marker.stream, { ...marker, arrived: marker.arrived + 1 })
      rows.set(idOf(waiting), waiting)
      outbox.push(waiting)
      return { status: "waits" }
    },

    waiting: async stream => [...rows.values()].filter(({ behind }) => behind === stream),

    async leave(waiting) {
      rows.delete(idOf(waiting))
    },

    async release(marker) {
      if (!isSame(markers.get(marker.stream), marker)) return "moved"
      markers.delete(marker.stream)
      return "released"
    },

    async markers(limit, nextToken) {
      const from = Number(nextToken ?? 0)
      const all = [...markers.values()]
      return {
        markers: all.slice(from, from + limit),
        ...(all.length > from + limit ? { nextToken: String(from + limit) } : {}),
      }
    },
  }
}
