import { type Clock, createClock } from "./clock.ts"
import type { DurableMap } from "./durable.ts"

const aheadOfSystem = "aheadMs"
const keepEveryMs = 1_000

/**
 * A clock whose lead over the system's outlives the host: on kept data time never goes back, be it that the clock was moved or that it
 * runs fast. `aheadMs` is the least lead to begin with.
 */
export function openKeptClock(kept: DurableMap<number>, speed = 1, aheadMs = 0): Clock & { stop(): void } {
  const known = kept.get(aheadOfSystem)
  const sinceKeptMs = known === undefined || speed === 1 ? 0 : speed * keepEveryMs
  const clock = createClock(speed, Math.max(aheadMs, (known ?? 0) + sinceKeptMs))
  const keep = () => kept.set(aheadOfSystem, clock.now() - Date.now())
  const keeping = speed === 1 ? undefined : setInterval(keep, keepEveryMs).unref()
  return {
    ...clock,
    advance: ms => {
      clock.advance(ms)
      keep()
    },
    stop: () => clearInterval(keeping),
  }
}
