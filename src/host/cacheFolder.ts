import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const keptMs = 7 * 24 * 3_600_000

/** A folder beside the installed packages for what a later start need not work out again, without what is old; undefined where nothing can be written. */
export function cacheFolder(name: "compiled" | "checked"): string | undefined {
  const folder = fileURLToPath(new URL(`../../node_modules/.cache/foldline/${name}`, import.meta.url))
  try {
    mkdirSync(folder, { recursive: true })
    for (const entry of readdirSync(folder)) {
      const file = join(folder, entry)
      const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY }
      if (Date.now() - mtimeMs > keptMs) rmSync(file, { force: true })
    }
    return folder
  } catch {
    return undefined
  }
}
