import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs"

/** A map whose every change is on disk before the call returns, so that a killed host finds its pending work again. */
export interface DurableMap<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
  /** Sets all of them or, when the process is killed meanwhile, none. */
  setAll(entries: readonly (readonly [string, T])[]): void
  delete(key: string): void
  entries(): IterableIterator<[string, T]>
  readonly size: number
  close(): void
}

/** A line of the journal: a value set, a key deleted, or several values set at once. */
type Change<T> = readonly [string, T] | readonly [string] | readonly (readonly [string, T])[]

const garbageMax = 10_000

/**
 * Opens the journal at `path` (one JSON line for what is written together) and replays it; a torn last line, left by a kill, is dropped.
 * Without a path the map lives in memory. Throws the file system's error when the disk refuses a write.
 */
export function openDurableMap<T>(path?: string): DurableMap<T> {
  const map = new Map<string, T>()
  let garbage = 0
  let file: number | undefined

  const compact = () => {
    if (path === undefined) return
    if (file !== undefined) closeSync(file)
    writeFileSync(`${path}.new`, [...map].map(([key, value]) => `${JSON.stringify([key, value])}\n`).join(""))
    renameSync(`${path}.new`, path)
    file = openSync(path, "a")
    garbage = 0
  }

  const append = (change: Change<T>) => {
    if (file === undefined) return
    writeSync(file, `${JSON.stringify(change)}\n`)
    if (++garbage > garbageMax + map.size) compact()
  }

  if (path !== undefined) {
    if (!existsSync(path)) appendFileSync(path, "")
    for (const line of readFileSync(path, "utf8").split("\n")) {
      for (const [key, ...values] of changesOf<T>(line)) {
        const [value] = values
        if (value === undefined) map.delete(key)
        else map.set(key, value)
      }
    }
    compact()
  }

  return {
    get: key => map.get(key),
    set: (key, value) => {
      map.set(key, value)
      append([key, value])
    },
    setAll: entries => {
      for (const [key, value] of entries) map.set(key, value)
      if (entries.length > 0) append(entries)
    },
    delete: key => {
      if (map.delete(key)) append([key])
    },
    entries: () => map.entries(),
    get size() {
      return map.size
    },
    close: () => {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}

function changesOf<T>(line: string): readonly (readonly [string, T] | readonly [string])[] {
  if (line === "") return []
  try {
    const change = JSON.parse(line) as Change<T>
    return typeof change[0] === "string" ? [change as readonly [string, T]] : (change as readonly [string, T][])
  } catch {
    return []
  }
}
