import { randomUUID } from "node:crypto"
import { type Step, stepsOf } from "../src/cli/trace.ts"
import { streamOf } from "../src/core/stream.ts"
import { createBackend } from "../src/host/dynamodb/backend.ts"
import { type BoosterRate, boosterRates } from "./booster.ts"
import { fill } from "./fill.ts"
import type { Host, Used } from "./host.ts"
import { load, medianRate, quantile, type Rate } from "./load.ts"
import { filledTables, type Renamed, renames } from "./renames.ts"
import type { Bench } from "./report.ts"

/** Milliseconds from the start of the request. */
export interface Stage {
  readonly name: string
  readonly p50: number
  readonly p99: number
  readonly samples: number
}

/** CPU milliseconds of one command. */
export interface CpuShare {
  readonly of: string
  readonly ms: number
}

export interface WholePath {
  /** Mutation until its row is visible to a query, in closed loops. */
  readonly loops: readonly { readonly history: number; readonly workers: number; readonly rate: Rate }[]
  /** At a steady rate of `perSecond` commands, all watched by one subscriber. */
  readonly steady: {
    readonly perSecond: number
    /** How many a second were really sent. */
    readonly sentPerSecond: number
    readonly commands: number
    readonly stages: readonly Stage[]
    readonly cpu: readonly CpuShare[]
  }
  /** Booster's local provider in the same run, or why not. */
  readonly booster: readonly BoosterRate[] | string
}

/** No worker shares an account with another. */
const accountCount = 32
const histories = [10, 1_000]
/** At once, where it is compared. */
const workersBesides = 8
const steadyPerSecond = 50
/** Of so many commands one is followed in the stores and in its trace. */
const followedEach = 5
const committedPollMs = 3
const patienceMs = 20_000
const effectsMs = 2_000

/** Commands through the public API of a host. */
export async function wholePath(host: Host, { quick, tell }: Bench): Promise<WholePath> {
  const loops: WholePath["loops"][number][] = []
  const versions = new Map<string, number>()
  const rename = renames(host, versions)
  const accounts: string[] = []
  for (const history of histories) {
    const isFirst = history === histories[0]
    const count = isFirst ? accountCount : workersBesides
    tell(`writing ${count} accounts with ${history} earlier events`)
    const ids = Array.from({ length: count }, () => randomUUID())
    const tables = filledTables(host)
    await fill(
      tables.client,
      tables,
      ids.map(id => ({ id, ownerId: host.ownerId, events: history, members: 0 })),
    )
    tables.client.destroy()
    for (const id of ids) versions.set(id, history)
    if (isFirst) accounts.push(...ids)
    for (const workers of isFirst && !quick ? [1, workersBesides, accountCount] : [workersBesides]) {
      const rates: Rate[] = []
      for (let round = 1; round <= (quick ? 1 : 3); round++) {
        tell(`${history} earlier events, ${workers} at once, round ${round}`)
        rates.push(await load(workers, quick ? 2 : 4, worker => rename.toVisible(ids[worker] ?? "")))
      }
      loops.push({ history, workers, rate: medianRate(rates) })
    }
  }
  tell(`${steadyPerSecond} commands a second`)
  const steadyFound = await steady(host, accounts, rename.toVisible, quick ? 3 : 10)
  return { loops, steady: steadyFound, booster: await boosterRates(quick, tell) }
}

