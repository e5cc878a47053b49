/** Vitest reporter: one line for each tier when its last file has ended. */
export default class TierReporter {
  tiers = new Map()

  onTestRunStart(specifications) {
    for (const { project } of specifications) {
      const tier = this.tiers.get(project.name) ?? {
        filesLeft: 0,
        passed: 0,
        failed: 0,
        skipped: 0,
        startedAt: undefined,
      }
      this.tiers.set(project.name, { ...tier, filesLeft: tier.filesLeft + 1 })
    }
  }

  onTestModuleStart({ project }) {
    this.tiers.get(project.name).startedAt ??= Date.now()
  }

  onTestModuleEnd(testModule) {
    const name = testModule.project.name
    const tier = this.tiers.get(name)
    const states = [...testModule.children.allTests()].map(test => test.result().state)
    for (const state of states) tier[state] += 1
    if (!testModule.ok() && !states.includes("failed")) tier.failed += 1
    tier.filesLeft -= 1
    if (tier.filesLeft > 0) return
    const { passed, failed, skipped, startedAt = Date.now() } = tier
    const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean)
    console.log(line(failed + skipped === 0, name, startedAt, counts.join(", ")))
  }
}

/** `ok    types     12.3 s  what more there is to say`. */
export const line = (isOk, name, startedAt, more = "") =>
  `${isOk ? "ok    " : "FAILED"}  ${name.padEnd(10)} ${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${more}`.trimEnd()
