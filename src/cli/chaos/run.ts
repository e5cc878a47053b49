import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { app } from "../../contexts/index.ts"
import { type Outside, startOutside } from "../outside.ts"
import { connectServices } from "../services.ts"
import { checkAll } from "./check/check.ts"
import type { Finding } from "./check/finding.ts"
import { draw } from "./draw.ts"
import { type HostProcess, type Injected, startHostProcess } from "./hostProcess.ts"
import { type CellIndex, type Evidence, lookInto } from "./look.ts"
import { demoUsers, type Name, names, type Person, signIn } from "./people.ts"
import { poison } from "./poison.ts"
import { outcomeOf, type Sent, send } from "./send.ts"
import { type Ask, bulk, opening, poisonedStream } from "./story.ts"
import { tapBus } from "./tap.ts"

export interface ChaosOptions {
  readonly seed: number
  /** Commands besides the ones that open the accounts. */
  readonly commands: number
  /** A cdk.out folder. */
  readonly template: string
}

/** What one seed showed. */
export interface SeedReport {
  readonly seed: number
  readonly commands: number
  /** How often each kind of fault was injected: `hop kind` → times. */
  readonly injected: Readonly<Record<string, number>>
  /** How commands ended, and what clients were told. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
  readonly seconds: number
  /** Where the data of a failed run was left. */
  readonly dataFolder?: string
}

/** A minute until AWS's retry becomes 0.6 s; the six hours that an event may wait stay well above a run's length. */
const speed = 100
const atOnceMax = 5
const settledWithinMs = 300_000
/** The slowest thing that still may come is the caretaker's hour. */
const stillForMs = 45_000
const looksApartMs = 2_000
/** The cell is not reliable either. */
const cellFailsEvery = 5
const root = process.env.FOLDLINE_ROOT ?? process.cwd()
const clockJumpMaxMs = 10 * 60_000

/** Runs one seed: commands under faults, a SIGKILL in the middle, and the checks when everything has come to rest. */
export async function runSeed({ seed, commands, template }: ChaosOptions): Promise<SeedReport> {
  const startedAt = Date.now()
  const dataFolder = mkdtempSync(join(tmpdir(), `foldline-chaos-${seed}-`))
  const [host, outside] = await Promise.all([
    startHostProcess({ seed, template, dataFolder, port: 0, speed, demoUsers }),
    startOutside(root, 0, undefined, cellFailsEvery),
  ])
  const own: Injected[] = []
  let failed = true
  try {
    await connectServices({ url: host.local.endpointUrl, local: host.local }, outside.services)
    const tap = await tapBus(host.local)
    const people = new Map<Name, Person>()
    for (const name of names) people.set(name, await signIn(host.local, name))
    const sent: Sent[] = []
    await sendOpening(people, opening(seed), sent)
    const poisoned = [await poison(host.local, poisonedStream(seed))]
    own.push({ hop: "store", kind: "event that nobody can fold", messageId: poisonedStream(seed), attempt: 1 })
    await sendBulk(people, host, { seed, asks: bulk(seed, commands), sent, own })
    const faults = () => [...host.faults(), ...own]
    const cell = () => indexesAt(outside)
    const look = lookInto(host.local, tap, { sent, faults, poisoned, now: host.now, cell })
    const { evidence, findings } = await settle(look)
    failed = !isClean(findings)
    return {
      seed,
      commands: sent.length,
      injected: countsOf(evidence.faults.map(({ hop, kind }) => `${hop} ${kind}`)),
      outcomes: countsOf(endsOf(evidence)),
      findings,
      seconds: (Date.now() - startedAt) / 1000,
      ...(failed ? { dataFolder } : {}),
    }
  } finally {
    await host.stop()
    await outside.stop()
    if (!failed) rmSync(dataFolder, { recursive: true, force: true })
  }
}

/** What the cell runs. */
async function indexesAt({ services: { cell } }: Outside): Promise<readonly CellIndex[]> {
  if (cell === undefined) return []
  const answer = await fetch(`${cell.url}/accounts`, { headers: { authorization: `Bearer ${cell.key}` } })
  return ((await answer.json()) as { indexes: readonly CellIndex[] }).indexes
}

/** The stories of the accounts side by side, each in order, each command awaited. */
async function sendOpening(people: ReadonlyMap<Name, Person>, asks: readonly Ask[], sent: Sent[]) {
  const accounts = [...new Set(asks.map(({ by }) => by))]
  await Promise.all(
    accounts.map(async by => {
      for (const ask of asks.filter(one => one.by === by)) {
        const one = await send(people, ask)
        sent.push(one)
        await outcomeOf(people, one)
      }
    }),
  )
}

interface Bulk {
  readonly seed: number
  readonly asks: readonly Ask[]
  readonly sent: Sent[]
  readonly own: Injected[]
}

/** Sends commands side by side; kills the host and moves its clock at points that the seed draws. */
async function sendBulk(people: ReadonlyMap<Name, Person>, host: HostProcess, { seed, asks, sent, own }: Bulk) {
  const killAt = Math.floor(asks.length * (0.2 + 0.6 * draw(seed, "SIGKILL")))
  const jumpAt = Math.floor(asks.length * draw(seed, "clock jump"))
  const jumpMs = Math.ceil(clockJumpMaxMs * draw(seed, "clock jump by"))
  let restart: Promise<void> | undefined
  let next = 0
  const work = async () => {
    for (let at = next++; at < asks.length; at = next++) {
      if (at === killAt) {
        own.push({ hop: "host", kind: "SIGKILL", messageId: "host", attempt: 1 })
        restart = host.killAndRestart()
      }
      if (at === jumpAt) {
        own.push({ hop: "host", kind: "clock jump", messageId: "host", attempt: 1 })
        await host.jump(jumpMs).catch(() => {})
      }
      const ask = asks[at]
      if (ask !== undefined) sent.push(await send(people, ask, host.now))
    }
  }
  await Promise.all(Array.from({ length: atOnceMax }, work))
  await restart
}

/** Looks until everything holds and nothing moves any more; gives up when the time is up, or when nothing has moved for long. */
async function settle(look: () => Promise<Evidence>): Promise<{ evidence: Evidence; findings: readonly Finding[] }> {
  const startedAt = Date.now()
  let movedAt = startedAt
  let before = ""
  for (;;) {
    const evidence = await look()
    const findings = checkAll(app, evidence)
    const size = sizeOf(evidence)
    const now = Date.now()
    if (size !== before) movedAt = now
    if ((isClean(findings) && size === before) || now - movedAt > stillForMs || now - startedAt > settledWithinMs)
      return { evidence, findings }
    before = size
    await sleep(looksApartMs)
  }
}

const isClean = (findings: readonly Finding[]) => findings.every(({ violations }) => violations.length === 0)

const sizeOf = ({ eventStore, idempotencyStore, outbox, viewStore, traceTable, bus, mails, faults }: Evidence) =>
  [eventStore, idempotencyStore, outbox, viewStore, traceTable, bus, mails, faults].map(all => all.length).join()

function endsOf({ sent, traceTable }: Evidence): readonly string[] {
  const told = sent.flatMap(({ answers }) => answers.map(answer => `client: ${answer}`))
  const ended = traceTable
    .filter(({ id }) => String(id).startsWith("receipt/"))
    .map(({ status }) => `receipt: ${status}`)
  return [...told, ...ended]
}

/** How often each text occurs, by name. */
export function countsOf(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of [...texts].sort()) counts[text] = (counts[text] ?? 0) + 1
  return counts
}
