import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { openDurableMap } from "../../../src/host/durable.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "durable-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a new process finds in the journal. */
const found = (path: string) => {
  const map = openDurableMap<number>(path)
  map.close()
  return Object.fromEntries(map.entries())
}

describe("a durable map", () => {
  test("has after a kill what was set and not deleted", () => {
    const path = join(folder, "a.journal")
    const map = openDurableMap<number>(path)
    map.set("kept", 1)
    map.set("changed", 1)
    map.set("changed", 2)
    map.setAll([
      ["one", 1],
      ["two", 2],
    ])
    map.set("gone", 1)
    map.delete("gone")
    expect(found(path)).toEqual({ kept: 1, changed: 2, one: 1, two: 2 })
  })

  test("has all that was set together, or nothing of it when the kill came while it was written", () => {
    const path = join(folder, "a.journal")
    const map = openDurableMap<number>(path)
    map.set("before", 1)
    map.setAll([
      ["one", 1],
      ["two", 2],
    ])
    const whole = readFileSync(path, "utf8")
    const start = whole.indexOf("\n") + 1
    for (let length = start; length < whole.length - 1; length++) {
      writeFileSync(path, whole.slice(0, length))
      expect(found(path)).toEqual({ before: 1 })
    }
    writeFileSync(path, whole)
    expect(found(path)).toEqual({ before: 1, one: 1, two: 2 })
  })
})
