import type { Clock } from "../clock.ts"

const keptMax = 20_000

/** Remembers what the host's clock said at each second in which something was written; the DynamoDB behind it knows the system's clock only. */
export function createWriteTimes(clock: Clock) {
  const times = new Map<number, number>()
  return {
    note: () => {
      const second = Math.floor(Date.now() / 1000)
      if (times.has(second)) return
      times.set(second, Math.floor(clock.now() / 1000))
      if (times.size > keptMax) times.delete(times.keys().next().value ?? 0)
    },
    /** Epoch seconds of the host's clock for an epoch second of the system's. A write may be noted in the second after its own. */
    hostSeconds: (second: number) => times.get(second) ?? times.get(second + 1) ?? second,
  }
}
