import { type ChildProcess, fork } from "node:child_process"
import { randomUUID } from "node:crypto"
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Ask, askAs, tokenOf } from "../src/cli/api.ts"
import type { Count } from "../src/cli/cost/tally.ts"
import { type Subscriber, subscriber } from "../src/cli/subscriber.ts"
import { synthesize } from "../src/cli/synth.ts"
import { startDynoxide } from "../src/host/dynamodb/dynoxide.ts"
import type { RunningHost } from "../src/host/options.ts"
import { scratchFolder } from "./scratch.ts"

export interface HostSettings {
  readonly root: string
  /** A cdk.out folder. */
  readonly template: string
}

/** What the host process has used since it was asked the last time; memory as it is after a collection. */
export interface Used {
  readonly counts: readonly Count[]
  readonly cpuMs: number
  readonly rssMb: number
  readonly heapMb: number
}

/** The local host on the synthesized app in a process of its own, on a dynoxide that the benchmark reaches too. */
export interface Host {
  readonly local: RunningHost["local"]
  readonly dynoxideUrl: string
  /** Asks as the owner of what the benchmark makes. */
  readonly ask: Ask
  readonly askSupport: Ask
  /** Id of the owner, as the stores know it. */
  readonly ownerId: string
  watch(): Promise<Subscriber>
  /** Opens an account and waits until a query shows it; gives its id. */
  openAccount(): Promise<string>
  /** Physical name of a resource by its logical id. */
  named(logicalId: string): string
  /** Logical id of a resource by its physical name. */
  logicalId(name: string): string
  /** What was used since the last time; with `quietMs` only once nothing was counted for so long. */
  used(quietMs?: number): Promise<Used>
  /** CPU milliseconds of dynoxide since its start; undefined where the system does not tell. */
  dynoxideCpuMs(): number | undefined
  stop(): Promise<void>
}

export const root = fileURLToPath(new URL("..", import.meta.url))
const patienceMs = 30_000
const ticksPerSecond = 100

/** Starts a fresh host, with `filled` on a database in memory, its functions warm, with the stand-ins of the services outside. */
export async function openHost(tell: (line: string) => void, filled = false): Promise<Host> {
  const template = await synthesize(root, tell)
  const folder = scratchFolder(filled)
  const dynoxide = await startDynoxide(folder, tell)
  tell("starting the host and its functions")
  const child = fork(
    fileURLToPath(new URL("./hostProgram.ts", import.meta.url)),
    [JSON.stringify({ root, template })],
    {
      execArgv: ["--import", "tsx", "--expose-gc"],
      env: { ...process.env, DYNAMODB_ENDPOINT: dynoxide.url },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  )
  const stop = async () => {
    if (child.connected) {
      const ended = new Promise(resolve => child.once("exit", resolve))
      child.disconnect()
      await ended
    }
    await dynoxide.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { local } = await answerOf<{ local: RunningHost["local"] }>(child)
    const token = await tokenOfUser(local, "owner")
    const ask = askAs(token, local)
    const pid = readFileSync(join(folder, "dynamodb.pid"), "utf8")
    return {
      local,
      dynoxideUrl: dynoxide.url,
      ask,
      askSupport: askAs(await tokenOfUser(local, "support"), local),
      ownerId: JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sub,
      watch: () => subscriber(local, token),
      openAccount: () => openAccount(ask),
      named: logicalId => {
        const found = Object.entries(local.resources).find(([path]) => path.endsWith(`.${logicalId}`))
        if (found === undefined) throw new Error(`the template has no ${logicalId}`)
        return found[1]
      },
      logicalId: name => {
        const [path] = Object.entries(local.resources).find(([, ref]) => ref === name) ?? [name]
        return path.slice(path.indexOf(".") + 1)
      },
      used: async quietMs => {
        const answer = answerOf<{ used: Used }>(child)
        child.send({ ...(quietMs === undefined ? {} : { quietMs }) })
        return (await answer).used
      },
      dynoxideCpuMs: () => cpuMsOf(pid),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const answerOf = <Answer>(child: ChildProcess): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the host ended with ${code}`))
    child.once("exit", ended)
    child.once("message", message => {
      child.off("exit", ended)
      resolve(message as Answer)
    })
  })

async function tokenOfUser(local: RunningHost["local"], name: string): Promise<string> {
  const user = local.users.find(({ email }) => email.startsWith(name))
  if (user === undefined) throw new Error(`the benchmark needs the demo user ${name}`)
  return tokenOf(user.email, user.password, local)
}

/** Linux tells; elsewhere it stays unknown. Fields 14 and 15 are user and system ticks. */
function cpuMsOf(pid: string): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid.trim()}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
  } catch {
    return undefined
  }
}

async function openAccount(ask: Ask): Promise<string> {
  const accountId = randomUUID()
  await ask("mutation ($input: OpenAccountInput!) { openAccount(input: $input) { status } }", {
    input: { accountId, name: "An account", slug: `b-${accountId.slice(0, 13)}`, commandId: randomUUID() },
  })
  for (const started = performance.now(); performance.now() - started < patienceMs; ) {
    const { account } = await ask<{ account: object | null }>("query ($id: ID!) { account(accountId: $id) { name } }", {
      id: accountId,
    }).catch(() => ({ account: null }))
    if (account !== null) return accountId
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`account ${accountId} was not visible after ${patienceMs} ms`)
}
