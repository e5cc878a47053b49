import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openNodeSandbox } from "../../../src/host/lambda/nodeSandbox.ts"

let taskRoot: string
let folder: string
beforeEach(() => {
  taskRoot = mkdtempSync(path.join(tmpdir(), "task-"))
  folder = mkdtempSync(path.join(tmpdir(), "compiled-"))
  writeFileSync(path.join(taskRoot, "package.json"), "{}")
  writeFileSync(path.join(taskRoot, "part.js"), "module.exports = 'of a part'")
})
afterEach(() => {
  for (const each of [taskRoot, folder]) rmSync(each, { recursive: true })
})

/** Large enough to be kept. */
const bulk = Array.from({ length: 4_000 }, (_, at) => `exports.f${at} = a => a + ${at};`).join("\n")
const write = (code: string) => writeFileSync(path.join(taskRoot, "index.js"), `${code}\n${bulk}`)

const kept = () => readdirSync(folder).map(name => readFileSync(path.join(folder, name)).length)

/** What the handler gives three times in a new environment. */
async function outcomes() {
  const sandbox = openNodeSandbox({
    taskRoot,
    compiledCode: folder,
    handler: "index.handler",
    runtime: "nodejs22.x",
    functionName: "f",
    functionVersion: "$LATEST",
    memoryMb: 128,
    logGroup: "g",
    logStream: "s",
    clockOffsetMs: 0,
    metered: false,
    environment: {},
    log: () => {},
  })
  const invocation = { arn: "f", event: "{}", timeoutMs: 10_000, clockOffsetMs: 0, traceHeader: "" }
  const all = []
  for (const requestId of ["1", "2", "3"]) all.push(await sandbox.run({ ...invocation, requestId }))
  await sandbox.end()
  return all
}

test("a function answers the same from compiled code that an earlier environment kept", async () => {
  write("exports.handler = async () => [require('./part.js'), __filename, exports.f7(1)]")
  const file = path.join(taskRoot, "index.js")
  const first = await outcomes()
  expect(first).toEqual(Array(3).fill({ result: JSON.stringify(["of a part", file, 8]) }))
  expect(kept()).toHaveLength(1)
  expect(await outcomes()).toEqual(first)
})

test("changed code is compiled anew", async () => {
  write("exports.handler = async () => 'before'")
  await outcomes()
  write("exports.handler = async () => 'after!'")
  expect(await outcomes()).toEqual(Array(3).fill({ result: '"after!"' }))
})

test("a damaged compiled form is replaced", async () => {
  write("exports.handler = async () => 1")
  await outcomes()
  const [name = ""] = readdirSync(folder)
  writeFileSync(path.join(folder, name), "broken")
  expect(await outcomes()).toEqual(Array(3).fill({ result: "1" }))
  expect(kept()[0]).toBeGreaterThan(1_000)
})

test("code that imports while it runs still can", async () => {
  writeFileSync(path.join(taskRoot, "part.mjs"), "export default 'late'")
  write("exports.handler = async () => (await import('./part.mjs')).default")
  expect(await outcomes()).toEqual(Array(3).fill({ result: '"late"' }))
  expect(kept()).toEqual([])
})

test("an error names its place as Lambda does", async () => {
  write("exports.handler = async () => { throw new Error('no') }")
  const [outcome] = await outcomes()
  expect(JSON.stringify(outcome)).toContain("(/var/task/index.js:1:")
})
