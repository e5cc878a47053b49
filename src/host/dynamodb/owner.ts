import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { setTimeout as wait } from "node:timers/promises"

const patienceMs = 5_000

/**
 * Waits until the process named in `pidFile` no longer holds the database: after a kill, dynoxide needs a moment to notice and
 * to end. Throws an Error when a living host keeps it.
 */
export async function waitForOwner(pidFile: string, database: string): Promise<void> {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0
  const patienceEndsAt = Date.now() + patienceMs
  while (pid > 0 && holds(pid, database)) {
    if (Date.now() > patienceEndsAt)
      throw new Error(`${database} is in use by process ${pid}: stop that host, or start with another data folder`)
    await wait(10)
  }
}

/** Does this process live, and is it the one that was given the database and not a later one with its number? */
function holds(pid: number, database: string): boolean {
  try {
    process.kill(pid, 0)
    return commandLine(pid)?.includes(database) ?? true
  } catch {
    return false
  }
}

/** Undefined where the system does not tell. Throws when the process is gone. */
function commandLine(pid: number): string | undefined {
  if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8")
  if (process.platform === "win32") return undefined
  return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" })
}
