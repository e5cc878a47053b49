import { commandToCloudEvent } from "../cloudEvent.ts"
import type { Hook, Notice } from "../hook.ts"
import { type App, contextOfCommand } from "../manifest.ts"
import type { Publisher, ViewStore } from "../ports.ts"
import { partitionKey, storedName } from "../view.ts"

export interface NoticePorts {
  readonly app: App
  readonly views: Pick<ViewStore, "get">
  readonly publisher: Publisher
  readonly hash: (text: string) => string
  readonly newId: () => string
  readonly now: () => string
}

/** Asks for the command that a verified notice leads to; told again, it is the same command. */
export async function takeNotice(
  { app, views, publisher, hash, newId, now }: NoticePorts,
  hook: Hook,
  notice: Notice,
): Promise<"asked" | "nothing"> {
  const key = hook.key(notice)
  if (key === undefined) return "nothing"
  const partition = partitionKey(storedName(hook.view), hook.view.partition, key)
  const row = (await views.get({ partition, sort: "." }))?.row ?? undefined
  const command = row === undefined ? undefined : hook.command(notice, row)
  if (row === undefined || command === undefined) return "nothing"
  const info = {
    id: newId(),
    commandId: hash(`${hook.service.name}/${notice.id}`),
    traceId: newId(),
    hops: 0,
    actor: { id: `automation:${hook.service.name}`, kind: "automation" as const, groups: [] },
    tenant: String(row[app.tenancy.field]),
    time: now(),
  }
  const { name } = contextOfCommand(app, command.type)
  await publisher.publish([{ channel: "actor", event: commandToCloudEvent(name, command, info) }])
  return "asked"
}
