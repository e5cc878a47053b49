/** Makes sure that this checkout can run: the Node version, and the packages of the lock file. Plain JavaScript: it runs before anything is installed. */
import { spawnSync } from "node:child_process"
import { existsSync, lstatSync, readFileSync } from "node:fs"
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
function isInstalled(home) {
  const installed = packagesIn(join(home, "node_modules", ".package-lock.json"))
  const locked = Object.entries(packagesIn(join(home, "package-lock.json"))).filter(([folder]) => folder !== "")
  return locked.every(([folder, { version, optional }]) =>
    installed[folder] === undefined ? optional === true : installed[folder].version === version,
  )
}

/** Installs the locked packages of a folder when they are missing or not those of its lock file. */
export function install(home = root) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    giveUp(`Node ${process.versions.node} is too old: install Node 20.19 or newer`)
  if (isInstalled(home)) return
  const folder = join(home, "node_modules")
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    giveUp(`${folder} is a link and its packages are not those of package-lock.json: install them where it leads`)
  console.error("foldline: installing packages (once, about a minute) …")
  const npm = process.platform === "win32" ? "npm.cmd" : "npm"
  const { status } = spawnSync(npm, ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: home,
    stdio: ["ignore", 2, 2],
  })
  if (status !== 0) giveUp("npm ci failed; its message stands above. Mend it and run the command again")
}
