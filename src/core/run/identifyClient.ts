import { commandToCloudEvent } from "../cloudEvent.ts"
import { type App, contextOfCommand } from "../manifest.ts"
import type { Publisher, ViewStore } from "../ports.ts"
import type { Client } from "../rest.ts"
import { partitionKey, storedName } from "../view.ts"

export interface IdentifyingPorts {
  readonly app: App
  readonly views: Pick<ViewStore, "get">
  readonly publisher: Publisher
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string
  readonly newId: () => string
  readonly now: () => string
}

/** The program behind a credential as it counts now; undefined for none, a wrong one, and one that was revoked. */
export async function identifyClient(
  ports: IdentifyingPorts,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<Client | undefined> {
  const { clients } = ports.app
  if (clients === undefined) return undefined
  const presented = clients.read(headers[clients.header] ?? "")
  if (presented === undefined) return undefined
  const partition = partitionKey(storedName(clients.view), clients.view.partition, presented.key)
  const row = (await ports.views.get({ partition, sort: "." }))?.row ?? undefined
  if (row === undefined) return undefined
  const client = clients.client(row as never, ports.hash(presented.secret))
  if (client !== undefined) await noteUse(ports, row, client)
  return client
}

/** The use of a credential is noted by an ordinary command, when the app says that it is due. */
async function noteUse(
  { app, publisher, newId, now }: IdentifyingPorts,
  row: Readonly<Record<string, unknown>>,
  { tenant }: Client,
): Promise<void> {
  const command = app.clients?.used(row as never, now())
  if (command === undefined) return
  const { name } = contextOfCommand(app, command.type)
  const info = {
    id: newId(),
    commandId: newId(),
    traceId: newId(),
    hops: 0,
    actor: { id: "automation:clients", kind: "automation" as const, groups: [] },
    tenant,
    time: now(),
  }
  await publisher.publish([{ channel: "actor", event: commandToCloudEvent(name, command, info) }])
}
