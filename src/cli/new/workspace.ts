import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import type { App } from "../../core/manifest.ts"
import { CliError } from "../cliError.ts"

/** An app's sources with changes that are not written yet. Paths are relative to the app's folder. */
export interface Workspace {
  readonly app: App
  /** Throws CliError when the file is there already. */
  readonly add: (path: string, text: string) => void
  /** Throws CliError when the file is not there, and what `change` throws. */
  readonly change: (path: string, change: (text: string) => string) => void
  /** What a module exports. */
  readonly load: (path: string) => Promise<Readonly<Record<string, unknown>>>
  /** Writes everything; gives the paths. */
  readonly save: () => readonly string[]
}

/** Opens the app in this folder. Throws CliError when there is none. */
export async function openWorkspace(root: string): Promise<Workspace> {
  const drafts = new Map<string, string>()
  const load = (path: string): Promise<Readonly<Record<string, unknown>>> =>
    import(pathToFileURL(join(root, path)).href)
  if (!existsSync(join(root, "src/contexts/index.ts"))) throw new CliError(`${root} has no src/contexts/index.ts`)
  const { app } = (await load("src/contexts/index.ts")) as { app: App }
  return {
    app,
    load,
    add: (path, text) => {
      if (drafts.has(path) || existsSync(join(root, path)))
        throw new CliError(`${path} is there already: choose another name`)
      drafts.set(path, text)
    },
    change: (path, change) => {
      if (!drafts.has(path) && !existsSync(join(root, path))) throw new CliError(`${path} is missing`)
      drafts.set(path, change(drafts.get(path) ?? readFileSync(join(root, path), "utf8")))
    },
    save: () => {
      for (const [path, text] of drafts) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      return [...drafts.keys()]
    },
  }
}
