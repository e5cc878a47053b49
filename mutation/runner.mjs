/**
 * Runs the tests within Stryker's own process: every module is loaded once and each change costs what its tests take. Under
 * @stryker-mutator/vitest-runner each change loads them anew in a new thread, which takes a hundred times as long.
 */
import { readdirSync } from "node:fs"
import { register as registerHooks } from "node:module"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core"
import { declareClassPlugin, declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin"
import { determineHitLimitReached, toMutantRunResult } from "@stryker-mutator/api/test-runner"
import { register } from "tsx/esm/api"

/** The tests that judge changes: rules of the kernel and of the contexts, and the contracts on the in-memory adapters. */
const folders = ["core", "accounts", "apiKeys", "billing", "indexes", "integrations"].map(name => `test/rule/${name}`)
const files = ["test/rule/model/kernel.test.ts", "test/contract/memory.test.ts"]

const suiteUrl = new URL("./suite.mjs", import.meta.url).href
const testMaxMs = 3_000
const hitsMin = 200
const hitsFactor = 20
const [passed, failed] = [0, 1]

class InProcessRunner {
  static inject = []
  #suite
  /** What the changed code looks at. */
  #stryker = {}
  /** How often each test meets each change. */
  #hits

  capabilities() {
    return { reloadEnvironment: false }
  }

  async init() {
    globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] = this.#stryker
    // A change may leave promises behind that nobody waits for.
    process.on("unhandledRejection", () => {})
    const hook = `export const resolve = (name, context, next) =>
      name === "vitest" ? { url: ${JSON.stringify(suiteUrl)}, shortCircuit: true } : next(name, context)`
    registerHooks(`data:text/javascript,${encodeURIComponent(hook)}`)
    register()
    this.#suite = await import(suiteUrl)
    const found = folders.flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
    for (const file of [...found, ...files].filter(name => name.endsWith(".test.ts")))
      await this.#suite.collect(file, () => import(pathToFileURL(resolve(file)).href))
  }

  async dryRun() {
    this.#stryker.activeMutant = undefined
    const result = await this.#run(this.#suite.tests)
    this.#hits = structuredClone(this.#stryker.mutantCoverage)
    return { ...result, mutantCoverage: this.#hits }
  }

  async mutantRun({ activeMutant, testFilter }) {
    const wanted = new Set(testFilter)
    const tests = this.#suite.tests.filter(({ id }) => wanted.has(id))
    this.#stryker.activeMutant = activeMutant.id
    return toMutantRunResult(await this.#run(tests, activeMutant.id))
  }

  /** The first test that fails tells enough of a change, and so does one that meets it far more often than before: a loop without an end. */
  async #run(tests, mutant) {
    const results = []
    const setUps = new Map()
    for (const test of tests) {
      const hitLimit = hitsMin + hitsFactor * (this.#hits?.perTest[test.id]?.[mutant] ?? 0)
      Object.assign(this.#stryker, { hitCount: mutant && 0, hitLimit })
      const result = await this.#runOne(test, setUps)
      results.push(result)
      if (mutant === undefined) continue
      const endless = determineHitLimitReached(this.#stryker.hitCount, hitLimit)
      if (endless !== undefined) return endless
      if (result.status === failed) break
    }
    return { status: "complete", tests: results }
  }

  async #runOne({ id, title, fileName, run, setUps: own }, setUps) {
    const startedAt = Date.now()
    const about = { id, name: title, fileName }
    let timer
    this.#stryker.currentTestId = id
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done after ${testMaxMs} ms`)), testMaxMs)
      })
      const work = async () => {
        for (const setUp of own) {
          if (!setUps.has(setUp)) setUps.set(setUp, setUp())
          await setUps.get(setUp)
        }
        await run()
      }
      await Promise.race([work(), late])
      return { ...about, status: passed, timeSpentMs: Date.now() - startedAt }
    } catch (error) {
      return { ...about, status: failed, timeSpentMs: Date.now() - startedAt, failureMessage: String(error) }
    } finally {
      clearTimeout(timer)
      this.#stryker.currentTestId = undefined
    }
  }

  async dispose() {}
}

/** `state.status === "unknown"` in a fold: the type wants the question; no decision makes such an event in an empty stream. */
const emptyStreams = {
  shouldIgnore(path) {
    if (!path.isBinaryExpression({ operator: "===" })) return undefined
    const { left, right } = path.node
    const asks = left.type === "MemberExpression" && left.property.name === "status" && left.object.name === "state"
    const isEmpty = right.type === "StringLiteral" && ["unknown", "none"].includes(right.value)
    const inFold = path.findParent(parent => parent.isObjectProperty() && parent.node.key.name === "evolve")
    return asks && isEmpty && inFold ? "no decision makes such an event in an empty stream" : undefined
  },
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, "inProcess", InProcessRunner),
  declareValuePlugin(PluginKind.Ignore, "emptyStreams", emptyStreams),
]
