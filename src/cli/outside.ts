import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CliError } from "./cliError.ts"
import type { ServiceAddress } from "./services.ts"

/** Stand-ins for the services outside, and how they end. */
export interface Outside {
  readonly services: Readonly<Record<string, ServiceAddress>>
  stop(): Promise<void>
}

/** So far above the host's port: what clients were told of services stays true after a restart. */
const portsAbove = 10_000
const portMax = 65_535

/**
 * Starts the stand-ins for the services outside as a process of their own, in place of those that outlived a killed host. With a
 * folder they keep their data there.
 */
export async function startOutside(
  root: string,
  hostPort: number,
  folder: string | undefined,
  /** Each so many-th question of the app goes wrong. */
  failEvery?: number,
): Promise<Outside> {
  const port = hostPort === 0 || hostPort + portsAbove > portMax ? 0 : hostPort + portsAbove
  const key = folder === undefined ? randomUUID() : keptKey(folder)
  const survivor = port === 0 ? undefined : await survivorAt(port)
  if (survivor !== undefined) await end(survivor)
  const environment = {
    OUTSIDE_PORT: String(port),
    OUTSIDE_KEY: key,
    ...(folder === undefined ? {} : { OUTSIDE_FOLDER: folder }),
    ...(failEvery === undefined ? {} : { OUTSIDE_FAIL_EVERY: String(failEvery) }),
  }
  return run(root, environment).catch(() => run(root, { ...environment, OUTSIDE_PORT: "0" }))
}

function keptKey(folder: string): string {
  const path = join(folder, "key")
  if (existsSync(path)) return readFileSync(path, "utf8")
  mkdirSync(folder, { recursive: true })
  const key = randomUUID()
  writeFileSync(path, key, { mode: 0o600 })
  return key
}

/** Process id of the stand-ins of an earlier host; undefined when there are none. */
async function survivorAt(port: number): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(500) })
    const { standIns, pid } = (await answer.json()) as { standIns?: boolean; pid?: number }
    return standIns ? pid : undefined
  } catch {
    return undefined
  }
}

const endsWithinMs = 2_000

async function end(pid: number): Promise<void> {
  process.kill(pid, "SIGTERM")
  for (const until = Date.now() + endsWithinMs; Date.now() < until; ) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Resolves when the stand-ins have said where they are. Throws CliError with their own words when they end before. */
async function run(root: string, environment: Readonly<Record<string, string>>): Promise<Outside> {
  // In a group of its own, so that Ctrl-C reaches the host, which ends the stand-ins last.
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "outside", "main.ts")], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  const ended = new Promise<void>(resolve => child.once("exit", () => resolve()))
  const services = await new Promise<Outside["services"]>((resolve, reject) => {
    let said = ""
    let words = ""
    child.stderr.on("data", chunk => {
      words += chunk
    })
    child.stdout.on("data", chunk => {
      said += chunk
      if (said.includes("\n")) resolve(JSON.parse(said))
    })
    child.once("error", reject)
    child.once("exit", () => reject(new CliError(`the services outside did not start: ${words.trim()}`)))
  })
  child.unref()
  return {
    services,
    stop: async () => {
      child.ref()
      child.kill("SIGTERM")
      await ended
    },
  }
}
