import { innerLine, together } from "./line.ts"
import type { Outcome, Running } from "./running.ts"

/** Runs its branches side by side on the same input; their outputs are its result, in order. */
export async function parallelState({ line, frame, dialect, inner }: Running): Promise<Outcome> {
  const input = await dialect.input(frame)
  const payload = await dialect.payload(frame, input)
  const { Branches = [] } = frame.state
  line.trail.record("ParallelStateStarted")
  const jobs = Branches.map(
    flow => (signal: AbortSignal) =>
      inner({ ...innerLine(line, flow, signal, line.trail.fork()), variables: frame.variables }, payload),
  )
  try {
    const results = await together(line.signal, jobs, jobs.length)
    line.trail.record("ParallelStateSucceeded")
    return { left: await dialect.left(frame, input, results), next: frame.state.Next }
  } catch (error) {
    if (!line.signal.aborted) line.trail.record("ParallelStateFailed")
    throw error
  }
}
