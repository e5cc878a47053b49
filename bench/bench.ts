/** Measures the sections, prints their tables, and writes docs/performance.json, docs/performance.md and docs/performance.svg. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { cpus, loadavg, totalmem } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { chart } from "./chart.ts"
import { commandPath } from "./commandPath.ts"
import { openHost, root } from "./host.ts"
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

process.env.AWS_REGION ??= "us-east-1"
process.env.AWS_ACCESS_KEY_ID ??= "local"
process.env.AWS_SECRET_ACCESS_KEY ??= "local"

const bench: Bench = {
  quick: flags.quick,
  tell: line => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`),
}
const wanted = (section: string) => flags.only === undefined || flags.only.split(",").includes(section)

const results: Results = {
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`,
  on: new Date().toISOString().slice(0, 10),
  loadBefore: loadavg()[0] ?? 0,
  ...(wanted("commands") ? { commands: await commandPath(bench) } : {}),
  ...(await hostSections()),
}

async function hostSections(): Promise<Partial<Results>> {
  if (!["path", "queries", "start"].some(wanted)) return {}
  const host = await openHost(bench.tell)
  try {
    return {
      ...(wanted("queries") ? { queries: await queries(host, bench) } : {}),
      ...(wanted("path") ? { path: await wholePath(host, bench) } : {}),
      ...(wanted("start") ? { start: await bundles(host.cloudAssembly, bench) } : {}),
    }
  } finally {
    await host.stop()
  }
}

const text = markdown(results)
console.log(flags.json ? JSON.stringify(results) : text)
if (flags.write) write()
process.exit(0)

/** Puts the tables between the marks of the document, and keeps the figures and the chart beside it. */
function write(): void {
  const path = join(root, "docs", "performance.md")
  mkdirSync(join(root, "docs"), { recursive: true })
  const document = readFileSync(path, "utf8")
  const [begin, end] = ["<!-- measured -->", "<!-- /measured -->"]
  const before = document.slice(0, document.indexOf(begin) + begin.length)
  writeFileSync(path, `${before}\n\n${text}\n\n${document.slice(document.indexOf(end))}`)
  writeFileSync(join(root, "docs", "performance.json"), `${JSON.stringify(results, null, 2)}\n`)
  if (results.commands !== undefined) writeFileSync(join(root, "docs", "performance.svg"), chart(results.commands))
}
