/**
 * Measures the sections and prints their tables. `--write` also puts them into docs/performance.md and keeps figures and chart
 * beside it; `--only commands,queries,path,start` leaves the others as they were.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { cpus, loadavg, totalmem } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { chart } from "./chart.ts"
import { commandPath } from "./commandPath.ts"
import type { Host } from "./host.ts"
import { markdown, type Results } from "./markdown.ts"
import { queries } from "./queries.ts"
import type { Bench } from "./report.ts"
import { bundles } from "./start.ts"
import { wholePath } from "./wholePath.ts"

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string" },
    write: { type: "boolean", default: false },
  },
})

const root = fileURLToPath(new URL("..", import.meta.url))

process.env.AWS_REGION ??= "us-east-1"
process.env.AWS_ACCESS_KEY_ID ??= "local"
process.env.AWS_SECRET_ACCESS_KEY ??= "local"

const bench: Bench = {
  quick: flags.quick,
  tell: line => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`),
}

const file = join(root, "docs", "performance.json")
const previous: Partial<Results> = flags.write && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}
const loads: Record<string, number> = { ...previous.loads }

/** Measures a section when it is wanted. */
async function section<Name extends keyof Results, Found>(
  name: Name,
  measure: () => Promise<Found>,
): Promise<{ [Key in Name]?: Found }> {
  if (flags.only !== undefined && !flags.only.split(",").includes(name)) return {}
  loads[name] = loadavg()[0] ?? 0
  return { [name]: await measure() } as { [Key in Name]?: Found }
}

async function onHost<Found>(measure: (host: Host) => Promise<Found>): Promise<Found> {
  const { openHost } = await import("./host.ts")
  const host = await openHost(bench.tell)
  return measure(host).finally(host.stop)
}

const measured = {
  ...(await section("commands", () => commandPath(bench))),
  ...(await section("queries", () => onHost(host => queries(host, bench)))),
  ...(await section("path", () => onHost(host => wholePath(host, bench)))),
  ...(await section("start", () => onHost(host => bundles(host.cloudAssembly, bench)))),
}
const results: Results = {
  ...previous,
  ...measured,
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`,
  on: new Date().toISOString().slice(0, 10),
  loads,
}
const text = markdown(results)
console.log(flags.json ? JSON.stringify(results) : text)
if (flags.write) write()
process.exit(0)

/** Puts the tables between the marks of the document, and keeps the figures and the chart beside it. */
function write(): void {
  const path = join(root, "docs", "performance.md")
  const document = readFileSync(path, "utf8")
  const [begin, end] = ["<!-- measured -->", "<!-- /measured -->"]
  const before = document.slice(0, document.indexOf(begin) + begin.length)
  writeFileSync(path, `${before}\n\n${text}\n\n${document.slice(document.indexOf(end))}`)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  if (results.commands !== undefined) writeFileSync(join(root, "docs", "performance.svg"), chart(results.commands))
}
