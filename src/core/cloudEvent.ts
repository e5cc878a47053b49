import type { StoredEvent } from "./aggregate.ts"
import type { App } from "./manifest.ts"
import { aggregateNamed, busType } from "./manifest.ts"
import type { Actor, CommandInfo, CommandRequest, Message, Thread } from "./message.ts"
import type { Outcome } from "./outcome.ts"
import type { OutboxRow, Waiting } from "./parking.ts"
import { sure } from "./poisoned.ts"
import type { BusMessage, CloudEvent } from "./ports.ts"
import { parseStream } from "./stream.ts"

/** What a row of the outbox puts on the bus: the events of a decided command, else its outcome or that it waits. Throws PoisonedError. */
export const messagesOf = (app: App, decided: OutboxRow): readonly BusMessage[] =>
  sure("it says nothing that can be published", () => toMessages(app, decided))

function toMessages(app: App, decided: OutboxRow): readonly BusMessage[] {
  const owner = aggregateNamed(app, parseStream(decided.stream).aggregate)
  const context = owner?.context.name ?? decided.commandType.split(".", 1)[0] ?? ""
  if (decided.events.length > 0)
    return decided.events.map(event => ({
      channel: "domain",
      event: { ...eventToCloudEvent(context, event), decidedat: decided.decidedAt },
    }))
  return [{ channel: "outcome", event: outcomeToCloudEvent(context, decided) }]
}

const envelope = (context: string, type: string, id: string, time: string, thread: Thread) => ({
  specversion: "1.0",
  id,
  source: `/foldline/${context}`,
  type,
  time,
  datacontenttype: "application/json",
  traceid: thread.traceId,
  hops: thread.hops,
  ...(thread.causationId === undefined ? {} : { causationid: thread.causationId }),
  ...(thread.traceparent === undefined ? {} : { traceparent: thread.traceparent }),
})

/** A stored event as it goes out; its id is the same on every publication. */
export function eventToCloudEvent(context: string, { type, schemaVersion, data, info }: StoredEvent): CloudEvent {
  return {
    ...envelope(context, busType(context, type), info.id, info.time, info),
    subject: info.stream,
    dataschema: `urn:foldline:${context}:${type}:${schemaVersion}`,
    commandid: info.commandId,
    actor: info.actor,
    tenant: info.tenant,
    streamversion: info.version,
    data,
  }
}

function outcomeToCloudEvent(
  context: string,
  { stream, commandType, info, outcome, misuse, decidedAt }: OutboxRow,
): CloudEvent {
  return {
    ...envelope(context, commandType, `${info.id}/${outcome.status === "PARKED" ? "parked" : "outcome"}`, info.time, {
      ...info,
      causationId: info.id,
    }),
    subject: stream,
    dataschema: `urn:foldline:${context}:Outcome:1`,
    commandid: info.commandId,
    actor: info.actor.id,
    tenant: info.tenant,
    decidedat: decidedAt,
    stream,
    data: { ...outcome, ...(misuse ? { misuse } : {}) },
  }
}

/** Reads a DomainEvent off the bus. Throws when it is not one. */
export function cloudEventToEvent(event: CloudEvent): StoredEvent {
  const stream = text(event, "subject")
  return {
    type: event.type.slice(event.type.indexOf(".") + 1),
    schemaVersion: Number(text(event, "dataschema").split(":").at(-1)),
    data: (event.data ?? {}) as Record<string, unknown>,
    info: {
      ...threadOf(event),
      id: event.id,
      stream,
      version: Number(event.streamversion),
      commandId: text(event, "commandid"),
      actor: text(event, "actor"),
      tenant: text(event, "tenant"),
      time: text(event, "time"),
    },
  }
}

/** A command as it goes on the bus without passing the GraphQL API: when a timer fires, or over REST. */
export function commandToCloudEvent(context: string, command: Message, info: CommandInfo): CloudEvent {
  return {
    ...envelope(context, busType(context, command.type), info.id, info.time, info),
    dataschema: `urn:foldline:${context}:${command.type}:1`,
    commandid: info.commandId,
    actor: info.actor.id,
    actorkind: info.actor.kind,
    tenant: info.tenant,
    data: command.data,
  }
}

/** Reads an ActorEvent off the bus. Throws when it is not one. */
export function cloudEventToCommand(event: CloudEvent): CommandRequest {
  const kind = text(event, "actorkind")
  if (kind !== "person" && kind !== "client" && kind !== "automation" && kind !== "anonymous")
    throw new Error(`${event.id} has an unknown kind of actor: ${kind}`)
  const groups = optional(event, "actorgroups")
  const email = optional(event, "actoremail")
  const actor: Actor = {
    id: text(event, "actor"),
    kind,
    groups: groups === undefined || groups === "" ? [] : groups.split(","),
    ...(email === undefined ? {} : { email }),
  }
  return {
    type: event.type,
    data: (event.data ?? {}) as Record<string, unknown>,
    info: {
      ...threadOf(event),
      id: event.id,
      commandId: text(event, "commandid"),
      actor,
      tenant: text(event, "tenant"),
      time: text(event, "time"),
    },
    ...(typeof event.expectedversion === "number" ? { expectedVersion: event.expectedversion } : {}),
  }
}

/** When the decision behind a message was made; the command's own time where that is not told. */
export const decidedAt = (event: CloudEvent) => optional(event, "decidedat") ?? text(event, "time")

/** An outcome message's outcome. */
export const outcomeOf = (event: CloudEvent) =>
  event.data as (Outcome | Waiting["outcome"]) & { readonly misuse?: true }

function threadOf(event: CloudEvent): Thread {
  const causationId = optional(event, "causationid")
  const traceparent = optional(event, "traceparent")
  return {
    traceId: text(event, "traceid"),
    hops: Number(event.hops ?? 0),
    ...(causationId === undefined ? {} : { causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

const optional = (event: CloudEvent, name: string): string | undefined =>
  typeof event[name] === "string" ? event[name] : undefined

function text(event: CloudEvent, name: string): string {
  const value = optional(event, name)
  if (value === undefined) throw new Error(`the message ${event.id} has no ${name}`)
  return value
}
