import { createHash } from "node:crypto"
import { createFaultPoint } from "../faultPoint.ts"
import { AwsError, type Fault, type Host, type JsonObject } from "../host.ts"
import { stableText } from "../stableText.ts"
import { traceHeaderOf } from "./environment.ts"
import { type LambdaFunction, languageProblem } from "./function.ts"
import type { DeployedFunction, Functions } from "./functions.ts"
import { exited, type Invocation, type Outcome, timedOut } from "./sandbox.ts"

/** One run of a function. `event` is JSON text. */
export interface RunRequest {
  readonly function: string
  readonly event: string
  readonly requestId: string
  /** Names the message for fault plans. */
  readonly messageId: string
  readonly clientContext?: unknown
}

/** Runs a batch of an event source and waits. */
export type RunBatch = (request: RunRequest) => Promise<Outcome>

/** Runs a function and waits. Throws AwsError ResourceNotFoundException, TooManyRequestsException or InvalidRuntimeException. */
export interface Run {
  (request: RunRequest): Promise<Outcome>
  /** Ends the environment whose running invocation has this trace header. */
  kill(traceHeader: string): void
}

const cutAfterMsMax = 40

/** Runs functions in their pools, with the faults of hop "lambda" and within their reserved concurrency. */
export function createRun(
  host: Host,
  functions: Functions,
  log: (functionName: string, requestId: string, line: string) => void,
): Run {
  const faultAt = createFaultPoint(host, "lambda")
  /** How to kill what is running, by trace header. */
  const running = new Map<string, () => void>()

  const runInPool = async (
    deployed: DeployedFunction,
    request: RunRequest,
    arn: string,
    skewMs: number,
    cut?: Cut,
  ): Promise<Outcome> => {
    const { lambda, pool } = deployed
    const now = host.clock.now()
    const invocation: Invocation = {
      requestId: request.requestId,
      arn,
      event: request.event,
      timeoutMs: lambda.timeoutMs,
      clockOffsetMs: now - Date.now() + skewMs,
      traceHeader: traceHeaderOf(request.requestId, now),
      clientContext: request.clientContext,
    }
    const startedAt = performance.now()
    let timer: NodeJS.Timeout | undefined
    const { cpuMs, ...outcome } = await pool.run(invocation, kill => {
      running.set(invocation.traceHeader, () => kill(exited(request.requestId, "signal: killed")))
      if (cut !== undefined) timer = setTimeout(() => kill(cut.error), cut.afterMs)
    })
    clearTimeout(timer)
    running.delete(invocation.traceHeader)
    const tookMs = performance.now() - startedAt
    host.meter?.("lambda.request", lambda.name, 1)
    host.meter?.("lambda.cpuMs", lambda.name, cpuMs)
    host.meter?.("lambda.waitMbMs", lambda.name, Math.max(0, tookMs - cpuMs) * lambda.memoryMb)
    log(lambda.name, request.requestId, reportLine(lambda, request.requestId, tookMs, outcome))
    return outcome
  }

  const run = async (request: RunRequest): Promise<Outcome> => {
    const { deployed, arn } = functions.find(request.function)
    refuseOtherLanguages(deployed.lambda)
    const messageId = `${deployed.lambda.name}|${request.messageId}`
    const fault = faultAt(() => messageId)
    if (fault?.kind === "throttle" || isFull(deployed)) throw throttled()
    if (fault?.kind === "delay") await host.clock.sleep(fault.ms)
    const killed: Outcome = { error: exited(request.requestId, "signal: killed") }
    if (isKill(fault, "before")) return killed
    const skewMs = fault?.kind === "skew" ? fault.ms : 0
    const cut = cutOf(fault, deployed.lambda, request.requestId, messageId)
    const outcome = await runInPool(deployed, request, arn, skewMs, cut)
    return isKill(fault, "after") || fault?.kind === "loseAck" ? killed : outcome
  }
  return Object.assign(run, { kill: (traceHeader: string) => running.get(traceHeader)?.() })
}

/** A message id for an event that carries none: equal events have equal ids. */
export const contentId = (event: string) => createHash("sha256").update(stableText(event)).digest("hex").slice(0, 32)

interface Cut {
  readonly afterMs: number
  readonly error: JsonObject
}

const isKill = (fault: Fault | undefined, when: "before" | "after") => fault?.kind === "kill" && fault.when === when

/** Where a function is in its work when it is cut off is not known here; the moment follows from the message id. */
function cutOf(
  fault: Fault | undefined,
  lambda: LambdaFunction,
  requestId: string,
  messageId: string,
): Cut | undefined {
  const afterMs = Number.parseInt(contentId(messageId).slice(0, 4), 16) % cutAfterMsMax
  if (fault?.kind === "timeout") return { afterMs, error: timedOut(requestId, lambda.timeoutMs) }
  if (fault?.kind === "kill" && fault.when === "between") return { afterMs, error: exited(requestId, "signal: killed") }
  return undefined
}

function isFull({ lambda, pool }: DeployedFunction): boolean {
  return lambda.concurrencyReserved !== undefined && pool.inFlight >= lambda.concurrencyReserved
}

function throttled(): AwsError {
  return new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    Type: "User",
  })
}

function refuseOtherLanguages(lambda: LambdaFunction): void {
  const problem = languageProblem(lambda)
  if (problem !== undefined) throw new AwsError("InvalidRuntimeException", problem, 502)
}

function reportLine(lambda: LambdaFunction, requestId: string, tookMs: number, outcome: Outcome): string {
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${tookMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(tookMs)} ms`,
    `Memory Size: ${lambda.memoryMb} MB`,
    ...("error" in outcome ? [`Status: error`, `Error Type: ${String(outcome.error.errorType)}`] : []),
  ]
  return parts.join("\t")
}
