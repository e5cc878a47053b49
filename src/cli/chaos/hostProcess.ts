import { type ChildProcess, fork } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { RunningHost } from "../../host/options.ts"

/** What the host process is started with. */
export interface HostSettings {
  readonly seed: number
  /** A cdk.out folder. */
  readonly template: string
  readonly dataFolder: string
  readonly port: number
  readonly speed: number
  readonly clockAheadMs?: number
  readonly demoUsers: readonly { email: string; password: string; groups: readonly string[] }[]
}

/** A fault that the host was told to have. */
export interface Injected {
  readonly hop: string
  readonly kind: string
  readonly messageId: string
  readonly attempt: number
}

export type Local = RunningHost["local"]

/** A host in a process of its own, so that it can be killed. */
export interface HostProcess {
  readonly local: Local
  /** SIGKILL, then a new host on the same data and port, whose clock goes on from there. */
  killAndRestart(): Promise<void>
  /** The host's time in milliseconds, about. */
  now(): number
  /** Moves the host's clock forward. */
  jump(ms: number): Promise<void>
  /** Faults so far, also those of killed hosts. */
  faults(): readonly Injected[]
  stop(): Promise<void>
}

const program = fileURLToPath(new URL("./host.ts", import.meta.url))

/** Starts a host under the fault plan of a seed. Throws when it does not come up. */
export async function startHostProcess(settings: HostSettings): Promise<HostProcess> {
  const startedAt = Date.now()
  let jumpedMs = 0
  let { child, local } = await launch(settings)
  const port = Number(new URL(local.endpointUrl).port)
  const aheadMs = () => (Date.now() - startedAt) * (settings.speed - 1) + jumpedMs
  return {
    local,
    now: () => Date.now() + aheadMs(),
    async killAndRestart() {
      await ended(child, () => child.kill("SIGKILL"))
      const clockAheadMs = aheadMs()
      ;({ child, local } = await launch({ ...settings, port, clockAheadMs }))
    },
    async jump(ms) {
      jumpedMs += ms
      await fetch(`${local.endpointUrl}/_host/clock`, { method: "POST", body: JSON.stringify({ advanceMs: ms }) })
    },
    faults: () => {
      const path = join(settings.dataFolder, "faults.log")
      if (!existsSync(path)) return []
      const lines = readFileSync(path, "utf8").split("\n")
      return lines.filter(line => line.endsWith("}")).map(line => JSON.parse(line))
    },
    stop: () => ended(child, () => child.disconnect()),
  }
}

function launch(settings: HostSettings): Promise<{ child: ChildProcess; local: Local }> {
  const child = fork(program, [JSON.stringify(settings)], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  })
  let words = ""
  child.stderr?.on("data", chunk => {
    words = `${words}${chunk}`.slice(-4_000)
  })
  return new Promise((resolve, reject) => {
    child.once("message", local => resolve({ child, local: local as Local }))
    child.once("error", reject)
    child.once("exit", code => reject(new Error(`the host ended with ${code} before it was ready: ${words.trim()}`)))
  })
}

function ended(child: ChildProcess, end: () => unknown): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once("exit", () => resolve())
    end()
  })
}
