import type { EventLoopUtilization } from "node:perf_hooks"
import { setTimeout as startTimer } from "node:timers"
import { Worker } from "node:worker_threads"
import type { JsonObject } from "../host.ts"

/** One event for a function, as JSON text. */
export interface Invocation {
  readonly requestId: string
  /** The ARN as invoked, with its qualifier. */
  readonly arn: string
  readonly event: string
  /** Real milliseconds: what a function computes does not run faster when the host's clock does. */
  readonly timeoutMs: number
  /** How far the host's clock is ahead of the system's. */
  readonly clockOffsetMs: number
  readonly traceHeader: string
  readonly clientContext?: unknown
}

/** What came of an invocation: the handler's result as JSON text, or Lambda's error document. */
export type Outcome = { readonly result: string } | { readonly error: JsonObject }

/** What the worker thread is started with. */
export interface SandboxSettings {
  readonly taskRoot: string
  readonly optRoot?: string | undefined
  readonly handler: string
  readonly runtime: string
  readonly functionName: string
  readonly functionVersion: string
  readonly memoryMb: number
  readonly logGroup: string
  readonly logStream: string
  readonly clockOffsetMs: number
  /** Whether CPU time is wanted. */
  readonly metered: boolean
  /** Folder for compiled code that later environments reuse. */
  readonly compiledCode?: string | undefined
  readonly environment: Readonly<Record<string, string>>
  /** One line of the function's output. `requestId` is the running invocation's, or "init". */
  readonly log: (requestId: string, line: string) => void
}

/** An execution environment: one invocation at a time. */
export interface Sandbox {
  /** Resolves when the handler is loaded, or could not be. */
  readonly initialized: Promise<void>
  /** Runs one invocation; never rejects. */
  run(invocation: Invocation): Promise<Outcome>
  /** Ends it at once; a running invocation ends with `error`. */
  kill(error: JsonObject): void
  readonly alive: boolean
  /** CPU milliseconds of the last invocation; where the system does not tell, those in which the thread did not wait for I/O. */
  readonly cpuMs: number
  /** Share of the running invocation's time in which the thread did not wait for I/O; 1 while it starts. */
  readonly utilization: number
  /** Ends the thread. */
  end(): Promise<void>
}

/** What a sandbox tells the host. */
export type FromSandbox =
  | { kind: "ready" }
  | { kind: "log"; line: string }
  | { kind: "result"; text: string; cpuMs?: number }
  | { kind: "error" | "ended"; document: JsonObject; cpuMs?: number }

/** So long a function may take to load. */
export const initTimeoutMs = 10_000
const responseBytesMax = 6_291_556

/** Starts a worker thread that loads the handler. */
export function openSandbox(settings: SandboxSettings): Sandbox {
  const worker = startWorker(settings)
  let running: { requestId: string; settle: (outcome: Outcome) => void } | undefined
  let cause: JsonObject | undefined
  let exitReason: string | undefined
  let alive = true
  let loaded = () => {}
  const initialized = new Promise<void>(resolve => {
    loaded = resolve
  })

  let cpuMs = 0
  let begun: EventLoopUtilization | undefined
  const settle = (outcome: Outcome) => running?.settle(outcome)
  const kill = (error: JsonObject) => {
    cause ??= error
    alive = false
    loaded()
    settle({ error: cause })
    void worker.terminate()
  }
  const initTimer = startTimer(() => kill(timedOut("init", initTimeoutMs)), initTimeoutMs)
  void initialized.then(() => clearTimeout(initTimer))

  worker.on("message", (message: FromSandbox) => {
    if ("cpuMs" in message && message.cpuMs !== undefined) cpuMs = message.cpuMs
    if (message.kind === "log") settings.log(running?.requestId ?? "init", message.line)
    else if (message.kind === "ready") loaded()
    else if (message.kind === "result") settle(limited(message.text))
    else {
      if (message.kind === "ended") cause = message.document
      settle({ error: message.document })
    }
  })
  worker.on("error", (error: NodeJS.ErrnoException) => {
    exitReason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "signal: killed" : error.message
  })
  worker.on("exit", code => {
    alive = false
    loaded()
    settle({ error: cause ?? exited(running?.requestId ?? "", exitReason ?? `exit status ${code}`) })
  })

  const run = async (invocation: Invocation): Promise<Outcome> => {
    await initialized
    if (!alive || cause !== undefined) return { error: cause ?? exited(invocation.requestId, "exit status 1") }
    const timer = startTimer(() => kill(timedOut(invocation.requestId, invocation.timeoutMs)), invocation.timeoutMs)
    begun = worker.performance.eventLoopUtilization()
    cpuMs = -1
    const outcome = await new Promise<Outcome>(resolve => {
      running = { requestId: invocation.requestId, settle: resolve }
      worker.postMessage(invocation)
    })
    clearTimeout(timer)
    running = undefined
    if (cpuMs < 0) cpuMs = worker.performance.eventLoopUtilization(begun).active
    return outcome
  }

  return {
    initialized,
    run,
    kill,
    get cpuMs() {
      return cpuMs
    },
    get utilization() {
      return begun === undefined ? 1 : worker.performance.eventLoopUtilization(begun).utilization
    },
    get alive() {
      return alive && cause === undefined
    },
    end: async () => {
      await worker.terminate()
    },
  }
}

/** The error document of a thread that ended by itself or was killed. */
export function exited(requestId: string, reason: string): JsonObject {
  return {
    errorType: "Runtime.ExitError",
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${reason}`,
  }
}

/** The error document of an invocation that ran out of time. */
export function timedOut(requestId: string, timeoutMs: number): JsonObject {
  return {
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
  }
}

/** The result of a handler, or the error when it is larger than Lambda allows. */
export function limited(text: string): Outcome {
  if (text.length * 3 <= responseBytesMax || Buffer.byteLength(text) <= responseBytesMax) return { result: text }
  return {
    error: {
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
    },
  }
}

/** NODE_OPTIONS of the function count where a thread can honour them; the host's own are not inherited. */
function startWorker(settings: SandboxSettings): Worker {
  const { log: _, environment, ...data } = settings
  const { NODE_OPTIONS: nodeOptions, ...env } = environment
  const start = (execArgv: string[]) =>
    new Worker(new URL("./worker.mjs", import.meta.url), {
      env,
      execArgv,
      workerData: { ...data, nodeOptions },
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
    })
  try {
    return start(nodeOptions?.split(/\s+/).filter(option => option !== "") ?? [])
  } catch {
    return start([])
  }
}
