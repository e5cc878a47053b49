/** What one closed loop of requests gave. Times in milliseconds. */
export interface Rate {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** CPU of this process for one request: the load generator and everything that runs beside it in here. */
  readonly cpuMs: number
  readonly requests: number
}

/** Runs `ask(worker, turn)` in `workers` closed loops for so many seconds, after a warm-up of a third of that. Throws the first error. */
export async function load(
  workers: number,
  seconds: number,
  ask: (worker: number, turn: number) => Promise<unknown>,
): Promise<Rate> {
  const all = Array.from({ length: workers }, (_, worker) => ({ worker, turn: 0 }))
  const loop = async (until: number, took: number[]) =>
    Promise.all(
      all.map(async one => {
        while (performance.now() < until) {
          const started = performance.now()
          await ask(one.worker, one.turn++)
          took.push(performance.now() - started)
        }
      }),
    )
  await loop(performance.now() + seconds * 300, [])
  const took: number[] = []
  const cpu = process.cpuUsage()
  const started = performance.now()
  await loop(started + seconds * 1000, took)
  const elapsed = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  return {
    perSecond: (took.length / elapsed) * 1000,
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
    cpuMs: (user + system) / 1000 / took.length,
    requests: took.length,
  }
}

/** The value below which the share of the values lies; 0 when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export const median = (values: readonly number[]) => quantile(values, 0.5)

/** The run whose rate is the median one. */
export function medianRate(rates: readonly Rate[]): Rate {
  const sorted = [...rates].sort((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error("nothing was measured")
  return middle
}
