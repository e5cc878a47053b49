import { randomUUID } from "node:crypto"
import { rmSync } from "node:fs"
import { startDynoxide } from "../src/host/dynamodb/dynoxide.ts"
import { foldlineEngine } from "./engines/foldline.ts"
import { fill } from "./fill.ts"
import { openHost } from "./host.ts"
import { filledTables, renames } from "./renames.ts"
import type { Bench } from "./report.ts"
import { scratchFolder } from "./scratch.ts"
import { ownMemory, type Sample, type Trend, trendOf } from "./trend.ts"

/** Memory over many commands: of the handler with its adapters, and of the host process, functions included, on the whole path. */
export interface Memory {
  readonly handler: Trend & { readonly seconds: number }
  readonly path: Trend & { readonly seconds: number }
}

const handlerCommands = 100_000
const handlerSecondsMax = 170
const pathSeconds = 120
const workers = 8
const samplesEach = 24

/** Commands in closed loops, eight at once; the memory is looked at after a collection, some two dozen times. */
export async function memory(bench: Bench): Promise<Memory> {
  return { handler: await ofHandler(bench), path: await ofPath(bench) }
}

/** What bounds a loop: so many commands, or so many seconds, whichever comes first. */
interface Bound {
  readonly commands: number
  readonly seconds: number
}

async function sampled(
  { commands, seconds }: Bound,
  command: (worker: number) => Promise<unknown>,
  sample: (done: number) => Promise<Sample>,
  tell: (line: string) => void,
): Promise<Trend & { readonly seconds: number }> {
  const samples: Sample[] = []
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  let done = 0
  const share = () => Math.max(done / commands, elapsed() / seconds)
  const loop = async (worker: number, until: number) => {
    while (share() < until && done < commands) {
      await command(worker)
      done++
    }
  }
  for (let part = 1; part <= samplesEach; part++) {
    await Promise.all(Array.from({ length: workers }, (_, worker) => loop(worker, part / samplesEach)))
    samples.push(await sample(done))
    if (part % 6 === 0) tell(`${done.toLocaleString("en")} commands, ${Math.round(samples.at(-1)?.rssMb ?? 0)} MB`)
  }
  return { ...trendOf(samples), seconds: elapsed() }
}

async function ofHandler({ quick, tell }: Bench): Promise<Memory["handler"]> {
  const folder = scratchFolder()
  const dynoxide = await startDynoxide(folder, tell)
  const engine = await foldlineEngine(dynoxide.url)
  try {
    const accounts = Array.from({ length: workers * 8 }, () => randomUUID())
    await engine.seed(accounts, 10)
    let turn = 0
    const command = (worker: number) => engine.deposit(accounts[worker + workers * (turn++ % 8)] ?? "")
    tell("the command handler")
    const bound = quick ? { commands: 2_000, seconds: 10 } : { commands: handlerCommands, seconds: handlerSecondsMax }
    return await sampled(bound, command, async done => ownMemory(done), tell)
  } finally {
    await engine.close()
    await dynoxide.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ofPath({ quick, commands, tell }: Bench): Promise<Memory["path"]> {
  const host = await openHost(tell)
  try {
    const accounts = Array.from({ length: workers }, () => ({
      id: randomUUID(),
      ownerId: host.ownerId,
      events: 10,
      members: 0,
    }))
    const tables = filledTables(host)
    await fill(tables.client, tables, accounts)
    const rename = renames(host, new Map(accounts.map(({ id, events }) => [id, events])))
    const bound = {
      commands: commands ?? Number.POSITIVE_INFINITY,
      seconds: commands !== undefined ? Number.POSITIVE_INFINITY : quick ? 15 : pathSeconds,
    }
    tell("the whole path")
    const sample = async (done: number) => {
      const { rssMb, heapMb } = await host.used()
      return { done, rssMb, heapMb }
    }
    return await sampled(bound, worker => rename.toVisible(accounts[worker]?.id ?? ""), sample, tell)
  } finally {
    await host.stop()
  }
}
