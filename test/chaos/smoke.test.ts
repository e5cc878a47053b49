import { beforeAll, describe, expect, test } from "vitest"
import { runSeed, type SeedReport } from "../../src/cli/chaos/run.ts"
import { synthesize } from "../../src/cli/synth.ts"
import { root } from "../localHost.ts"

const seeds = [1, 2, 3]
const commands = 50
const kindsMin = 20

let template: string
beforeAll(async () => {
  template = await synthesize(root, () => {})
}, 120_000)

describe("under faults", () => {
  test.each(seeds)("every promise holds (seed %i)", async seed => {
    const report: SeedReport = await runSeed({ seed, commands, template })
    expect(report.findings.flatMap(({ violations }) => violations)).toEqual([])
    expect(report.findings.filter(({ checked }) => checked === 0)).toEqual([])
    expect(Object.keys(report.injected).length).toBeGreaterThan(kindsMin)
    expect(report.injected["host SIGKILL"]).toBe(1)
    expect(report.outcomes["receipt: PARKED"]).toBeGreaterThan(0)
  })
})
