import type { FieldCall, FieldResult, Resolvers } from "../contract.ts"

interface Waiting {
  readonly call: FieldCall
  readonly settle: (result: Promise<FieldResult> | FieldResult) => void
}

/** Gathers the calls of one batching field that come in one turn, and runs them together in chunks of its batch size. */
export function createBatches(resolvers: Resolvers): (call: FieldCall, size: number) => Promise<FieldResult> {
  const waitingFor = new Map<string, Waiting[]>()

  const flush = (key: string, size: number) => {
    const waiting = waitingFor.get(key) ?? []
    waitingFor.delete(key)
    for (let from = 0; from < waiting.length; from += size) runChunk(resolvers, waiting.slice(from, from + size))
  }

  return (call, size) =>
    new Promise(settle => {
      const key = `${call.parentType}.${call.fieldName}`
      const waiting = waitingFor.get(key)
      if (waiting !== undefined) return void waiting.push({ call, settle })
      waitingFor.set(key, [{ call, settle }])
      setImmediate(() => flush(key, size))
    })
}

function runChunk(resolvers: Resolvers, chunk: readonly Waiting[]): void {
  const results = resolvers.runBatch(chunk.map(({ call }) => call))
  for (const [index, { settle }] of chunk.entries()) {
    settle(
      results.then(all => {
        const result = all[index]
        if (result === undefined) throw new Error("The batch gave fewer results than it had calls.")
        return result
      }),
    )
  }
}
