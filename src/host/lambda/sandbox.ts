import { setTimeout as startTimer } from "node:timers"
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

/** What the thread or process is started with. */
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
  /** CPU milliseconds of the last invocation; where the system does not tell, those in which it did not wait for I/O. */
  readonly cpuMs: number
  /** Share of the running invocation's time in which it did not wait for I/O; 1 while it starts. */
  readonly utilization: number
  end(): Promise<void>
}

/** What the code in a sandbox tells the host. */
export type Message =
  | { kind: "ready" }
  | { kind: "log"; line: string }
  | { kind: "result"; text: string; cpuMs?: number }
  | { kind: "error" | "ended"; document: JsonObject; cpuMs?: number }

/** So long a function may take to load. */
const initTimeoutMs = 10_000
const responseBytesMax = 6_291_556

/** The thread or process in which the code runs. */
export interface Runner {
  post(invocation: Invocation): void
  /** Ends it at once; resolves when it is gone. */
  end(): Promise<unknown>
  /** Milliseconds since the last `post` in which it did not wait for I/O; 0 where nobody knows. */
  activeMs(): number
  /** As a sandbox's. */
  utilization(): number
}

/** What a runner reports. */
export interface Heard {
  message(message: Message): void
  /** It has ended, by itself or not. */
  ended(reason: string): void
}

/** Gives a runner one invocation at a time, and an end to each: its answer, its time limit, its death. */
export function createSandbox(log: SandboxSettings["log"], begin: (heard: Heard) => Runner): Sandbox {
  let running: { requestId: string; settle: (outcome: Outcome) => void } | undefined
  let cause: JsonObject | undefined
  let alive = true
  let cpuMs = 0
  let loaded = () => {}
  const initialized = new Promise<void>(resolve => {
    loaded = resolve
  })

  let exitReason = "exit status 1"
  const errorFor = (requestId: string) => ({ error: cause ?? exited(requestId, exitReason) })
  const finish = () => {
    alive = false
    loaded()
    running?.settle(errorFor(running.requestId))
  }
  const runner = begin({
    message(message) {
      if ("cpuMs" in message && message.cpuMs !== undefined) cpuMs = message.cpuMs
      if (message.kind === "log") log(running?.requestId ?? "init", message.line)
      else if (message.kind === "ready") loaded()
      else if (message.kind === "result") running?.settle(limited(message.text))
      else {
        if (message.kind === "ended") cause = message.document
        running?.settle({ error: message.document })
      }
    },
    ended(reason) {
      exitReason = reason
      finish()
    },
  })
  const kill = (error: JsonObject) => {
    cause ??= error
    finish()
    void runner.end()
  }
  const initTimer = startTimer(() => kill(timedOut("init", initTimeoutMs)), initTimeoutMs)
  void initialized.then(() => clearTimeout(initTimer))

  const run = async (invocation: Invocation): Promise<Outcome> => {
    await initialized
    if (!alive || cause !== undefined) return errorFor(invocation.requestId)
    const timer = startTimer(() => kill(timedOut(invocation.requestId, invocation.timeoutMs)), invocation.timeoutMs)
    cpuMs = -1
    const outcome = await new Promise<Outcome>(resolve => {
      running = { requestId: invocation.requestId, settle: resolve }
      runner.post(invocation)
    })
    clearTimeout(timer)
    running = undefined
    if (cpuMs < 0) cpuMs = runner.activeMs()
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
      return runner.utilization()
    },
    get alive() {
      return alive && cause === undefined
    },
    end: async () => {
      await runner.end()
    },
  }
}

/** The error document of an environment that ended by itself or was killed. */
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
function limited(text: string): Outcome {
  if (text.length * 3 <= responseBytesMax || Buffer.byteLength(text) <= responseBytesMax) return { result: text }
  return {
    error: {
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
    },
  }
}
