import { type Ask, signInAs } from "./api.ts"
import { CliError } from "./cliError.ts"

/** One step as the API tells it. */
export interface Step {
  readonly kind: string
  readonly causeId: string
  readonly component: string
  readonly at: string
  readonly message: string | null
  readonly actor: string | null
  readonly causationId: string | null
  readonly version: number | null
  readonly data: string | null
}

const stepFields = "kind causeId component attempt at message actor commandId causationId stream version data"

/** The steps of one trace, in the order of time. */
export async function stepsOf(ask: Ask, traceId: string): Promise<readonly Step[]> {
  const { trace } = await ask<{ trace: { steps: Step[] } | null }>(
    `query ($traceId: ID!) { trace(traceId: $traceId) { steps { ${stepFields} } } }`,
    { traceId },
  )
  return trace?.steps ?? []
}

/** Prints the timeline of every request that the text leads to, newest first. */
export async function trace(text: string, { json = false }: { json?: boolean }): Promise<void> {
  const ask = await signInAs("support")
  const direct = await stepsOf(ask, text)
  const found = direct.length > 0 ? [text] : await tracesOf(ask, text)
  if (found.length === 0)
    throw new CliError(`nothing is known of ${text}; a request may take a moment to be registered`)
  for (const traceId of found.slice(0, 10)) {
    const steps = await stepsOf(ask, traceId)
    if (json) console.log(JSON.stringify({ traceId, steps }))
    else console.log(timeline(traceId, steps).join("\n"))
  }
  if (found.length > 10) console.log(`… and ${found.length - 10} older ones`)
}

async function tracesOf(ask: Ask, text: string): Promise<readonly string[]> {
  const { findTraces } = await ask<{ findTraces: { items: { traceId: string }[] } }>(
    "query ($text: String!) { findTraces(text: $text, limit: 50) { items { traceId } } }",
    { text },
  )
  return [...new Set(findTraces.items.map(({ traceId }) => traceId))]
}

/** One line a step: milliseconds since the request, what happened, and by whom; consequences are indented under their cause. */
export function timeline(traceId: string, steps: readonly Step[]): readonly string[] {
  const [first] = steps
  if (first === undefined) return [`trace ${traceId}: nothing yet`]
  const start = Date.parse(first.at)
  const depth = depths(steps)
  return [
    `trace ${traceId}  ${first.at}  by ${first.actor ?? "unknown"}`,
    ...steps.map(step => {
      const after = `+${Date.parse(step.at) - start} ms`.padStart(10)
      const what = `${"  ".repeat(depth(step))}${step.kind} ${step.component}`
      const version = step.version === null ? "" : ` v${step.version}`
      return `${after}  ${what}${version}${step.message === null ? "" : `  ${step.message}`}`
    }),
    "",
  ]
}

function depths(steps: readonly Step[]): (step: Step) => number {
  const causes = new Map(steps.filter(step => step.causationId !== null).map(step => [step.causeId, step.causationId]))
  const depthOf = (id: string | null | undefined, seen = 0): number => {
    const cause = id == null ? null : causes.get(id)
    return cause == null || seen > 32 ? 0 : 1 + depthOf(cause, seen + 1)
  }
  return step =>
    depthOf(step.causeId) + (["accepted", "event", "rejected", "unchanged", "failed"].includes(step.kind) ? 0 : 1)
}
