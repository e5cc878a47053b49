import { randomUUID } from "node:crypto"
import { rmSync } from "node:fs"
import { startDynoxide } from "../src/host/dynamodb/dynoxide.ts"
import { castoreEngine } from "./engines/castore.ts"
import type { Engine } from "./engines/engine.ts"
import { foldlineEngine } from "./engines/foldline.ts"
import { load, medianRate, type Rate } from "./load.ts"
import type { Bench } from "./report.ts"
import { scratchFolder } from "./scratch.ts"

/** One cell of the comparison; `rate` is undefined where the engine cannot run it. */
export interface Cell {
  readonly engine: string
  /** Earlier events of each account. */
  readonly history: number
  readonly workers: number
  readonly rate: Rate | undefined
}

const histories = [0, 10, 100, 1_000, 10_000]
const concurrencies = [1, 8, 32]
/** How many accounts there are with a history: few where seeding is long; more workers than accounts are left out. */
const accountsWith = (history: number) => (history >= 10_000 ? 2 : history >= 1_000 ? 8 : 64)

/** The same commands on every engine, in turns, so that what disturbs one disturbs all. */
export async function commandPath({ quick, tell }: Bench): Promise<readonly Cell[]> {
  const folder = scratchFolder()
  const dynoxide = await startDynoxide(folder, tell)
  const engines: Engine[] = []
  try {
    engines.push(await foldlineEngine(dynoxide.url), await castoreEngine(dynoxide.url))
    const { emmettEngine } = await import("./engines/emmett.ts")
    await emmettEngine(folder).then(
      engine => engines.push(engine),
      (error: Error) => tell(`Emmett on SQLite is left out: ${error.message}`),
    )
    const cells: Cell[] = []
    for (const history of quick ? [0, 10, 1_000] : histories)
      for (const [engine, workers, rate] of await measure(engines, history, quick, tell))
        cells.push({ engine, history, workers, rate })
    return cells
  } finally {
    for (const engine of engines) await engine.close()
    await dynoxide.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(
  engines: readonly Engine[],
  history: number,
  quick: boolean,
  tell: (line: string) => void,
): Promise<readonly [string, number, Rate | undefined][]> {
  const accounts = Array.from({ length: accountsWith(history) }, () => randomUUID())
  const able = engines.filter(({ historyMax }) => history <= historyMax)
  tell(`command path, ${history} earlier events: seeding`)
  if (history > 0) for (const engine of able) await engine.seed(accounts.slice(0, engine.accountsMax), history)
  const cells: [string, number, Rate | undefined][] = []
  for (const workers of quick ? [1, 8] : concurrencies) {
    if (workers > accounts.length) continue
    const rates = new Map<Engine, Rate[]>()
    for (let round = 1; round <= (quick ? 1 : 3); round++)
      for (const engine of able.filter(({ workersMax }) => workers <= workersMax)) {
        tell(`command path, ${history} earlier events, ${workers} at once, round ${round}: ${engine.name}`)
        const own = accountsOf(accounts.slice(0, engine.accountsMax), workers)
        const rate = await load(workers, quick ? 0.5 : 1.5, (worker, turn) =>
          history === 0 ? engine.open(randomUUID()) : engine.deposit(own(worker, turn)),
        )
        rates.set(engine, [...(rates.get(engine) ?? []), rate])
      }
    for (const engine of engines) {
      const found = rates.get(engine)
      cells.push([engine.name, workers, found === undefined ? undefined : medianRate(found)])
    }
  }
  return cells
}

/** Each worker has accounts of its own: nobody is in anybody's way. */
const accountsOf = (accounts: readonly string[], workers: number) => (worker: number, turn: number) =>
  accounts[worker + workers * (turn % Math.floor(accounts.length / workers))] ?? ""
