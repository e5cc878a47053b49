import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { depositedData } from "./engines/engine.ts"
import { root } from "./host.ts"
import { load, medianRate, type Rate } from "./load.ts"
import { scratchFolder } from "./scratch.ts"

/** Booster's local provider: mutations over HTTP, answered once the read model is written. */
export interface BoosterRate {
  readonly history: number
  readonly workers: number
  readonly rate: Rate
}

const home = join(root, "bench", "booster")
const accountCount = 64
const workers = 8
const attemptsMax = 100

/** Measures Booster in a process of its own, installing it when it is missing; a text says why it could not be. */
export async function boosterRates(
  quick: boolean,
  tell: (line: string) => void,
): Promise<readonly BoosterRate[] | string> {
  if (!existsSync(join(home, "node_modules"))) {
    if (quick) return "a quick run does not install it"
    tell("installing Booster")
    const { status } = spawnSync("npm", ["ci", "--prefix", home, "--loglevel=error"], { stdio: ["ignore", 2, 2] })
    if (status !== 0) return "its packages could not be installed"
  }
  try {
    const rates: BoosterRate[] = []
    for (const history of [10, 1_000]) rates.push({ history, workers, rate: await measured(history, quick, tell) })
    return rates
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function measured(history: number, quick: boolean, tell: (line: string) => void): Promise<Rate> {
  const folder = scratchFolder()
  const accounts = Array.from({ length: accountCount }, () => randomUUID())
  tell(`Booster, ${history} earlier events: seeding`)
  prepare(folder, accounts, history)
  const port = await freePort()
  const child = spawn(process.execPath, ["serve.cjs", String(port)], {
    cwd: folder,
    env: { ...process.env, BOOSTER_ENV: "local" },
    stdio: ["ignore", "pipe", "ignore"],
  })
  try {
    await ready(child)
    const url = `http://127.0.0.1:${port}/graphql`
    await untilListening(() => deposit(url, accounts[0] ?? ""))
    const rates: Rate[] = []
    for (let round = 1; round <= (quick ? 1 : 3); round++) {
      tell(`Booster, ${history} earlier events, ${workers} at once, round ${round}`)
      const own = accountCount / workers
      rates.push(
        await load(workers, quick ? 2 : 4, (worker, turn) => deposit(url, accounts[worker * own + (turn % own)] ?? "")),
      )
    }
    return medianRate(rates)
  } finally {
    child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A folder as the provider wants to run in: the app, its packages, and a database with an event and a snapshot for each command. */
function prepare(folder: string, accounts: readonly string[], history: number): void {
  cpSync(join(home, "app"), join(folder, "dist"), { recursive: true })
  for (const file of ["package.json", "serve.cjs"]) copyFileSync(join(home, file), join(folder, file))
  symlinkSync(join(home, "node_modules"), join(folder, "node_modules"))
  mkdirSync(join(folder, ".booster"))
  const lines: string[] = []
  for (let version = 1; version <= history; version++)
    for (const id of accounts) {
      const at = new Date(Date.UTC(2026, 0, 5) + version).toISOString()
      const base = { superKind: "domain", entityTypeName: "Account", entityID: id, version: 1, requestID: randomUUID() }
      const snapshot = { kind: "snapshot", typeName: "Account", value: { id, balance: 100 * version } }
      lines.push(
        JSON.stringify({
          ...{ ...base, kind: "event", typeName: "Deposited", value: depositedData(id) },
          ...{ createdAt: at, _id: randomUUID() },
        }),
        JSON.stringify({
          ...{ ...base, ...snapshot, snapshottedEventCreatedAt: at },
          ...{ createdAt: at, persistedAt: at, _id: randomUUID() },
        }),
      )
    }
  writeFileSync(join(folder, ".booster", "events.json"), `${lines.join("\n")}\n`)
}

/** It says that it is ready before it listens, and reads its database with the first command. */
async function untilListening(ask: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      return await ask()
    } catch (error) {
      if (attempt === attemptsMax || !String(error).includes("fetch failed")) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
}

async function deposit(url: string, accountId: string): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation ($input: DepositInput!) { Deposit(input: $input) }",
      variables: { input: depositedData(accountId) },
    }),
  })
  const { errors } = (await response.json()) as { errors?: unknown }
  if (errors !== undefined) throw new Error(`Booster answered ${JSON.stringify(errors)}`)
}

const ready = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.stdout?.on("data", said => String(said).includes("ready") && resolve())
    child.once("exit", code => reject(new Error(`Booster ended with ${code} before it was ready`)))
  })

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no free port")),
      )
    })
  })
