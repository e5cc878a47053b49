import type { Clock } from "../clock.ts"

const keptMax = 20_000

/** Remembers what the host's clock said at each second in which something was written; the DynamoDB behind it knows the system's clock only. */
export function createWriteTimes(clock: Clock) {
  const times = new Map<number, number>()
  return {
    note: () => {
      times.set(Math.floor(Date.now() / 1000), Math.floor(clock.now() / 1000))
      if (times.size > keptMax) times.delete(times.keys().next().value ?? 0)
    },
    /** Epoch seconds of the host's clock for one of the system's; a write may be noted in the second after its own. When in doubt the later, so that nothing looks too old. */
    hostSeconds: (second: number) => Math.max(times.get(second) ?? second, times.get(second + 1) ?? second),
  }
}
