import type { Json, JsonObject } from "../../host.ts"
import { runtimeFailure, StateFailure } from "../language/failure.ts"
import { innerLine, together } from "./line.ts"
import type { Outcome, Running } from "./running.ts"

/** Iterations that run side by side when the state does not say [Inline mode: up to 40]. */
const concurrencyMax = 40

/** Runs its states for each item; the outputs are its result, in order. A distributed Map runs here as an inline one. */
export async function mapState(running: Running): Promise<Outcome> {
  const { line, frame, dialect } = running
  const input = await dialect.input(frame)
  refuseFiles(running)
  const items = await dialect.items(frame, input)
  if (!Array.isArray(items)) throw runtimeFailure(`The items of the map state are no array: ${JSON.stringify(items)}`)
  const inputs = await batched(running, input, await selected(running, input, items))
  const wanted = (await amount(running, input, "MaxConcurrency")) ?? 0
  const concurrency = wanted > 0 ? wanted : concurrencyMax
  const tolerate = await toleranceOf(running, input, inputs.length)

  line.trail.record("MapStateStarted", { length: inputs.length })
  const jobs = inputs.map(
    ({ item, map }, index) =>
      (signal: AbortSignal) =>
        iterate(running, signal, index, item, map, tolerate),
  )
  try {
    const results = await together(line.signal, jobs, concurrency)
    line.trail.record("MapStateSucceeded")
    const succeeded = results.filter((_, index) => !tolerate.failed.has(index))
    return { left: await dialect.left(frame, input, succeeded), next: frame.state.Next }
  } catch (error) {
    if (!line.signal.aborted) line.trail.record("MapStateFailed")
    throw error
  }
}

/** An iteration's input, and `$$.Map` in it. */
interface Iteration {
  readonly item: Json
  readonly map: JsonObject
}

async function iterate(
  { line, frame, inner }: Running,
  signal: AbortSignal,
  index: number,
  item: Json,
  map: JsonObject,
  tolerance: Tolerance,
): Promise<Json> {
  const flow = frame.state.ItemProcessor ?? frame.state.Iterator
  if (flow === undefined) throw runtimeFailure("The map state has no ItemProcessor")
  const trail = line.trail.fork()
  trail.record("MapIterationStarted", { name: frame.name, index })
  try {
    const output = await inner({ ...innerLine(line, flow, signal, trail, map), variables: frame.variables }, item)
    trail.record("MapIterationSucceeded", { name: frame.name, index })
    return output
  } catch (error) {
    trail.record(signal.aborted ? "MapIterationAborted" : "MapIterationFailed", { name: frame.name, index })
    if (signal.aborted || !(error instanceof StateFailure)) throw error
    tolerance.take(index, error)
    return null
  }
}

/** The input of each iteration: the item, or what the ItemSelector makes of it. */
async function selected({ frame, dialect }: Running, input: Json, items: Json): Promise<Iteration[]> {
  const selector = frame.state.ItemSelector ?? frame.state.Parameters
  if (typeof items !== "object" || items === null)
    throw runtimeFailure(`The items of the map state are no array: ${JSON.stringify(items)}`)
  const iterations = Object.entries(items).map(async ([Key, item], Index): Promise<Iteration> => {
    const map = { Item: { Index, Value: item, ...(!Array.isArray(items) && { Key }) } }
    if (selector === undefined) return { item, map }
    const context = { ...frame.context, Map: map }
    return { item: await dialect.filled({ ...frame, context }, input, selector, "ItemSelector"), map }
  })
  return Promise.all(iterations)
}

/** Several items for each iteration, with an ItemBatcher. */
async function batched({ frame, dialect }: Running, input: Json, iterations: Iteration[]): Promise<Iteration[]> {
  const { ItemBatcher } = frame.state
  if (ItemBatcher === undefined) return iterations
  const { BatchInput } = ItemBatcher
  const size = await dialect.filled(frame, input, batchSize(ItemBatcher), "MaxItemsPerBatch")
  const each = Number(Object.values(size ?? {})[0])
  if (!(each >= 1)) throw runtimeFailure("The ItemBatcher needs a MaxItemsPerBatch of at least 1 here")
  const shared =
    BatchInput === undefined ? {} : { BatchInput: await dialect.filled(frame, input, BatchInput, "BatchInput") }
  return Array.from({ length: Math.ceil(iterations.length / each) }, (_, Index) => {
    const Items = iterations.slice(Index * each, (Index + 1) * each).map(({ item }) => item)
    return { item: { ...shared, Items }, map: { Item: { Index, Value: Items } } }
  })
}

const batchSize = ({
  MaxItemsPerBatch,
  MaxItemsPerBatchPath,
}: {
  MaxItemsPerBatch?: Json | undefined
  MaxItemsPerBatchPath?: string | undefined
}): Json =>
  MaxItemsPerBatchPath === undefined ? { size: MaxItemsPerBatch ?? null } : { "size.$": MaxItemsPerBatchPath }

interface Tolerance {
  readonly failed: ReadonlySet<number>
  /** Counts a failed iteration. Throws StateFailure when there are too many. */
  take(index: number, failure: StateFailure): void
}

async function toleranceOf(running: Running, input: Json, total: number): Promise<Tolerance> {
  const count = (await amount(running, input, "ToleratedFailureCount")) ?? 0
  const percentage = (await amount(running, input, "ToleratedFailurePercentage")) ?? 0
  const flow = running.frame.state.ItemProcessor
  const failed = new Set<number>()
  return {
    failed,
    take: (index, failure) => {
      failed.add(index)
      if (failed.size <= count || failed.size * 100 <= percentage * total) return
      if (flow?.ProcessorConfig?.Mode !== "DISTRIBUTED") throw failure
      throw new StateFailure(
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded",
      )
    },
  }
}

type AmountField = "MaxConcurrency" | "ToleratedFailureCount" | "ToleratedFailurePercentage"

async function amount({ frame, dialect }: Running, input: Json, name: AmountField): Promise<number | undefined> {
  const value = await dialect.field(frame, input, name)
  if (value === undefined || typeof value === "number") return value
  throw runtimeFailure(`The ${name} of the map state is no number: ${JSON.stringify(value)}`)
}

function refuseFiles({ frame }: Running): void {
  for (const name of ["ItemReader", "ResultWriter"] as const)
    if (frame.state[name] !== undefined)
      throw runtimeFailure(`This host has no ${name}: its map states take their items from the input`)
}
