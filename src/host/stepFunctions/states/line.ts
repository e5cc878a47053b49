import { setMaxListeners } from "node:events"
import type { Clock } from "../../clock.ts"
import type { Json, JsonObject } from "../../host.ts"
import type { Flow } from "../definition.ts"
import type { Step } from "../execution.ts"
import type { Trail } from "../history.ts"
import type { Surroundings } from "../surroundings.ts"

/** States that are run one after the other: the execution's own, those of a branch, or of an iteration. */
export interface Line {
  readonly around: Surroundings
  readonly flow: Flow
  readonly language: "JSONPath" | "JSONata"
  readonly trail: Trail
  /** Ends the line: the execution was stopped or timed out, or a line beside this one failed. */
  readonly signal: AbortSignal
  readonly variables: JsonObject
  /** `$$.Map` in an iteration. */
  readonly map?: JsonObject
  /** Keeps where the execution's own line is; inner lines begin anew with their state. */
  readonly keep?: (step: Step) => void
}

/** A line inside of a state of this one. */
export function innerLine(line: Line, flow: Flow, signal: AbortSignal, trail: Trail, map = line.map): Line {
  const { around, language, variables } = line
  return {
    around,
    flow,
    language: flow.QueryLanguage ?? language,
    trail,
    signal,
    variables,
    ...(map !== undefined && { map }),
  }
}

/** Waits by the host's clock. Throws the signal's reason when the line ends meanwhile. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      timer.cancel()
      reject(signal.reason)
    }
    const timer = clock.after(ms, () => {
      signal.removeEventListener("abort", end)
      resolve()
    })
    signal.addEventListener("abort", end, { once: true })
  })
}

/** What the work gives, or the signal's reason when the line ends meanwhile. */
export function orEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason)
    signal.addEventListener("abort", end, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end))
  })
}

/** Does jobs side by side, at most `concurrency` of them. The first failure ends the others, and is thrown when they have ended. */
export async function together(
  signal: AbortSignal,
  jobs: readonly ((signal: AbortSignal) => Promise<Json>)[],
  concurrency: number,
): Promise<Json[]> {
  const failed = new AbortController()
  const inner = AbortSignal.any([signal, failed.signal])
  setMaxListeners(0, inner)
  const results: Json[] = []
  const waiting = jobs.entries()
  const work = async () => {
    for (const [index, job] of waiting) {
      inner.throwIfAborted()
      results[index] = await job(inner)
    }
  }
  const workers = Array.from({ length: Math.min(concurrency, jobs.length) }, () =>
    work().catch(error => failed.abort(error)),
  )
  await Promise.all(workers)
  inner.throwIfAborted()
  return results
}
