import type { Json } from "../host.ts"
import type { FieldResult } from "./contract.ts"
import type { FieldRun, Step, StepOutput } from "./fieldRun.ts"
import type { CompiledCode } from "./runtime/compileCode.ts"

/** A resolver with functions: `request` before them and `response` after them, both optional. */
export interface Pipeline {
  readonly code: CompiledCode
  readonly steps: readonly Step[]
}

/** Runs a unit resolver: request, data source, response. After an early return neither of the two others runs. */
export const runUnit = (run: FieldRun, step: Step): Promise<FieldResult> =>
  settled(run, async () => (await runStep(run, step)).json)

/** Runs the functions in order between the resolver's own handlers; `util.error` anywhere ends the run. */
export const runPipeline = (run: FieldRun, { code, steps }: Pipeline): Promise<FieldResult> =>
  settled(run, async () => {
    const before = runBefore(run, code)
    let previous = before.json
    let skipTo = before.skipTo
    for (const step of steps) {
      if (skipTo === "END") break
      const output = await runStep(run, step, previous)
      previous = output.json
      skipTo = output.skipTo
    }
    if (code.response === undefined) return previous
    const after = run.evaluate(code.response, { previous, result: previous })
    return after.kind === "value" ? (after.json ?? "null") : JSON.stringify(after.value)
  })

/** The before handler: an early return skips all functions unless it says NEXT. */
function runBefore(run: FieldRun, code: CompiledCode): StepOutput {
  if (code.request === undefined) return { json: "{}" }
  const before = run.evaluate(code.request)
  if (before.kind === "value") return { json: before.json ?? "null" }
  return { json: JSON.stringify(before.value), skipTo: before.skipTo ?? "END" }
}

async function runStep(run: FieldRun, step: Step, previous?: string): Promise<StepOutput> {
  const evaluated = run.request(step, previous)
  if ("early" in evaluated) return evaluated.early
  return run.respond(step, await run.invoke(step, evaluated.request), previous)
}

/** Runs one unit resolver for several sources: each its own handlers, one BatchInvoke for all requests together. */
export async function runUnits(
  runs: readonly FieldRun[],
  step: Step,
  invokeBatch: (requests: readonly Json[]) => ReturnType<NonNullable<Step["source"]["invokeBatch"]>>,
): Promise<readonly FieldResult[]> {
  const results = new Map<FieldRun, FieldResult>()
  const settle = <T>(run: FieldRun, work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      results.set(run, run.fail(error))
      return undefined
    }
  }
  const waiting: { run: FieldRun; request: Json }[] = []
  for (const run of runs) {
    const evaluated = settle(run, () => run.request(step))
    if (evaluated === undefined) continue
    if ("early" in evaluated) results.set(run, run.finish(evaluated.early.json))
    else waiting.push({ run, request: evaluated.request })
  }
  if (waiting.length > 0) {
    const answers = await invokeBatch(waiting.map(({ request }) => request)).catch(error => {
      for (const { run } of waiting) results.set(run, run.fail(error))
      return []
    })
    answers.forEach((answer, index) => {
      const run = waiting[index]?.run
      if (run === undefined) return
      const output = settle(run, () => run.respond(step, answer))
      if (output !== undefined) results.set(run, run.finish(output.json))
    })
  }
  return runs.map(run => results.get(run) ?? run.finish("null"))
}

async function settled(run: FieldRun, work: () => Promise<string>): Promise<FieldResult> {
  try {
    return run.finish(await work())
  } catch (error) {
    return run.fail(error)
  }
}
