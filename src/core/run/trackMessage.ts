import type { BusinessKey } from "../aggregate.ts"
import { cloudEventToCommand, cloudEventToEvent, decidedAt, outcomeOf } from "../cloudEvent.ts"
import { type App, ownersByType } from "../manifest.ts"
import { maskedData } from "../personal.ts"
import type { BusMessage, CloudEvent, ReceiptMove, TraceStep, Track } from "../ports.ts"
import { parseStream } from "../stream.ts"

/** What track & trace notes of one message on the bus. */
export interface Tracked {
  readonly step: TraceStep
  /** Values by which support finds the trace. */
  readonly pointers: readonly string[]
}

/** Registers one message: its step, the ways to find it (`foundBy` too) and, for a command, the receipt's first status. */
export async function trackMessage(
  app: App,
  track: Track,
  message: BusMessage,
  foundBy: readonly string[] = [],
): Promise<TraceStep> {
  const { step, pointers } = tracked(app, message)
  await Promise.all([
    track.record([step], [...pointers, ...foundBy]),
    message.channel === "actor" ? track.move(acceptance(app, message.event)) : undefined,
  ])
  return step
}

function acceptance(app: App, event: CloudEvent): ReceiptMove {
  const { info, data } = cloudEventToCommand(event)
  const key = ownersByType(app, "commands").get(event.type)?.aggregate.key
  const aggregateId = key === undefined ? undefined : data[key]
  return {
    commandId: info.commandId,
    actor: info.actor.id,
    tenant: info.tenant,
    traceId: info.traceId,
    status: "ACCEPTED",
    at: info.time,
    acceptedAt: info.time,
    ...(typeof aggregateId === "string" ? { aggregateId } : {}),
  }
}

/** The step and pointers of a message; pure. */
export function tracked(app: App, { channel, event }: BusMessage): Tracked {
  if (channel === "actor") return trackedCommand(app, event)
  if (channel === "domain") return trackedEvent(app, event)
  return trackedOutcome(event)
}

function trackedCommand(app: App, event: CloudEvent): Tracked {
  const { type, data, info } = cloudEventToCommand(event)
  const owner = ownersByType(app, "commands").get(type)
  const name = type.slice(type.indexOf(".") + 1)
  const keys = owner === undefined ? [] : [owner.aggregate.key, ...(owner.aggregate.businessKeys ?? [])]
  const found = keys.flatMap(key => valuesAt(key, data))
  return {
    step: {
      traceId: info.traceId,
      step: "accepted",
      causeId: info.id,
      component: type,
      at: info.time,
      actor: info.actor.id,
      commandId: info.commandId,
      ...(info.causationId === undefined ? {} : { causationId: info.causationId }),
      ...(owner === undefined ? {} : { data: maskedData(owner.aggregate.commands[name].schema, data) }),
    },
    pointers: unique([
      info.commandId,
      info.actor.id,
      ...(info.actor.email === undefined ? [] : [info.actor.email]),
      ...found,
    ]),
  }
}

function valuesAt(key: BusinessKey, data: Readonly<Record<string, unknown>>): readonly string[] {
  const { field, prefix } = typeof key === "string" ? { field: key, prefix: undefined } : key
  const value = data[field]
  return typeof value === "string" ? [value.slice(0, prefix)] : []
}

function trackedEvent(app: App, cloudEvent: CloudEvent): Tracked {
  const event = cloudEventToEvent(cloudEvent)
  const owner = ownersByType(app, "events").get(cloudEvent.type)
  const { info } = event
  return {
    step: {
      traceId: info.traceId,
      step: "event",
      causeId: info.id,
      component: cloudEvent.type,
      at: decidedAt(cloudEvent),
      actor: info.actor,
      commandId: info.commandId,
      stream: info.stream,
      version: info.version,
      ...(info.causationId === undefined ? {} : { causationId: info.causationId }),
      ...(owner === undefined ? {} : { data: maskedData(owner.aggregate.events[event.type].schema, event.data) }),
    },
    // An id that the kernel derived is not in the command, so the first event makes the stream findable.
    pointers: info.version === 1 ? [parseStream(info.stream).id] : [],
  }
}

function trackedOutcome(event: CloudEvent): Tracked {
  const { misuse, ...outcome } = outcomeOf(event)
  const { info } = cloudEventToEvent({ ...event, streamversion: "version" in outcome ? outcome.version : 0 })
  const step = { COMMITTED: "unchanged", REJECTED: "rejected", FAILED: "failed", PARKED: "parked" } as const
  return {
    step: {
      traceId: info.traceId,
      step: step[outcome.status],
      causeId: info.id,
      component: event.type,
      at: decidedAt(event),
      actor: info.actor,
      commandId: info.commandId,
      stream: info.stream,
      version: info.version,
      ...(info.causationId === undefined ? {} : { causationId: info.causationId }),
      message:
        outcome.status === "REJECTED"
          ? `${outcome.rejection.code}: ${outcome.rejection.message}`
          : outcome.status === "COMMITTED"
            ? "already so"
            : outcome.reason,
    },
    // Support lists the latest refusals and failures by these words.
    pointers: outcome.status === "COMMITTED" ? [] : [step[outcome.status]],
  }
}

const unique = (values: readonly unknown[]): readonly string[] => [
  ...new Set(values.map(String).map(value => value.trim().toLowerCase())),
]
