import type { Host, Json } from "../host.ts"
import type { FieldCall, FieldError, FieldResult } from "./contract.ts"
import { BadRequest, type DataSource, isJsonObject, type SourceResult } from "./datasources/dataSource.ts"
import { contextHead, contextText, directPayload, parsed } from "./resolverContext.ts"
import type { CompiledCode } from "./runtime/compileCode.ts"
import { newRun, type Run } from "./runtime/run.ts"
import type { Handler, Outcome } from "./runtime/sandbox.ts"
import type { InvokeTogether } from "./stepBatches.ts"

/** A data source with the code before and after it: a unit resolver or one function of a pipeline. */
export interface Step {
  /** Name in errors and logs, and what page tokens are bound to. */
  readonly id: string
  readonly source: DataSource
  /** Undefined: a direct Lambda resolver. */
  readonly code?: CompiledCode
  /** How many BatchInvoke requests of a function go out together; 0 for none. */
  readonly batchSize: number
}

/** The field fails with this entry. */
export class Failed extends Error {
  readonly field: FieldError
  constructor(field: FieldError) {
    super(field.message)
    this.field = field
  }
}

/** What a step came to: its output as JSON text, and where the pipeline goes on. */
export interface StepOutput {
  readonly json: string
  readonly skipTo?: "END" | "NEXT" | undefined
}

const evaluatedBytesMax = 5 * 1024 * 1024

/** One run of one field: `ctx` between the handlers, and what they collect. */
export interface FieldRun {
  readonly call: FieldCall
  /** Calls a handler. Throws {@link Failed}. */
  evaluate(handler: Handler, seen?: Seen): Exclude<Outcome, { kind: "error" }>
  /** The evaluated request of a step, or the output of an early return. */
  request(step: Step, previous?: string): { request: Json } | { early: StepOutput }
  /** Calls the data source within the deadline. */
  invoke(step: Step, request: Json): Promise<SourceResult>
  /** The output of a step, from what its data source answered. */
  respond(step: Step, answer: SourceResult, previous?: string): StepOutput
  finish(json: string): FieldResult
  fail(error: unknown): FieldResult
}

interface Seen {
  readonly previous?: string | undefined
  readonly result?: string
  readonly error?: SourceResult["error"] | undefined
}

/** Starts a run with an empty stash. */
export function startRun(host: Host, call: FieldCall, environment: string, invokeTogether: InvokeTogether): FieldRun {
  const run = newRun(call.authMode, () => host.clock.now(), call)
  let head = contextHead(call, call.arguments, environment)
  let stash = "{}"

  const evaluate: FieldRun["evaluate"] = (handler, { previous, result, error } = {}) => {
    const context = contextText(head, {
      stash,
      outErrors: run.errors,
      ...(previous === undefined ? {} : { previous }),
      ...(result === undefined ? {} : { result }),
      ...(error === undefined ? {} : { error }),
    })
    const outcome = handler(context, run)
    stash = outcome.stash
    if (outcome.arguments !== undefined) head = contextHead(call, outcome.arguments, environment)
    if (outcome.kind === "error") throw new Failed(outcome.error)
    if (outcome.kind === "value" && (outcome.json?.length ?? 0) > evaluatedBytesMax) {
      throw new Failed({ message: "Evaluated request or response is larger than 5 MB.", errorType: "MappingTemplate" })
    }
    return outcome
  }

  return {
    call,
    evaluate,
    request: (step, previous) => {
      if (step.code === undefined) {
        const operation = step.batchSize > 0 ? "BatchInvoke" : "Invoke"
        return { request: { operation, payload: directPayload(call, stash, previous) } }
      }
      if (step.code.request === undefined) return { request: {} }
      const outcome = evaluate(step.code.request, { previous })
      if (outcome.kind === "value") return { request: parsed(outcome.json) }
      return { early: { json: JSON.stringify(outcome.value), skipTo: outcome.skipTo } }
    },
    invoke: (step, request) => {
      const sourceCall = { resolverId: step.id, field: call }
      const answer = isBatched(step, request)
        ? invokeTogether(step.source, request, sourceCall, step.batchSize)
        : step.source.invoke(request, sourceCall)
      return withinDeadline(host, call, answer)
    },
    respond: (step, { result, error }, previous) => {
      const json = JSON.stringify(result)
      if (step.code?.response === undefined) {
        if (error !== undefined) throw new Failed({ message: error.message, errorType: error.type })
        return { json }
      }
      const outcome = evaluate(step.code.response, { previous, result: json, error })
      return outcome.kind === "value"
        ? { json: outcome.json ?? "null" }
        : { json: JSON.stringify(outcome.value), skipTo: outcome.skipTo }
    },
    finish: json => collected(host, call, run, parsed(json), run.errors),
    fail: error => collected(host, call, run, null, [...run.errors, failureOf(error)]),
  }
}

const isBatched = ({ batchSize, source }: Step, request: Json): boolean =>
  batchSize > 0 && source.invokeBatch !== undefined && isJsonObject(request) && request.operation === "BatchInvoke"

/** The entry of `errors` that a failure becomes; a fault of the host itself stays thrown. */
function failureOf(error: unknown): FieldError {
  if (error instanceof Failed || error instanceof BadRequest) return error.field
  throw error
}

function collected(host: Host, call: FieldCall, run: Run, value: Json, errors: readonly FieldError[]): FieldResult {
  for (const line of run.logs) host.log.lambda(`AppSync ${call.parentType}.${call.fieldName}`, "-", line)
  if (run.cutLoop > 0) {
    const field = `${call.parentType}.${call.fieldName}`
    host.log.warn("appsync", `${field}: a loop over ${run.cutLoop} elements ended silently after 1,000, as on AWS`)
  }
  const { subscriptionFilter, subscriptionInvalidationFilter, invalidations, responseHeaders, evictions } = run
  return {
    value,
    errors,
    invalidations,
    responseHeaders,
    evictions,
    ...(subscriptionFilter === undefined ? {} : { subscriptionFilter }),
    ...(subscriptionInvalidationFilter === undefined ? {} : { subscriptionInvalidationFilter }),
  }
}

/** The answer, or the failure of the field when the request's 30 seconds are over first. */
export function withinDeadline<T>(host: Host, call: FieldCall, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = host.clock.after(Math.max(0, call.deadline - host.clock.now()), () =>
      reject(new Failed({ message: "Execution timed out.", errorType: "ExecutionTimeout" })),
    )
    answer.then(resolve, reject).finally(() => timer.cancel())
  })
}
