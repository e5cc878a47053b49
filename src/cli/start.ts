import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { HostOptions, RunningHost } from "../host/options.ts"
import { startHost } from "../host/start.ts"
import { CliError } from "./cliError.ts"
import { buildConsole, consoleFolder } from "./console.ts"
import { type Outside, startOutside } from "./outside.ts"
import { connectServices } from "./services.ts"
import { localParameters, synthesize } from "./synth.ts"

interface StartFlags {
  readonly port?: string
  readonly fresh?: boolean
  readonly template?: string
  readonly parameter?: readonly string[]
  readonly speed: string
  readonly strict?: boolean
}

const defaultPort = 4000
/** So many functions are loaded before anybody asks. */
const functionsWarmMax = 10
const root = process.env.FOLDLINE_ROOT ?? process.cwd()
const print = (line: string) => console.log(line)

/** Runs this app, or another one's template, until Ctrl-C. */
export async function start(flags: StartFlags): Promise<void> {
  const ending = new AbortController()
  let starting: Promise<RunningHost> | undefined
  let outside: Promise<Outside | undefined> | undefined
  endOnSignal(async () => {
    ending.abort()
    const running = await starting?.catch(() => undefined)
    await running?.stop()
    await (await outside?.catch(() => undefined))?.stop()
  })

  outside = startStandIns(flags)
  outside.catch(() => undefined)
  const template = flags.template ?? (await synthesize(root, print))
  starting = startHost(optionsOf(flags, template))
  const running = await starting.catch(async error => {
    await (await outside)?.stop()
    throw error
  })
  const services = (await outside)?.services
  if (services !== undefined) await connectServices(running, services)
  tellClients(running)

  await running.host.lambda.warm?.(functionsWarmMax)
  if (flags.template === undefined && existsSync(join(root, "console", "package.json")))
    buildConsole(root, print, ending.signal).then(
      isNew => isNew && print(`console ${running.url}`),
      (error: Error) => ending.signal.aborted || print(error.message),
    )
}

const portOf = (flags: StartFlags) => numberOf(flags.port ?? process.env.PORT, "port", defaultPort)

/** This app's services outside have stand-ins; another app's are its own business. */
const startStandIns = async (flags: StartFlags): Promise<Outside | undefined> =>
  flags.template !== undefined || !existsSync(join(root, "outside", "main.ts"))
    ? undefined
    : startOutside(root, portOf(flags), flags.fresh ? undefined : join(root, ".foldline", "outside"))

function optionsOf(flags: StartFlags, template: string): HostOptions {
  const dataFolder = join(root, ".foldline", flags.template === undefined ? "data" : "other")
  return {
    template,
    port: portOf(flags),
    ...(flags.fresh ? {} : { dataFolder }),
    speed: numberOf(flags.speed, "speed", 1),
    demoUsers: demoUsers(),
    parameters: {
      ...(flags.template === undefined ? localParameters : {}),
      ...Object.fromEntries(
        (flags.parameter ?? []).map(pair => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
      ),
    },
    strict: flags.strict ?? false,
    consoleFolder: consoleFolder(root),
    print,
  }
}

/** Writes `.foldline/local.json`, then says `ready`. */
function tellClients({ local, url }: RunningHost): void {
  mkdirSync(join(root, ".foldline"), { recursive: true })
  writeFileSync(join(root, ".foldline", "local.json"), `${JSON.stringify(local, null, 2)}\n`)
  for (const { email, password, groups } of local.users)
    print(`  ${email.padEnd(24)} ${password}  ${groups.join(", ")}`)
  const rest = local.restUrl === null ? "" : `  rest ${local.restUrl}`
  print(`ready ${url}  graphql ${local.graphqlUrl}${rest}  graphiql ${url}/graphiql  mail ${url}/mail`)
}

/** Ends the process at the first signal once `end` is through, at the second one at once. */
function endOnSignal(end: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void end().finally(() => process.exit(0)))
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
