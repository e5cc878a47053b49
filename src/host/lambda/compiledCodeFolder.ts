import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const keptMs = 7 * 24 * 3_600_000

/** The folder of `compiledCode.mjs` beside the installed packages, without what is old; undefined where nothing can be written. */
export function compiledCodeFolder(): string | undefined {
  const folder = fileURLToPath(new URL("../../../node_modules/.cache/foldline/compiled", import.meta.url))
  try {
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY }
      if (Date.now() - mtimeMs > keptMs) rmSync(file, { force: true })
    }
    return folder
  } catch {
    return undefined
  }
}
