import { fork } from "node:child_process"
import { randomUUID } from "node:crypto"
import { fileURLToPath } from "node:url"
import { fill } from "./fill.ts"
import type { Host } from "./host.ts"
import { load, medianRate, type Rate } from "./load.ts"
import { filledTables } from "./renames.ts"
import type { Bench } from "./report.ts"

/** One query on both servers. */
export interface QueryCell {
  readonly query: string
  readonly workers: number
  readonly foldline: Rate
  readonly bare: Rate
}

const questions = {
  "single item": "query ($id: ID!) { account(accountId: $id) { name slug status version } }",
  "list page": "query ($id: ID!) { members(accountId: $id) { items { personId role name } } }",
  "three levels":
    "query ($id: ID!) { account(accountId: $id) { name members { items { personId role } } invitations { items { email } } } }",
} as const
const members = 9

/**
 * The host's API against graphql-js with one bare SDK call a field, which neither signs anybody in nor authorizes. Each server is a
 * process of its own, and both ask the same dynoxide directly.
 */
export async function queries(host: Host, { quick, tell }: Bench): Promise<readonly QueryCell[]> {
  const id = randomUUID()
  const tables = filledTables(host)
  await fill(tables.client, tables, [{ id, ownerId: host.ownerId, events: 1, members }])
  tables.client.destroy()
  const bare = await bareServer(host)
  try {
    const cells: QueryCell[] = []
    for (const [query, question] of Object.entries(questions)) {
      await sameAnswer(host, bare.ask, question, id)
      for (const workers of quick ? [8] : [1, 8, 32]) {
        const rates: Record<"foldline" | "bare", Rate[]> = { foldline: [], bare: [] }
        for (let round = 1; round <= (quick ? 1 : 3); round++) {
          tell(`${query}, ${workers} at once, round ${round}`)
          const seconds = quick ? 1 : 1.5
          rates.foldline.push(await load(workers, seconds, () => host.ask(question, { id })))
          rates.bare.push(await load(workers, seconds, () => bare.ask(question, { id })))
        }
        cells.push({ query, workers, foldline: medianRate(rates.foldline), bare: medianRate(rates.bare) })
      }
    }
    return cells
  } finally {
    bare.stop()
  }
}

/** Throws when the two do not do the same work. */
async function sameAnswer(host: Host, ask: Host["ask"], question: string, id: string): Promise<void> {
  const [one, other] = await Promise.all([host.ask(question, { id }), ask(question, { id })])
  if (JSON.stringify(one) !== JSON.stringify(other))
    throw new Error(`the answers differ: ${JSON.stringify(one)} and ${JSON.stringify(other)}`)
}

async function bareServer(host: Host): Promise<{ ask: Host["ask"]; stop: () => void }> {
  const program = fileURLToPath(new URL("./queryServer.ts", import.meta.url))
  const child = fork(program, [host.dynoxideUrl, host.named("ViewStore")], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", address => resolve(String(address)))
    child.once("exit", code => reject(new Error(`the server of bare queries ended with ${code}`)))
  })
  return {
    ask: async <Answer>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
      const body = JSON.stringify({ query, variables })
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })
      const { data, errors } = (await response.json()) as { data: Answer; errors?: unknown }
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      return data
    },
    stop: () => child.kill(),
  }
}
