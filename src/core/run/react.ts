import { type StoredEvent, upcast } from "../aggregate.ts"
import type { AnyAutomation, DerivedSecret, EffectPromise, MailEffect, Reaction } from "../automation.ts"
import { type App, aggregateNamed } from "../manifest.ts"
import { hopsMax } from "../message.ts"
import type { CommandSender, TraceStep, Track, ViewStore } from "../ports.ts"
import { parseStream } from "../stream.ts"
import { partitionKey, storedName } from "../view.ts"

/** Whether an effect happened now, had happened before, or nobody can know. */
export type EffectResult = "performed" | "alreadyPerformed" | "unknown"

export interface ReactionPorts {
  readonly app: App
  readonly views: Pick<ViewStore, "get">
  readonly sender: CommandSender
  readonly track: Pick<Track, "record">
  /** Performs an outside effect under its promise; `key` is the same on every delivery. */
  readonly mail: (effect: MailEffect, key: string, promise: EffectPromise) => Promise<EffectResult>
  readonly derive: (label: string) => DerivedSecret
  readonly hash: (text: string) => string
  readonly now: () => string
}

/** Carries out what one automation asks for on one event; a repeat sends the same commands and repeats no effect that is recorded. */
export async function react(ports: ReactionPorts, automation: AnyAutomation, event: StoredEvent): Promise<void> {
  const { info } = event
  const aggregate = aggregateNamed(ports.app, parseStream(info.stream).aggregate)?.aggregate
  const data = aggregate === undefined ? undefined : upcast(aggregate, event)
  if (data === undefined)
    return note(ports, automation, event, "reaction", `skipped: ${event.type} v${event.schemaVersion} is not known`)
  if (info.hops >= hopsMax)
    return note(ports, automation, event, "reaction", `refused: ${info.hops} automations in one chain`)

  const rows = await readRows(ports, automation, data)
  const reactions: readonly Reaction[] = automation.react(data as never, { ...info, rows, derive: ports.derive })
  for (const [index, reaction] of reactions.entries()) {
    const key = ports.hash(`${automation.name}/${info.id}/${index}`)
    if ("command" in reaction) {
      await ports.sender.send(reaction.command, {
        traceId: info.traceId,
        causationId: info.id,
        hops: info.hops + 1,
        commandId: key,
        automation: automation.name,
      })
      await note(ports, automation, event, "reaction", `sent ${reaction.command.type}`, index)
    } else {
      const result = await ports.mail(reaction.mail, key, automation.effects?.mail ?? "atLeastOnce")
      await note(ports, automation, event, "effect", `mail: ${result}`, index)
    }
  }
}

async function readRows(ports: ReactionPorts, automation: AnyAutomation, data: Readonly<Record<string, unknown>>) {
  const reads = Object.entries(automation.reads ?? {})
  const rows = await Promise.all(
    reads.map(async ([name, { view, key }]) => {
      const partition = partitionKey(storedName(view), view.partition, key(data as never))
      return [name, (await ports.views.get({ partition, sort: "." }))?.row ?? undefined] as const
    }),
  )
  return Object.fromEntries(rows)
}

const note = (
  ports: ReactionPorts,
  automation: AnyAutomation,
  { info }: StoredEvent,
  step: TraceStep["step"],
  message: string,
  attempt = 0,
) =>
  ports.track.record([
    {
      traceId: info.traceId,
      step,
      causeId: info.id,
      component: automation.name,
      attempt,
      at: ports.now(),
      message,
      commandId: info.commandId,
      stream: info.stream,
      version: info.version,
    },
  ])
