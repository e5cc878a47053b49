import type { Json, JsonObject } from "../host.ts"
import type { FieldCall, FieldError } from "./contract.ts"

/** The part of `ctx` that only mapping templates may change during a field run, as the open beginning of a JSON object. */
export function contextHead(call: FieldCall, args: unknown, environment: string): string {
  const { identity, source, request, info } = call
  const fixed = JSON.stringify({ arguments: args, identity, source: source ?? null, request, info })
  return `${fixed.slice(0, -1)},"env":${environment}`
}

/** What differs from handler to handler; JSON texts, so that a value passes from one to the next without being read. */
export interface ContextTail {
  readonly stash: string
  readonly previous?: string
  readonly result?: string
  readonly error?: { readonly message: string; readonly type: string }
  readonly outErrors: readonly FieldError[]
}

/** The whole `ctx` as JSON text. */
export function contextText(head: string, { stash, previous, result, error, outErrors }: ContextTail): string {
  const parts = [head, `"stash":${stash}`]
  if (previous !== undefined) parts.push(`"prev":{"result":${previous}}`)
  if (result !== undefined) parts.push(`"result":${result}`)
  if (error !== undefined) parts.push(`"error":${JSON.stringify(error)}`)
  parts.push(`"outErrors":${JSON.stringify(outErrors)}}`)
  return parts.join(",")
}

/** What a Lambda data source without resolver code is invoked with. */
export const directPayload = (call: FieldCall, stash: string, previous: string | undefined): JsonObject => ({
  arguments: call.arguments,
  identity: call.identity,
  source: call.source,
  request: { headers: call.request.headers, domainName: call.request.domainName },
  prev: previous === undefined ? null : { result: parsed(previous) },
  info: { ...call.info },
  stash: parsed(stash),
})

/** The value of a JSON text; nothing is null. */
export const parsed = (text: string | undefined): Json => (text === undefined ? null : JSON.parse(text))
