import type { Meter, Metered } from "../../host/host.ts"

/** So much of something, as the host's meter names it. */
export interface Count {
  readonly metered: Metered
  readonly of: string
  readonly amount: number
}

/** Adds up what a host's meter tells, and takes it in portions. */
export function createTally() {
  let counts = new Map<string, Count>()
  let heardAt = performance.now()
  const meter: Meter = (metered, of, amount) => {
    heardAt = performance.now()
    const key = `${metered} ${of}`
    counts.set(key, { metered, of, amount: (counts.get(key)?.amount ?? 0) + amount })
  }
  return {
    meter,
    /** Resolves once nothing was counted for so long. */
    async quiet(ms: number): Promise<void> {
      for (let left = ms; left > 0; left = ms - (performance.now() - heardAt))
        await new Promise(resolve => setTimeout(resolve, left))
    },
    /** Everything since the last time. */
    take(): readonly Count[] {
      const taken = [...counts.values()]
      counts = new Map()
      return taken
    },
  }
}
