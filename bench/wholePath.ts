import { randomUUID } from "node:crypto"
import type { Host } from "./host.ts"
import { load, medianRate, quantile, type Rate } from "./load.ts"
import type { Bench } from "./report.ts"

/** Milliseconds from the start of the request. */
export interface Stage {
  readonly name: string
  readonly p50: number
  readonly p99: number
}

export interface WholePath {
  /** Mutation until its row is visible to a query, in closed loops. */
  readonly loops: readonly { readonly workers: number; readonly rate: Rate }[]
  /** At a steady rate of `perSecond` commands. */
  readonly steady: { readonly perSecond: number; readonly commands: number; readonly stages: readonly Stage[] }
}

/** No worker shares an account with another. */
const accountCount = 32
const patienceMs = 10_000
/** Asking costs the host as much as the command; more often would measure the asking. */
const pollMs = 20
const steadyPerSecond = 50

/** Commands through the public API of a host with one subscriber. */
export async function wholePath(host: Host, { quick, tell }: Bench): Promise<WholePath> {
  tell("whole path: opening accounts")
  const accounts: string[] = []
  while (accounts.length < accountCount) accounts.push(await host.openAccount())
  const versions = new Map(accounts.map(id => [id, 1]))
  const loops = []
  for (const workers of quick ? [8] : [1, 8, 32]) {
    const rates: Rate[] = []
    for (let round = 1; round <= (quick ? 1 : 3); round++) {
      tell(`whole path, ${workers} at once, round ${round}`)
      rates.push(await load(workers, quick ? 2 : 5, worker => toVisible(host, accounts[worker] ?? "", versions)))
    }
    loops.push({ workers, rate: medianRate(rates) })
  }
  tell(`whole path, ${steadyPerSecond} commands a second`)
  return { loops, steady: await steady(host, accounts, versions, quick ? 3 : 10) }
}

/** One rename, and then the query that answers it: asked again until it is there. */
async function toVisible(
  host: Host,
  id: string,
  versions: Map<string, number>,
): Promise<{ accepted: number; visible: number }> {
  const version = (versions.get(id) ?? 0) + 1
  versions.set(id, version)
  const started = performance.now()
  await host.ask("mutation ($input: RenameAccountInput!) { renameAccount(input: $input) { status } }", {
    input: { accountId: id, name: `Name ${version}`, commandId: randomUUID() },
  })
  const accepted = performance.now() - started
  while (performance.now() - started < patienceMs) {
    const { account } = await host.ask<{ account: { version: number } | null }>(
      "query ($id: ID!) { account(accountId: $id) { version name } }",
      { id },
    )
    if ((account?.version ?? 0) >= version) return { accepted, visible: performance.now() - started }
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
  throw new Error(`version ${version} of ${id} was not visible after ${patienceMs} ms`)
}

async function steady(
  host: Host,
  accounts: readonly string[],
  versions: Map<string, number>,
  seconds: number,
): Promise<WholePath["steady"]> {
  const commands = steadyPerSecond * seconds
  const running: Promise<{ accepted: number; visible: number }>[] = []
  const busy = new Map<string, Promise<unknown>>()
  const started = performance.now()
  for (let sent = 0; sent < commands; sent++) {
    const due = started + (sent * 1000) / steadyPerSecond
    await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())))
    const id = accounts[sent % accounts.length] ?? ""
    const command = Promise.resolve(busy.get(id)).then(() => toVisible(host, id, versions))
    busy.set(id, command)
    running.push(command)
  }
  const took = await Promise.all(running)
  const stage = (name: string, values: readonly number[]): Stage => ({
    name,
    p50: quantile(values, 0.5),
    p99: quantile(values, 0.99),
  })
  return {
    perSecond: steadyPerSecond,
    commands,
    stages: [
      stage(
        "receipt ACCEPTED",
        took.map(({ accepted }) => accepted),
      ),
      stage(
        "row visible to a query",
        took.map(({ visible }) => visible),
      ),
    ],
  }
}
