/** What the tests use of vitest, collected once and run as often as there are changes; `expect` is vitest's own. */
import { ASYMMETRIC_MATCHERS_OBJECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect"
import { expect, use } from "chai"

globalThis[ASYMMETRIC_MATCHERS_OBJECT] ??= Object.create(null)
for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) use(plugin)

export { expect }

/** Every test that was collected: `{ id, fileName, run, setUps }`. */
export const tests = []
let suite = { names: [], setUps: [] }

/** Collects the tests of a file. */
export async function collect(fileName, load) {
  suite = { fileName, names: [], setUps: [] }
  await load()
}

export function describe(name, define) {
  const outer = suite
  suite = { ...outer, names: [...outer.names, name], setUps: [...outer.setUps] }
  define()
  suite = outer
}

export function test(name, run) {
  const { fileName, names, setUps } = suite
  const title = [...names, name].join(" ")
  const twins = tests.filter(one => one.fileName === fileName && one.title === title).length
  tests.push({ id: `${fileName}#${title}${twins === 0 ? "" : ` ${twins}`}`, title, fileName, run, setUps })
}

const eachOf = define => rows => (name, run) => {
  for (const row of rows) define(name, () => (Array.isArray(row) ? run(...row) : run(row)))
}
describe.each = eachOf(describe)
test.each = eachOf(test)

export const beforeAll = setUp => void suite.setUps.push(setUp)
