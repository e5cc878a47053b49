/**
 * `npm test`: every check and every tier of tests; nothing stops at the first failure. `npm test -- types rule` runs these
 * alone, `npm test -- test/rule/accounts` the tests whose path contains this. The last line tells the real results.
 */
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { install, root } from "./install.mjs"
import { neverUsed } from "./privileges.mjs"
import { line } from "./tierReporter.mjs"

const tiers = ["rule", "contract", "host", "slice", "chaos", "browser"]
const roomFolders = ["src", "outside", "infra", "resolvers", "console"].filter(folder => existsSync(join(root, folder)))
/** The benchmark stands apart: its peers' packages are installed by `npm run bench` alone, which checks it then. */
const typedFolders = [".", ...readdirSync(root)].filter(
  folder => folder !== "bench" && existsSync(join(root, folder, "tsconfig.json")),
)

const checks = new Map([
  ["format", () => tool("@biomejs/biome", "biome", "check", "--error-on-warnings", ".")],
  ["resolvers", () => tool("eslint", "eslint", "--max-warnings", "0", "resolvers")],
  ["types", () => all(typedFolders.map(folder => tool("typescript", "tsc", "-p", folder)))],
  ["console", () => run(["pipe", "pipe"], "--import", "tsx", join(root, "bin", "buildConsole.ts"))],
  ["imports", () => tool("dependency-cruiser", "depcruise", "--config", ".dependency-cruiser.mjs", ...roomFolders)],
])

/** Runs a command of an installed package; gives its exit code and what it said. */
function tool(packageName, command, ...args) {
  return run(["pipe", "pipe"], binOf(packageName, command), ...args)
}

function binOf(packageName, command) {
  const manifest = join(root, "node_modules", packageName, "package.json")
  const { bin } = createRequire(import.meta.url)(manifest)
  return join(dirname(manifest), typeof bin === "string" ? bin : bin[command])
}

function run([out, err], ...command) {
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", out, err] })
  let said = ""
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", text => (said += text))
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", code => resolve({ code, said }))
  })
}

async function all(running) {
  const results = await Promise.all(running)
  return { code: results.find(({ code }) => code !== 0)?.code ?? 0, said: results.map(({ said }) => said).join("") }
}

/** Runs checks side by side, each ending in a line; a failed one also says all that it has to say. */
async function runChecks(names) {
  const codes = await Promise.all(
    names.map(async name => {
      const startedAt = Date.now()
      const { code, said } = await checks.get(name)()
      console.log(line(code === 0, name, startedAt))
      if (code !== 0) console.log(said)
      return code
    }),
  )
  const failed = codes.filter(code => code !== 0).length
  return { passed: codes.length - failed, failed, skipped: 0 }
}

/** Runs tests; what fails is told in full by Vitest itself. */
async function runTests(projects, paths) {
  const report = join(root, ".foldline", "test-results.json")
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const reporters = ["minimal", "json", "./bin/tierReporter.mjs"].map(reporter => `--reporter=${reporter}`)
  const chosen = projects.map(project => `--project=${project}`)
  const { code } = await run(
    ["inherit", "inherit"],
    binOf("vitest", "vitest"),
    ...["run", ...reporters, `--outputFile.json=${report}`, ...chosen, ...paths],
  )
  const counts = existsSync(report)
    ? countsOf(JSON.parse(readFileSync(report, "utf8")))
    : { passed: 0, failed: 0, skipped: 0 }
  const isUntold = code !== 0 && counts.failed === 0
  return isUntold ? { ...counts, failed: 1 } : counts
}

/** A file that failed by itself, not by one of its tests, is one failure. */
function countsOf({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  const files = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every(test => test.status !== "failed"),
  )
  return { passed: numPassedTests, failed: numFailedTests + files.length, skipped: numPendingTests + numTodoTests }
}

/** Once all tests have run: does every privilege in the template have a test that needs it? */
function checkPrivileges() {
  const startedAt = Date.now()
  const { hosts, unused } = neverUsed(unusedFolder)
  const isFine = hosts > 0 && unused.length === 0
  console.log(line(isFine, "privileges", startedAt))
  if (!isFine) console.log([`privileges that none of ${hosts} hosts needed:`, ...unused].join("\n  "))
  return { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0 }
}

// Which Node.js a coming SDK will want is not for whoever runs this version to read each time.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"
install()
install(join(root, "console"))
const unusedFolder = join(root, ".foldline", "unused")
rmSync(unusedFolder, { recursive: true, force: true })
const asked = process.argv.slice(2)
const isAll = asked.length === 0
const checksAsked = [...checks.keys()].filter(name => isAll || asked.includes(name))
const tiersAsked = tiers.filter(name => asked.includes(name))
const paths = asked.filter(word => !checks.has(word) && !tiers.includes(word))

const results = [await runChecks(checksAsked)]
if (isAll || tiersAsked.length + paths.length > 0) results.push(await runTests(tiersAsked, paths))
if (isAll) results.push(checkPrivileges())
const total = name => results.reduce((sum, result) => sum + result[name], 0)
console.log(`${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`)
process.exitCode = total("failed") + total("skipped") === 0 ? 0 : 1
