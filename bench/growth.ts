import { randomUUID } from "node:crypto"
import { type FilledAccount, fill } from "./fill.ts"
import type { Host } from "./host.ts"
import { median } from "./load.ts"
import { filledTables, renames } from "./renames.ts"
import type { Bench } from "./report.ts"
import { slopeOf } from "./trend.ts"

/** One request while there is so much of something. */
export interface Point {
  readonly size: number
  readonly writeUnits: number
  readonly readUnits: number
  /** A command until a query shows it, or a query; the median. */
  readonly ms: number
}

/** How a request does as something grows. */
export interface Line {
  readonly grows: "accounts" | "members of the account"
  readonly request: string
  readonly points: readonly Point[]
  /** Exponents of growth, 0 is flat and 1 in proportion; of a list from a full page on; undefined with fewer than three sizes. */
  readonly slopes: { readonly units: number | undefined; readonly ms: number | undefined }
}

const questions = {
  "query: single item": "query ($id: ID!) { account(accountId: $id) { name slug status version } }",
  "query: list page": "query ($id: ID!) { members(accountId: $id) { items { personId role name } nextToken } }",
  "query: three levels":
    "query ($id: ID!) { account(accountId: $id) { name members { items { personId role } } counts { members } } }",
} as const
const command = "command: rename"
const readsList = (request: string) => request.includes("page") || request.includes("levels")
/** A list gets longer until its page is full; from then on it must not cost more. */
const fullPage = 100
const quietMs = 700
/** A size that would take longer to write on this machine is left out, and the table says how far it went. */
const fillingMsMax = 240_000
const portion = 1_000

/** Units and latency of a command and of queries while accounts, and then members of one account, get more. */
export async function growth(host: Host, { quick, tell }: Bench): Promise<readonly Line[]> {
  const tables = filledTables(host)
  const samples = quick ? { commands: 3, questions: 6 } : { commands: 12, questions: 30 }
  const filled = (members: number): FilledAccount => ({ id: randomUUID(), ownerId: host.ownerId, events: 1, members })
  const write = (accounts: readonly FilledAccount[]) => fill(tables.client, tables, accounts)

  const known = filled(1)
  await write([known])
  const versions = new Map([[known.id, 1]])
  // The first of everything is slower than the rest.
  await measured(host, known.id, versions, samples)
  const byAccounts = new Map<number, Measured>()
  let count = 1
  let fillingMs = 0
  for (const size of quick ? [10, 100, 1_000] : [100, 1_000, 10_000, 100_000]) {
    const expectedMs = (fillingMs / count) * (size - count)
    if (expectedMs > fillingMsMax) {
      tell(`${size.toLocaleString("en")} accounts would take ${Math.round(expectedMs / 1000)} s to write: left out`)
      break
    }
    const started = performance.now()
    while (count < size) {
      const more = Math.min(portion, size - count)
      await write(Array.from({ length: more }, () => ({ ...filled(0), ownerId: randomUUID() })))
      count += more
      if (count % (10 * portion) === 0 || count === size) tell(`${count.toLocaleString("en")} accounts`)
    }
    fillingMs += performance.now() - started
    byAccounts.set(size, await measured(host, known.id, versions, samples))
  }
  const byMembers = new Map<number, Measured>()
  for (const size of quick ? [1, 10, 100] : [1, 10, 100, 1_000, 10_000]) {
    const account = filled(size)
    await write([account])
    tell(`${size.toLocaleString("en")} members`)
    byMembers.set(size, await measured(host, account.id, new Map([[account.id, 1]]), samples))
  }
  tables.client.destroy()
  return [...linesOf("accounts", byAccounts), ...linesOf("members of the account", byMembers)]
}

type Measured = Readonly<Record<string, Omit<Point, "size">>>

async function measured(
  host: Host,
  id: string,
  versions: Map<string, number>,
  samples: { readonly commands: number; readonly questions: number },
): Promise<Measured> {
  const rename = renames(host, versions)
  const found: Record<string, Omit<Point, "size">> = {}
  await host.used(quietMs)
  // How long it takes is measured with queries; what it costs, without: they would be counted too.
  const took: number[] = []
  for (let time = 0; time < samples.commands; time++) took.push((await rename.toVisible(id)).visible)
  await host.used(quietMs)
  for (let time = 0; time < samples.commands; time++) await rename.only(id)
  found[command] = { ...unitsOf(await host.used(quietMs), samples.commands), ms: median(took) }
  for (const [name, question] of Object.entries(questions)) {
    const asked: number[] = []
    for (let time = 0; time < samples.questions; time++) {
      const started = performance.now()
      await host.ask(question, { id })
      asked.push(performance.now() - started)
    }
    found[name] = { ...unitsOf(await host.used(), samples.questions), ms: median(asked) }
  }
  return found
}

function unitsOf({ counts }: Awaited<ReturnType<Host["used"]>>, requests: number) {
  const sum = (wanted: string) =>
    counts.filter(({ metered }) => metered === wanted).reduce((all, { amount }) => all + amount, 0) / requests
  return { writeUnits: sum("dynamodb.writeUnit"), readUnits: sum("dynamodb.readUnit") }
}

function linesOf(grows: Line["grows"], bySize: ReadonlyMap<number, Measured>): readonly Line[] {
  return [command, ...Object.keys(questions)].map(request => {
    const points = [...bySize].flatMap(([size, found]) => {
      const point = found[request]
      return point === undefined ? [] : [{ size, ...point }]
    })
    const full = grows === "accounts" || !readsList(request) ? points : points.filter(({ size }) => size >= fullPage)
    const slope = (value: (point: Point) => number) =>
      slopeOf(full.map(point => [Math.log10(point.size), Math.log10(Math.max(value(point), 1e-3))]))
    return {
      grows,
      request,
      points,
      slopes: { units: slope(point => dollars(point)), ms: slope(({ ms }) => ms) },
    }
  })
}

/** What units cost, so that reads and writes add up: a write is five reads. */
export const dollars = ({ writeUnits, readUnits }: Pick<Point, "writeUnits" | "readUnits">) =>
  writeUnits * 0.625 + readUnits * 0.125
