/** Where an account's metrics go. */
export interface MetricsTarget {
  readonly site: string
  readonly apiKey: string
}

interface Tally {
  readonly durationsMs: number[]
  errors: number
}

/** Counts requests by account and index, and publishes them as distributions and counts. */
export function createMetrics(
  targetOf: (account: string) => MetricsTarget | undefined,
  urlOf: (site: string) => string,
) {
  const tallies = new Map<string, Map<string, Tally>>()

  const publish = async (account: string, indexes: ReadonlyMap<string, Tally>, now: number): Promise<void> => {
    const target = targetOf(account)
    if (target === undefined) return
    const tagged = [...indexes].map(([name, tally]) => ({ tags: [`index:${name}`], ...tally }))
    const send = (path: string, body: unknown) =>
      fetch(`${urlOf(target.site)}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "dd-api-key": target.apiKey },
        body: JSON.stringify(body),
      })
    await send("/api/v1/distribution_points", {
      series: tagged.map(({ tags, durationsMs }) => ({
        metric: "search.request.duration",
        points: [[now, durationsMs]],
        tags,
      })),
    })
    await send("/api/v2/series", {
      series: tagged.map(({ tags, errors }) => ({
        metric: "search.request.errors",
        type: 1,
        points: [{ timestamp: now, value: errors }],
        tags,
      })),
    })
  }

  return {
    count(account: string, index: string, durationMs: number, status: number): void {
      const indexes = tallies.get(account) ?? new Map<string, Tally>()
      const tally = indexes.get(index) ?? { durationsMs: [], errors: 0 }
      tally.durationsMs.push(durationMs)
      if (status >= 400) tally.errors++
      tallies.set(account, indexes.set(index, tally))
    },

    /** What was counted since the last time, also when it is nothing. A place that does not answer loses it. */
    async publishAll(accounts: readonly string[]): Promise<void> {
      const now = Math.floor(Date.now() / 1000)
      const counted = new Map(accounts.map(account => [account, tallies.get(account) ?? new Map<string, Tally>()]))
      tallies.clear()
      await Promise.allSettled([...counted].map(([account, indexes]) => publish(account, indexes, now)))
    },
  }
}
