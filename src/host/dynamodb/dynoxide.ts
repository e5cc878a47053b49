import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { dynoxideBinary } from "./binary.ts"
import { waitForOwner } from "./owner.ts"
import { indexStreamLog } from "./streamLog.ts"

/** A DynamoDB that runs as a child of this process and ends with it, however it ends. */
export interface Dynoxide {
  readonly url: string
  stop(): Promise<void>
}

/** Runs dynoxide, and ends it when this process goes: a kill closes the pipe that the shell beside it reads. */
const withParent = `exec 3<&0; (read _ <&3; kill $$) 2>/dev/null & exec "$0" "$@" 3<&-`

const startAttemptsMax = 3

/**
 * Starts dynoxide on its database file in `folder`. Its stream log is indexed first, because every write and read of a stream
 * scans it otherwise. Throws an Error when another process uses the file or dynoxide does not start.
 */
export async function startDynoxide(folder: string, warn: (message: string) => void): Promise<Dynoxide> {
  const database = join(folder, "dynamodb.db")
  const pidFile = join(folder, "dynamodb.pid")
  await waitForOwner(pidFile, database)
  if (!existsSync(database)) await (await run(database, pidFile, warn)).stop()
  if (!indexStreamLog(database)) warn("the stream log of this dynoxide is unknown: streams get slower as they grow")
  return run(database, pidFile, warn)
}

async function run(database: string, pidFile: string, warn: (message: string) => void): Promise<Dynoxide> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const child = spawnBound(dynoxideBinary(), ["serve", "--port", String(port), "--db-path", database])
    const ended = new Promise<void>(resolve => child.once("exit", () => resolve()))
    child.once("exit", () => child.stdin?.destroy())
    if (child.pid !== undefined) writeFileSync(pidFile, String(child.pid))
    const complaint = await untilListening(child)
    if (complaint !== undefined) {
      if (attempt < startAttemptsMax) continue
      throw new Error(`dynoxide did not start on ${database}: ${complaint}`)
    }
    let isStopping = false
    child.once("exit", code => isStopping || warn(`dynoxide ended by itself (${code}): start again`))
    return {
      url: `http://127.0.0.1:${port}`,
      stop: async () => {
        isStopping = true
        child.kill()
        await ended
        rmSync(pidFile, { force: true })
      },
    }
  }
}

function spawnBound(program: string, parameters: string[]): ChildProcess {
  if (process.platform === "win32") return spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"] })
  return spawn("/bin/sh", ["-c", withParent, program, ...parameters], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  })
}

/** Resolves to undefined once the server listens, or to what it said when it ended instead. */
function untilListening(child: ChildProcess): Promise<string | undefined> {
  return new Promise(resolve => {
    let said = ""
    const hear = (data: Buffer) => {
      said = `${said}${data}`.slice(-2000)
      if (said.includes("listening on")) resolve(undefined)
    }
    child.stdout?.on("data", hear)
    child.stderr?.on("data", hear)
    child.once("error", error => resolve(error.message))
    child.once("exit", code => resolve(said.trim() || `exit code ${code}`))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no free port")),
      )
    })
  })
}
