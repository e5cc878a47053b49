/** Makes sure that this checkout can run: the Node version, and the packages of the lock file. Plain JavaScript: it runs before anything is installed. */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** Ends the process with one clear line. */
export function giveUp(message) {
  console.error(`foldline: ${message}`)
  process.exit(1)
}

/** Packages by folder and version: as locked, and as npm says that it installed them. */
const packagesIn = path => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {})

/** Does every locked package stand in node_modules? One for another platform may be missing. */
function isInstalled() {
  const installed = packagesIn(join(root, "node_modules", ".package-lock.json"))
  const locked = Object.entries(packagesIn(join(root, "package-lock.json"))).filter(([folder]) => folder !== "")
  return locked.every(([folder, { version, optional }]) =>
    installed[folder] === undefined ? optional === true : installed[folder].version === version,
  )
}

/** Installs the locked packages when they are missing or not those of the lock file. */
export function install() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major < 20 || (major === 20 && minor < 12))
    giveUp(`Node ${process.versions.node} is too old: install Node 20.12 or newer`)
  if (isInstalled()) return
  console.error("foldline: installing packages (once, about a minute) …")
  const npm = process.platform === "win32" ? "npm.cmd" : "npm"
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  })
  if (status !== 0) giveUp("npm ci failed; its message stands above. Mend it and run the command again")
}
