import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { createInterface } from "node:readline"
import { Duplex, type Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { createSandbox, type Sandbox, type SandboxSettings } from "./sandbox.ts"

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

/** Starts a process of its own that loads a handler in Python. Its clock is the machine's, not the host's. */
export function openPythonSandbox({ environment, log, ...settings }: SandboxSettings): Sandbox {
  return createSandbox(log, heard => {
    const child = spawn(findPython() ?? "python3", [bootstrap, JSON.stringify(settings)], {
      env: { ...environment, PYTHONUNBUFFERED: "1" },
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    })
    const [, stdout, stderr, invocations, answers] = child.stdio
    for (const output of [stdout, stderr]) linesOf(output, line => heard.message({ kind: "log", line }))
    linesOf(answers, line => heard.message(JSON.parse(line)))
    const ended = endOf(child).then(heard.ended)
    let hasBegun = false
    return {
      post: invocation => {
        hasBegun = true
        if (invocations instanceof Duplex) invocations.write(`${JSON.stringify(invocation)}\n`)
      },
      end: () => {
        child.kill("SIGKILL")
        return ended
      },
      activeMs: () => 0,
      // How busy the process is the host does not see; it waits for its own start only.
      utilization: () => (hasBegun ? 0 : 1),
    }
  })
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
