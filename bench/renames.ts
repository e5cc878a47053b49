import { randomUUID } from "node:crypto"
import { documentClient } from "../src/adapters/dynamodb/client.ts"
import type { Host } from "./host.ts"

/** When a command reached its stages, in milliseconds from the start of the request. */
export interface Renamed {
  readonly traceId: string
  /** Time of day at the start, in milliseconds. */
  readonly startedAt: number
  readonly version: number
  readonly accepted: number
  readonly visible: number
}

const patienceMs = 20_000
/** Asking costs the host as much as the command; more often would measure the asking. */
const pollMs = 10
const effectsMs = 150

/** Renames of accounts whose versions are known; nobody else may write them. */
export function renames({ ask }: Pick<Host, "ask">, versions: Map<string, number>) {
  const send = async (id: string) => {
    const version = (versions.get(id) ?? 0) + 1
    versions.set(id, version)
    const { renameAccount } = await ask<{ renameAccount: { traceId: string } }>(
      "mutation ($input: RenameAccountInput!) { renameAccount(input: $input) { status traceId } }",
      { input: { accountId: id, name: `New name ${version}`, commandId: randomUUID() } },
    )
    return { version, traceId: renameAccount.traceId }
  }

  return {
    /** One rename, and then as long a pause as its effects take on an idle machine. */
    async only(id: string): Promise<void> {
      await send(id)
      await new Promise(resolve => setTimeout(resolve, effectsMs))
    },

    /** One rename, and then the query that answers it: asked again until it is there. Throws when it does not come. */
    async toVisible(id: string): Promise<Renamed> {
      const startedAt = Date.now()
      const started = performance.now()
      const { version, traceId } = await send(id)
      const accepted = performance.now() - started
      while (performance.now() - started < patienceMs) {
        const { account } = await ask<{ account: { version: number } | null }>(
          "query ($id: ID!) { account(accountId: $id) { version name } }",
          { id },
        )
        if ((account?.version ?? 0) >= version)
          return { traceId, startedAt, version, accepted, visible: performance.now() - started }
        await new Promise(resolve => setTimeout(resolve, pollMs))
      }
      throw new Error(`version ${version} of ${id} was not visible after ${patienceMs} ms`)
    },
  }
}

/** The host's tables, reached past the host. */
export const filledTables = (host: Host) => ({
  client: documentClient(host.dynoxideUrl),
  events: host.named("EventStore"),
  views: host.named("ViewStore"),
})
