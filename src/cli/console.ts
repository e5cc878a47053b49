import { spawn } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { constants, setPriority } from "node:os"
import { join } from "node:path"
import { CliError } from "./cliError.ts"
import { fingerprint } from "./fingerprint.ts"
import { inTurn } from "./inTurn.ts"

/** What the built console depends on. */
const sources = ["src", "public", "index.html", "vite.config.ts", "package-lock.json"]

/** Where the built console stands. */
export const consoleFolder = (root: string) => join(root, "console", "dist")

/**
 * Makes `console/dist` current: installs the console's packages when its lock has changed and builds it when its sources have.
 * Resolves with whether it built. Throws CliError with the tool's own words. `signal` ends the tools.
 */
export async function buildConsole(
  root: string,
  print: (line: string) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const folder = join(root, "console")
  const stamp = join(root, ".foldline", "console.sha256")
  const wanted = fingerprint(sources.map(source => join(folder, source)))
  const isCurrent = () => existsSync(join(folder, "dist", "index.html")) && read(stamp) === wanted
  return inTurn(join(root, ".foldline", "console"), isCurrent, async () => {
    await install(folder, print, signal)
    print("building the console …")
    await run(
      process.execPath,
      [join("node_modules", "vite", "bin", "vite.js"), "build", "--logLevel", "error"],
      folder,
      signal,
    )
    writeFileSync(stamp, wanted)
  })
}

async function install(folder: string, print: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const stamp = join(folder, "node_modules", ".foldline-installed")
  const wanted = fingerprint([join(folder, "package-lock.json")])
  if (read(stamp) === wanted) return
  print("installing the console's packages (once, some seconds) …")
  await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], folder, signal)
  writeFileSync(stamp, wanted)
}

const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined)

/** The tools yield to whatever else wants the processor: the app runs already. */
function run(command: string, args: readonly string[], folder: string, signal?: AbortSignal): Promise<void> {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: "production" },
    signal,
    stdio: ["ignore", "ignore", "pipe"],
    shell: process.platform === "win32" && command === "npm",
  })
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  let words = ""
  child.stderr.on("data", chunk => {
    words += chunk
  })
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("exit", code =>
      code === 0 ? resolve() : reject(new CliError(`the console could not be built:\n${words.trim()}`)),
    )
  })
}
