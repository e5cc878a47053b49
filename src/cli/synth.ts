import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CliError } from "./cliError.ts"

/** What the template depends on. */
const inputs = [
  "src/core",
  "src/contexts",
  "src/adapters",
  "src/lambdas",
  "src/model",
  "resolvers",
  "infra",
  "schema.graphql",
  "cdk.json",
  "package-lock.json",
]

/** Makes `cdk.out` current: synthesizes when any input has changed since the last time. Returns its path. Throws CliError with the synth's own words. */
export async function synthesize(root: string, print: (line: string) => void): Promise<string> {
  const folder = join(root, "cdk.out")
  const stamp = join(root, ".foldline", "synth.sha256")
  const wanted = hashOf(root)
  if (existsSync(join(folder, "manifest.json")) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted)
    return folder
  print("synthesizing the template …")
  rmSync(folder, { recursive: true, force: true })
  await runSynth(root, folder)
  mkdirSync(join(root, ".foldline"), { recursive: true })
  writeFileSync(stamp, wanted)
  return folder
}

function runSynth(root: string, folder: string): Promise<void> {
  const { app, context = {} } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")) as {
    app: string
    context?: object
  }
  const [command = "node", ...args] = app.split(" ")
  const child = spawn(command === "node" ? process.execPath : command, args, {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ["ignore", "ignore", "pipe"],
  })
  let words = ""
  child.stderr.on("data", chunk => {
    words += chunk
  })
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("exit", code => (code === 0 ? resolve() : reject(new CliError(`the synth failed:\n${words.trim()}`))))
  })
}

function hashOf(root: string): string {
  const hash = createHash("sha256")
  for (const path of inputs.flatMap(input => filesIn(join(root, input)))) hash.update(path).update(readFileSync(path))
  return hash.digest("hex")
}

function filesIn(path: string): readonly string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => filesIn(join(path, entry.name)))
}
