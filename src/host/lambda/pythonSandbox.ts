import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { createInterface } from "node:readline"
import { Duplex, type Readable } from "node:stream"
import { setTimeout as startTimer } from "node:timers"
import { fileURLToPath } from "node:url"
import type { JsonObject } from "../host.ts"
import {
  exited,
  type FromSandbox,
  initTimeoutMs,
  limited,
  type Outcome,
  type Sandbox,
  type SandboxSettings,
  timedOut,
} from "./sandbox.ts"

const bootstrap = fileURLToPath(new URL("./python/bootstrap.py", import.meta.url))

/** Path of this machine's Python 3, which runs functions of every Python runtime; undefined when there is none. */
export function findPython(): string | undefined {
  if (python === undefined) {
    const { status, stdout } = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" })
    python = { path: status === 0 ? stdout.trim() : undefined }
  }
  return python.path
}
let python: { readonly path: string | undefined } | undefined

/** Starts a process of its own that loads the handler. Its clock is the machine's, not the host's. */
export function openPythonSandbox({ environment, log, ...settings }: SandboxSettings): Sandbox {
  const child = spawn(findPython() ?? "python3", [bootstrap, JSON.stringify(settings)], {
    env: { ...environment, PYTHONUNBUFFERED: "1" },
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
  })
  const [, stdout, stderr, invocations, answers] = child.stdio
  let running: { readonly requestId: string; settle(outcome: Outcome): void } | undefined
  let cause: JsonObject | undefined
  let alive = true
  let cpuMs = 0
  let loaded = () => {}
  const initialized = new Promise<void>(resolve => {
    loaded = resolve
  })

  const kill = (error: JsonObject) => {
    cause ??= error
    alive = false
    loaded()
    running?.settle({ error: cause })
    child.kill("SIGKILL")
  }
  const initTimer = startTimer(() => kill(timedOut("init", initTimeoutMs)), initTimeoutMs)
  void initialized.then(() => clearTimeout(initTimer))

  for (const output of [stdout, stderr]) linesOf(output, line => log(running?.requestId ?? "init", line))
  linesOf(answers, line => {
    const message: FromSandbox = JSON.parse(line)
    if ("cpuMs" in message && message.cpuMs !== undefined) cpuMs = message.cpuMs
    if (message.kind === "ready") loaded()
    else if (message.kind === "result") running?.settle(limited(message.text))
    else if (message.kind === "error" || message.kind === "ended") {
      if (message.kind === "ended") cause = message.document
      running?.settle({ error: message.document })
    }
  })
  const ended = endOf(child).then(reason => {
    cause ??= exited(running?.requestId ?? "", reason)
    alive = false
    loaded()
    running?.settle({ error: cause })
  })

  const run: Sandbox["run"] = async invocation => {
    await initialized
    if (!alive || cause !== undefined) return { error: cause ?? exited(invocation.requestId, "exit status 1") }
    const timer = startTimer(() => kill(timedOut(invocation.requestId, invocation.timeoutMs)), invocation.timeoutMs)
    const outcome = await new Promise<Outcome>(settle => {
      running = { requestId: invocation.requestId, settle }
      if (invocations instanceof Duplex) invocations.write(`${JSON.stringify(invocation)}\n`)
    })
    clearTimeout(timer)
    running = undefined
    return outcome
  }

  return {
    initialized,
    run,
    kill,
    get cpuMs() {
      return cpuMs
    },
    // How busy the process is the host does not see; it waits for its own start only.
    get utilization() {
      return running === undefined ? 1 : 0
    },
    get alive() {
      return alive && cause === undefined
    },
    end: async () => {
      child.kill("SIGKILL")
      await ended
    },
  }
}

function linesOf(stream: unknown, take: (line: string) => void): void {
  const isReadable = (value: unknown): value is Readable => value instanceof Object && "read" in value
  if (isReadable(stream)) createInterface({ input: stream }).on("line", take)
}

/** Why the process ended, as Lambda writes it. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise(resolve => {
    child.on("error", error => resolve(error.message))
    child.on("close", (code, signal) => resolve(signal === null ? `exit status ${code}` : "signal: killed"))
  })
}
