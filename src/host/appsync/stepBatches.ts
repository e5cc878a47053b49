import type { Json } from "../host.ts"
import type { DataSource, SourceCall, SourceResult } from "./datasources/dataSource.ts"

interface Waiting {
  readonly request: Json
  readonly call: SourceCall
  readonly settle: (result: SourceResult | Promise<SourceResult>) => void
}

/** Invokes a data source for one function of a pipeline, together with the other fields that reach it at the same time. */
export type InvokeTogether = (
  source: DataSource,
  request: Json,
  call: SourceCall,
  size: number,
) => Promise<SourceResult>

/** Gathers the BatchInvoke requests that one function makes in one turn for the fields of one GraphQL request. */
export function createStepBatches(): InvokeTogether {
  const gathered = new WeakMap<object, Map<string, Waiting[]>>()

  return (source, request, call, size) =>
    new Promise(settle => {
      const ofRequest = gathered.get(call.field.request) ?? new Map<string, Waiting[]>()
      gathered.set(call.field.request, ofRequest)
      const waiting = ofRequest.get(call.resolverId)
      if (waiting !== undefined) return void waiting.push({ request, call, settle })
      const fresh: Waiting[] = [{ request, call, settle }]
      ofRequest.set(call.resolverId, fresh)
      setImmediate(() => {
        ofRequest.delete(call.resolverId)
        for (let from = 0; from < fresh.length; from += size) invokeChunk(source, fresh.slice(from, from + size))
      })
    })
}

function invokeChunk(source: DataSource, chunk: readonly Waiting[]): void {
  const [first] = chunk
  if (first === undefined || source.invokeBatch === undefined) return
  const answers = source.invokeBatch(
    chunk.map(({ request }) => request),
    first.call,
  )
  for (const [index, { settle }] of chunk.entries()) {
    settle(
      answers.then(all => {
        const answer = all[index]
        if (answer === undefined) throw new Error("BatchInvoke gave fewer answers than it had requests.")
        return answer
      }),
    )
  }
}
