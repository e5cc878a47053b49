/**
 * Measures the sections that are named, or all, and prints tables and verdicts. Each runs in a process of its own and within its
 * minutes; one that fails is told and the others go on. `--write` puts the tables into docs/performance.md and keeps figures and
 * charts beside it; sections that were not measured stay as they were.
 */
import { fork } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { cpus, loadavg, totalmem } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { chart } from "./chart.ts"
import { growthChart } from "./growthChart.ts"
import { markdown, type Results } from "./markdown.ts"
import type { Found, SectionName } from "./sections.ts"
import { verdicts } from "./verdicts.ts"

/** Minutes that a section may take; together they are more than a run does take. */
const minutesMax: Readonly<Record<SectionName, number>> = {
  commands: 8,
  path: 6,
  queries: 4,
  resolvers: 2,
  rebuild: 5,
  memory: 7,
  growth: 9,
  start: 3,
  cost: 4,
}
const names = Object.keys(minutesMax) as SectionName[]
const root = fileURLToPath(new URL("..", import.meta.url))
const file = join(root, "docs", "performance.json")
const tell = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`)

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    commands: { type: "string" },
    write: { type: "boolean", default: false },
  },
})
const wrong = positionals.find(name => !names.includes(name as SectionName))
if (wrong !== undefined) giveUp(`there is no section ${wrong}; there are ${names.join(", ")}`)
if (flags.commands !== undefined && !/^[1-9]\d*$/.test(flags.commands))
  giveUp(`--commands must be a whole number, not ${flags.commands}`)
const wanted = positionals.length === 0 ? names : names.filter(name => positionals.includes(name))

process.env.AWS_REGION ??= "us-east-1"
process.env.AWS_ACCESS_KEY_ID ??= "local"
process.env.AWS_SECRET_ACCESS_KEY ??= "local"

const previous: Partial<Results> = flags.write && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}
const loads: Record<string, number> = { ...previous.loads }
const found: Partial<Record<SectionName, unknown>> = {}
const failed: string[] = []
for (const [index, name] of wanted.entries()) {
  tell(`${name}: section ${index + 1} of ${wanted.length}`)
  loads[name] = loadavg()[0] ?? 0
  try {
    found[name] = await measured(name)
  } catch (error) {
    failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    tell(`not measured, ${failed.at(-1)}`)
  }
}

const results: Results = {
  ...previous,
  ...(found as Found),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`,
  on: new Date().toISOString().slice(0, 10),
  loads,
  failed,
}
const text = markdown(results)
console.log(flags.json ? JSON.stringify({ ...results, verdicts: verdicts(results) }) : text)
if (flags.write) write()
process.exit(failed.length === 0 ? 0 : 1)

/** Runs a section. Throws an Error when it fails or takes longer than it may. */
function measured(name: SectionName): Promise<unknown> {
  const settings = { quick: flags.quick, ...(flags.commands === undefined ? {} : { commands: Number(flags.commands) }) }
  const child = fork(fileURLToPath(new URL("./section.ts", import.meta.url)), [name, JSON.stringify(settings)], {
    execArgv: ["--import", "tsx", "--expose-gc"],
  })
  return new Promise((resolve, reject) => {
    // A number of commands that was asked for takes as long as it takes.
    const minutes = name === "memory" && flags.commands !== undefined ? undefined : minutesMax[name]
    const timer =
      minutes === undefined
        ? undefined
        : setTimeout(() => {
            reject(new Error(`it took longer than ${minutes} minutes`))
            child.kill("SIGKILL")
          }, minutes * 60_000)
    child.once("message", resolve)
    child.once("exit", code => {
      clearTimeout(timer)
      reject(new Error(`it ended with ${code}; its words stand above`))
    })
  })
}

function giveUp(message: string): never {
  console.error(`bench: ${message}`)
  process.exit(1)
}

/** Puts the tables between the marks of the document, and keeps the figures and the charts beside it. */
function write(): void {
  const path = join(root, "docs", "performance.md")
  const document = readFileSync(path, "utf8")
  const [begin, end] = ["<!-- measured -->", "<!-- /measured -->"]
  const before = document.slice(0, document.indexOf(begin) + begin.length)
  writeFileSync(path, `${before}\n\n${text}\n\n${document.slice(document.indexOf(end))}`)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  if (results.commands !== undefined) writeFileSync(join(root, "docs", "performance.svg"), chart(results.commands))
  if (results.growth !== undefined) writeFileSync(join(root, "docs", "growth.svg"), growthChart(results.growth))
}
