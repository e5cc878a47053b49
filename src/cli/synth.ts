import { spawn } from "node:child_process"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CliError } from "./cliError.ts"
import { fingerprint } from "./fingerprint.ts"
import { inTurn } from "./inTurn.ts"

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

/** What a local host tells the template: it serves the console itself. */
export const localParameters = { ConsoleHosting: "none" }

/** Makes `cdk.out` current: synthesizes when any input has changed since the last time. Returns its path. Throws CliError with the synth's own words. */
export async function synthesize(root: string, print: (line: string) => void): Promise<string> {
  const folder = join(root, "cdk.out")
  const stamp = join(root, ".foldline", "synth.sha256")
  const wanted = fingerprint(inputs.map(input => join(root, input)))
  const isCurrent = () =>
    existsSync(join(folder, "manifest.json")) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted
  await inTurn(join(root, ".foldline", "synth"), isCurrent, async () => {
    print("synthesizing the template …")
    rmSync(folder, { recursive: true, force: true })
    await runSynth(root, folder)
    writeFileSync(stamp, wanted)
  })
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
