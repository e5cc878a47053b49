import { type Running, serve } from "../http.ts"

/** What was published once. */
export interface Submission {
  readonly path: string
  readonly apiKey: string | undefined
  readonly at: number
  readonly series: readonly { readonly metric: string; readonly points: unknown; readonly tags: readonly string[] }[]
}

export interface RunningDatadog extends Running {
  readonly submissions: readonly Submission[]
}

const submissionsMax = 1_000

/** A stand-in for Datadog's intake of metrics; it remembers the last ones. */
export async function startDatadog(port: number): Promise<RunningDatadog> {
  const submissions: Submission[] = []
  const running = await serve(port, ({ path, headers, json }) => {
    const { series = [] } = (json ?? {}) as Partial<Submission>
    submissions.push({ path: `/${path.join("/")}`, apiKey: headers["dd-api-key"], at: Date.now(), series })
    submissions.splice(0, submissions.length - submissionsMax)
    return { status: 202, body: { errors: [] } }
  })
  return { ...running, submissions }
}
