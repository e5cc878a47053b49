import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { openDurableMap } from "../../../src/host/durable.ts"
import { openKeptClock } from "../../../src/host/keptClock.ts"

const folder = mkdtempSync(join(tmpdir(), "foldline-clock-"))
const opened: { close(): void }[] = []
const reopen = (speed?: number) => {
  for (const map of opened.splice(0)) map.close()
  const map = openDurableMap<number>(join(folder, "clock.journal"))
  opened.push(map)
  return openKeptClock(map, speed)
}
afterEach(() => rmSync(join(folder, "clock.journal"), { force: true }))

describe("the host's clock on kept data", () => {
  test("stays moved after a kill", () => {
    reopen().advance(7 * 86_400_000)
    expect(reopen().now() - Date.now()).toBeGreaterThanOrEqual(7 * 86_400_000)
  })

  test("never goes back when a fast host is killed", async () => {
    const first = reopen(1_000)
    await new Promise(resolve => setTimeout(resolve, 1_300))
    const before = first.now()
    first.stop()
    expect(reopen(1_000).now()).toBeGreaterThanOrEqual(before)
  })

  test("is the system's as long as nobody moves it", () => {
    expect(Math.abs(reopen().now() - Date.now())).toBeLessThan(60_000)
  })
})