async function steady(
  host: Host,
  accounts: readonly string[],
  rename: (id: string) => Promise<Renamed>,
  seconds: number,
): Promise<WholePath["steady"]> {
  const pushedAt = await pushes(host, accounts)
  const backend = createBackend(host.dynoxideUrl)
  await host.used(effectsMs)
  const before = { client: process.cpuUsage(), dynoxide: host.dynoxideCpuMs() }
  const commands = steadyPerSecond * seconds
  const running: Promise<Renamed & { id: string }>[] = []
  const committed: Promise<number>[] = []
  const busy = new Map<string, Promise<Renamed>>()
  const started = performance.now()
  for (let sent = 0; sent < commands; sent++) {
    const due = started + (sent * 1000) / steadyPerSecond
    await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())))
    const id = accounts[sent % accounts.length] ?? ""
    const earlier = busy.get(id)
    const command = Promise.resolve(earlier).then(async last => {
      if (sent % followedEach === 0 && last !== undefined)
        committed.push(untilCommitted(backend, host.named("EventStore"), id, last.version + 1))
      return rename(id)
    })
    busy.set(id, command)
    running.push(command.then(done => ({ ...done, id })))
  }
  const sentPerSecond = commands / ((performance.now() - started) / 1000)
  const took = await Promise.all(running)
  const used = await host.used(effectsMs)
  const cpu = sharesOf(host, used, before, commands)
  const pushed = took.flatMap(({ id, version, startedAt }) => {
    const at = pushedAt.get(`${id} ${version}`)
    return at === undefined ? [] : [at - startedAt]
  })
  const followed = took.filter((_, index) => index % followedEach === 0)
  const traces = await Promise.all(
    followed.map(async ({ traceId, startedAt }) => ({ startedAt, steps: await stepsOf(host.askSupport, traceId) })),
  )
  const stepAt = (kind: string) =>
    traces.flatMap(({ startedAt, steps }) => {
      const at = last(steps.filter(step => step.kind === kind))
      return at === undefined ? [] : [at - startedAt]
    })
  const stages: readonly (readonly [string, readonly number[]])[] = [
    ["accepted: the receipt is answered", took.map(({ accepted }) => accepted)],
    ["decided: the commit begins", stepAt("event")],
    ["committed: the event is in the store", await Promise.all(committed)],
    ["projected: the rows are written", stepAt("view")],
    ["projection over several aggregates written", stepAt("projection")],
    ["visible to a query", took.map(({ visible }) => visible)],
    ["pushed to a subscriber", pushed],
  ]
  await backend.close()
  return {
    perSecond: steadyPerSecond,
    sentPerSecond,
    commands,
    stages: stages.map(([name, values]) => ({
      name,
      p50: quantile(values, 0.5),
      p99: quantile(values, 0.99),
      samples: values.length,
    })),
    cpu,
  }
}

const last = (steps: readonly Step[]): number | undefined => {
  const times = steps.map(({ at }) => Date.parse(at))
  return times.length === 0 ? undefined : Math.max(...times)
}

/** Times at which notices of accounts arrived, by account and version. */
async function pushes(host: Host, accounts: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const heard = new Map<string, number>()
  const watching = await host.watch()
  for (const id of accounts)
    await watching.subscribe(
      "onAccountChanged",
      "subscription ($id: ID!) { onAccountChanged(accountId: $id) { view key version } }",
      { id },
      value => {
        const { version } = value as { version: number }
        heard.set(`${id} ${version}`, Date.now())
      },
    )
  return heard
}

/** Milliseconds until an event is in the store. Throws when it does not come. */
async function untilCommitted(
  backend: ReturnType<typeof createBackend>,
  table: string,
  id: string,
  version: number,
): Promise<number> {
  const started = performance.now()
  const Key = { stream: { S: streamOf({ tenant: id, aggregate: "account", id }) }, version: { N: String(version) } }
  while (performance.now() - started < patienceMs) {
    const { Item } = await backend.call("GetItem", { TableName: table, Key, ProjectionExpression: "version" })
    if (Item !== undefined) return performance.now() - started
    await new Promise(resolve => setTimeout(resolve, committedPollMs))
  }
  throw new Error(`version ${version} of ${id} was not committed after ${patienceMs} ms`)
}

/** CPU of the functions by name, of the host around them, of dynoxide and of this client, for one command. */
function sharesOf(
  host: Host,
  { counts, cpuMs }: Used,
  before: { client: NodeJS.CpuUsage; dynoxide: number | undefined },
  commands: number,
): readonly CpuShare[] {
  const functions = counts
    .filter(({ metered }) => metered === "lambda.cpuMs")
    .map(({ of, amount }) => ({ of: host.logicalId(of).replace(/Function[0-9A-F]{8}$/, ""), ms: amount / commands }))
    .sort((a, b) => b.ms - a.ms)
  const inFunctions = functions.reduce((sum, { ms }) => sum + ms, 0)
  const dynoxide = host.dynoxideCpuMs()
  const { user, system } = process.cpuUsage(before.client)
  return [
    ...functions.filter(({ ms }) => ms >= 0.005),
    {
      of: "the host itself: API, resolvers, bus, streams, queues, environments that it starts",
      ms: cpuMs / commands - inFunctions,
    },
    ...(dynoxide === undefined || before.dynoxide === undefined
      ? []
      : [{ of: "dynoxide", ms: (dynoxide - before.dynoxide) / commands }]),
    { of: "the client, its queries included", ms: (user + system) / 1000 / commands },
  ]
}
