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
  delete(key: string): void
  entries(): IterableIterator<[string, T]>
  readonly size: number
  close(): void
}

const garbageMax = 10_000

/**
 * Opens the journal at `path` (one JSON line per change) and replays it; a torn last line, left by a kill, is dropped.
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

  const append = (change: [string, T] | [string]) => {
    if (file === undefined) return
    writeSync(file, `${JSON.stringify(change)}\n`)
    if (++garbage > garbageMax + map.size) compact()
  }

  if (path !== undefined) {
    if (!existsSync(path)) appendFileSync(path, "")
    for (const line of readFileSync(path, "utf8").split("\n")) {
      const change = parse<T>(line)
      if (change === undefined) continue
      if (change.length === 1) map.delete(change[0])
      else map.set(change[0], change[1])
    }
    compact()
  }

  return {
    get: key => map.get(key),
    set: (key, value) => {
      map.set(key, value)
      append([key, value])
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

function parse<T>(line: string): [string, T] | [string] | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as [string, T] | [string])
  } catch {
    return undefined
  }
}
