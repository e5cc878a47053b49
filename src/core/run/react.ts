import { type StoredEvent, upcast } from "../aggregate.ts"
import type { AnyAutomation, Asking, DerivedSecret, EffectPromise, MailEffect, Reaction, Timer } from "../automation.ts"
import { commandToCloudEvent } from "../cloudEvent.ts"
import { canonicalJson } from "../json.ts"
import { type App, aggregateNamed, contextOfCommand } from "../manifest.ts"
import { type EventInfo, follow, hopsMax } from "../message.ts"
import type { Outside } from "../outside.ts"
import type { CommandSender, Timers, TraceStep, Track, ViewStore } from "../ports.ts"
import { parseStream } from "../stream.ts"
import { partitionKey, storedName } from "../view.ts"

/** Whether an effect happened now, had happened before, or nobody can know. */
export type EffectResult = "performed" | "alreadyPerformed" | "unknown"

export interface ReactionPorts {
  readonly app: App
  readonly views: Pick<ViewStore, "get">
  readonly sender: CommandSender
  readonly track: Pick<Track, "record">
  /**
   * Performs an outside effect under its promise; `key` is the same on every delivery. `begins` is awaited right before each attempt
   * that is really made.
   */
  readonly mail: (
    effect: MailEffect,
    key: string,
    promise: EffectPromise,
    begins: () => Promise<void>,
  ) => Promise<EffectResult>
  readonly timers: Timers
  readonly outside: Outside
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
  const numbers = { next: 0 }
  for (const [index, reaction] of reactions.entries())
    await carryOut(ports, automation, event, reaction, ports.hash(`${automation.name}/${info.id}/${index}`), numbers)
}

/** Carries out one reaction, and what follows from an answer; the trace says what was done. */
async function carryOut(
  ports: ReactionPorts,
  automation: AnyAutomation,
  event: StoredEvent,
  reaction: Reaction,
  key: string,
  numbers: { next: number },
): Promise<void> {
  const number = numbers.next++
  if ("mail" in reaction) return mail(ports, automation, event, reaction.mail, key, number)
  if (!("ask" in reaction))
    return note(ports, automation, event, "reaction", await perform(ports, automation, event, reaction, key), number)
  const { service, question, then } = reaction.ask
  const answer = await ports.outside.ask(service, question, key)
  const heard = answer.status === 0 ? "no answer" : answer.status
  const message = `asked ${service.name} ${question.method} ${question.path}: ${heard}`
  await note(ports, automation, event, "effect", message, number)
  // A repeated delivery asks again and may hear another answer: what follows has ids of its own for each thing that is asked for.
  for (const next of then(answer))
    await carryOut(ports, automation, event, next, ports.hash(`${key}/${canonicalJson(said(next))}`), numbers)
}

/** A question within an answer is told by what it asks. */
const said = (reaction: Reaction) => ("ask" in reaction ? [reaction.ask.service.name, reaction.ask.question] : reaction)

/** Mails under the promise that the automation declares. Until the end is known the trace says that it is not: whoever dies in between leaves that. */
async function mail(
  ports: ReactionPorts,
  automation: AnyAutomation,
  event: StoredEvent,
  effect: MailEffect,
  key: string,
  index: number,
): Promise<void> {
  const tell = (result: EffectResult) => note(ports, automation, event, "effect", `mail: ${result}`, index)
  const promise = automation.effects?.mail ?? "atLeastOnce"
  await tell(await ports.mail(effect, key, promise, () => tell("unknown")))
}

/** Carries out one reaction that stays inside; says what was done. */
async function perform(
  ports: ReactionPorts,
  automation: AnyAutomation,
  { info }: StoredEvent,
  reaction: Exclude<Reaction, { mail: MailEffect } | { ask: Asking }>,
  key: string,
): Promise<string> {
  const timerId = (name: string) => ports.hash(`${info.stream}/${name}`)
  if ("cancel" in reaction) {
    await ports.timers.cancel(timerId(reaction.cancel))
    return `cancelled the timer ${reaction.cancel}`
  }
  if ("timer" in reaction && reaction.timer.at > ports.now()) {
    const { name, at } = reaction.timer
    await ports.timers.set(timerId(name), at, timed(ports, automation, info, reaction.timer, key))
    return `set the timer ${name} for ${at}`
  }
  const command = "timer" in reaction ? reaction.timer.command : reaction.command
  const thread = { traceId: info.traceId, causationId: info.id, hops: info.hops + 1 }
  await ports.sender.send(command, { ...thread, commandId: key, automation: automation.name })
  return `sent ${command.type}`
}

/** What goes on the bus when a timer fires; its time is the time that it was set for. */
function timed(ports: ReactionPorts, automation: AnyAutomation, info: EventInfo, { at, command }: Timer, key: string) {
  const { name: context } = contextOfCommand(ports.app, command.type)
  return commandToCloudEvent(context, command, {
    ...follow(info, 1),
    id: `timer-${key}`,
    commandId: key,
    actor: { id: `automation:${automation.name}`, kind: "automation", groups: [] },
    tenant: info.tenant,
    time: at,
  })
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
