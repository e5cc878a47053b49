/** Makes sure that this checkout can run: the Node version, and the packages of the lock file. Plain JavaScript: it runs before anything is installed. */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** Ends the process with one clear line. */
export function giveUp(message) {
  console.error(`foldline: ${message}`)
  process.exit(1)
}

const stamp = join(root, "node_modules", ".foldline-installed")
const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")

/** Installs the locked packages when they are missing or not those of the lock file. */
export function install() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major < 20 || (major === 20 && minor < 12))
    giveUp(`Node ${process.versions.node} is too old: install Node 20.12 or newer`)
  const wanted = lockHash()
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return
  console.error("foldline: installing packages (once, about a minute) …")
  const npm = process.platform === "win32" ? "npm.cmd" : "npm"
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  })
  if (status !== 0) giveUp("npm ci failed; its message stands above. Mend it and run the command again")
  writeFileSync(stamp, wanted)
}
