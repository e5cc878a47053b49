import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const held = new Set<string>()

/**
 * Makes this process the only host on a data folder until the returned function is called. Throws an Error that names the other
 * process. The lock of a process that was killed is taken over.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, "lock")
  if (held.has(path)) throw inUse(folder, process.pid)
  if (!claim(path)) {
    const pid = Number(readFileSync(path, "utf8"))
    if (pid !== process.pid && isRunningSince(pid, statSync(path).mtimeMs)) throw inUse(folder, pid)
    rmSync(path, { force: true })
    if (!claim(path)) throw inUse(folder, Number(readFileSync(path, "utf8")))
  }
  held.add(path)
  return () => {
    held.delete(path)
    rmSync(path, { force: true })
  }
}

function claim(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" })
    return true
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false
    throw error
  }
}

/** Is the process that wrote the lock still there? A later process may have the same id. */
function isRunningSince(pid: number, lockedAt: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
  try {
    const startedAt = Date.parse(execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }))
    return Number.isNaN(startedAt) || startedAt <= lockedAt + 2000
  } catch {
    return true
  }
}

function inUse(folder: string, pid: number): Error {
  return new Error(`${folder} is in use by process ${pid}: stop it, or choose another data folder`)
}
