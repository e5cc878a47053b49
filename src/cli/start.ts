import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startHost } from "../host/start.ts"
import { CliError } from "./cliError.ts"
import { buildConsole, consoleFolder } from "./console.ts"
import { synthesize } from "./synth.ts"

interface StartFlags {
  readonly port?: string
  readonly fresh?: boolean
  readonly template?: string
  readonly parameter?: readonly string[]
  readonly speed: string
  readonly strict?: boolean
}

const defaultPort = 4000
const root = process.env.FOLDLINE_ROOT ?? process.cwd()
const print = (line: string) => console.log(line)

/** Runs this app, or another one's template, until Ctrl-C. */
export async function start(flags: StartFlags): Promise<void> {
  const template = flags.template ?? (await synthesize(root, print))
  const dataFolder = join(root, ".foldline", flags.template === undefined ? "data" : "other")
  const running = await startHost({
    template,
    port: numberOf(flags.port ?? process.env.PORT, "port", defaultPort),
    ...(flags.fresh ? {} : { dataFolder }),
    speed: numberOf(flags.speed, "speed", 1),
    demoUsers: demoUsers(),
    parameters: Object.fromEntries(
      (flags.parameter ?? []).map(pair => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    ),
    strict: flags.strict ?? false,
    consoleFolder: consoleFolder(root),
    print,
  })
  mkdirSync(join(root, ".foldline"), { recursive: true })
  writeFileSync(join(root, ".foldline", "local.json"), `${JSON.stringify(running.local, null, 2)}\n`)

  for (const { email, password, groups } of running.local.users)
    print(`  ${email.padEnd(24)} ${password}  ${groups.join(", ")}`)
  print(
    `ready ${running.url}  graphql ${running.local.graphqlUrl}  graphiql ${running.url}/graphiql  mail ${running.url}/mail`,
  )
  if (flags.template === undefined && existsSync(join(root, "console", "package.json")))
    buildConsole(root, print).then(
      isNew => isNew && print(`console ${running.url}`),
      (error: Error) => print(error.message),
    )

  const stop = () => running.stop().then(() => process.exit(0))
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
}

function numberOf(text: string | undefined, name: string, fallback: number): number {
  const value = text === undefined || text === "" ? fallback : Number(text)
  if (!Number.isFinite(value) || value < 0) throw new CliError(`${name} must be a number, not ${text}`)
  return value
}

function demoUsers(): { email: string; password: string; groups: string[] }[] {
  const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")) as { context?: Record<string, unknown> }
  return (context?.["foldline:demoUsers"] ?? []) as { email: string; password: string; groups: string[] }[]
}
