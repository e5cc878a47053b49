/** Memory of a process when so much work was done. */
export interface Sample {
  readonly done: number
  readonly rssMb: number
  readonly heapMb: number
}

/** How memory grows with work, after the first third of it. */
export interface Trend {
  readonly done: number
  readonly rssMb: { readonly first: number; readonly last: number }
  readonly heapMb: { readonly first: number; readonly last: number }
  /** Kilobytes for each unit of work, by least squares; undefined with fewer than three samples after the warm-up. */
  readonly rssKbEach: number | undefined
  readonly heapKbEach: number | undefined
}

/** The trend of samples taken in order. */
export function trendOf(samples: readonly Sample[]): Trend {
  const done = samples.at(-1)?.done ?? 0
  const warm = samples.filter(sample => sample.done >= done / 3)
  const of = (value: (sample: Sample) => number) => ({
    first: value(warm[0] ?? { done: 0, rssMb: 0, heapMb: 0 }),
    last: value(warm.at(-1) ?? { done: 0, rssMb: 0, heapMb: 0 }),
  })
  const each = (value: (sample: Sample) => number) => {
    const slope = slopeOf(warm.map(sample => [sample.done, value(sample)]))
    return slope === undefined ? undefined : slope * 1000
  }
  return {
    done,
    rssMb: of(({ rssMb }) => rssMb),
    heapMb: of(({ heapMb }) => heapMb),
    rssKbEach: each(({ rssMb }) => rssMb),
    heapKbEach: each(({ heapMb }) => heapMb),
  }
}

/** Slope of the line that fits best; undefined when fewer than three points, or none apart, say one. */
export function slopeOf(points: readonly (readonly [number, number])[]): number | undefined {
  if (points.length < 3) return undefined
  const mean = (index: 0 | 1) => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const spread = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return spread === 0 ? undefined : points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / spread
}

/** This process's memory, after a collection where it can be asked for one (`--expose-gc`). */
export function ownMemory(done: number): Sample {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  return { done, rssMb: rss / 1e6, heapMb: heapUsed / 1e6 }
}
