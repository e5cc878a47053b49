import { messagesOf } from "../cloudEvent.ts"
import type { OutboxRow } from "../parking.ts"
import { about, mapPersonal } from "../personal.ts"
import { PoisonedError } from "../poisoned.ts"
import type {
  BusMessage,
  CloudEvent,
  Deliveries,
  Delivery,
  Outbox,
  OutboxEntry,
  OutboxKey,
  Publisher,
} from "../ports.ts"
import { parseStream } from "../stream.ts"
import { updateViews, type ViewPorts } from "./updateViews.ts"

export interface DeliveryPorts extends ViewPorts {
  readonly publisher: Publisher
  readonly outbox: Pick<Outbox, "markPublished" | "entry">
  readonly deliveries: Deliveries
}

/** Does with a row of the outbox what its two readers do; doing it again changes nothing. */
export async function deliverRow(ports: DeliveryPorts, { stream, key, row }: OutboxEntry): Promise<void> {
  await ports.publisher.publish(messagesOf(ports.app, row))
  await ports.outbox.markPublished(stream, key)
  await updateViews(ports, row)
}

/** Delivers a row that a reader of the outbox gave up; when that fails too, it is kept, and its sender and support see it. */
export async function deliverRowOrKeep(ports: DeliveryPorts, at: OutboxKey): Promise<"delivered" | "kept" | "gone"> {
  let entry: OutboxEntry | undefined
  try {
    entry = await ports.outbox.entry(at.stream, at.key)
    if (entry === undefined) return "gone"
    await deliverRow(ports, entry)
    return "delivered"
  } catch (error) {
    const cause = error instanceof PoisonedError ? error.message : String(error)
    await ports.deliveries.keepRow(at, cause, ports.now())
    if (entry !== undefined) await tell(ports, entry.row, cause)
    return "kept"
  }
}

export interface SweepPorts extends DeliveryPorts {
  readonly outbox: Pick<Outbox, "markPublished" | "entry" | "unpublished">
}

/** At most so many rows in one sweep. */
export const sweptMax = 500

/**
 * Delivers what a stream outage swallowed: rows that have waited since before `before` (ISO), until `deadline` (ISO). What can never
 * be delivered is kept; what cannot now waits for the next sweep and holds up no other. Gives what was in the way.
 */
export async function deliverForgotten(
  ports: SweepPorts,
  before: string,
  deadline: string,
): Promise<readonly (OutboxKey & { readonly error: string })[]> {
  const failed: (OutboxKey & { readonly error: string })[] = []
  for (const at of await ports.outbox.unpublished(before, sweptMax)) {
    if (ports.now() >= deadline) break
    try {
      const entry = await ports.outbox.entry(at.stream, at.key)
      if (entry !== undefined) await deliverRow(ports, entry)
    } catch (error) {
      if (error instanceof PoisonedError) await deliverRowOrKeep(ports, at)
      else failed.push({ ...at, error: String(error) })
    }
  }
  return failed
}

async function tell(ports: DeliveryPorts, row: OutboxRow, cause: string): Promise<void> {
  const at = ports.now()
  const { commandId, actor, tenant, traceId, time } = row.info
  await ports.track.record([
    {
      traceId,
      step: "failed",
      causeId: row.info.id,
      component: "delivery",
      at,
      commandId,
      stream: row.stream,
      message: cause,
    },
  ])
  const move = {
    ...{ commandId, actor: actor.id, tenant, traceId, at, acceptedAt: time, reason: cause },
    aggregateId: parseStream(row.stream).id,
    status: "PARKED",
  } as const
  if ((await ports.track.move(move)) === "moved") await ports.push({ receipt: move })
}

/** How often a message that a function could not handle goes on the bus again before it is kept. */
export const redeliveriesMax = 1

const redelivered = (event: CloudEvent) => (typeof event.redelivered === "number" ? event.redelivered : 0)

/**
 * Puts a message that a function could not handle on the bus again, for whoever has handled it a repeat that changes nothing; when
 * it comes back, it is kept, and its trace says so.
 */
export async function redeliverOrKeep(
  ports: DeliveryPorts,
  message: BusMessage,
  consumer: string,
  reason: string,
): Promise<"redelivered" | "kept"> {
  const { event } = message
  if (redelivered(event) < redeliveriesMax) {
    await ports.publisher.publish([{ ...message, event: { ...event, redelivered: redelivered(event) + 1 } }])
    return "redelivered"
  }
  const at = ports.now()
  const cause = `${consumer}: ${reason}`
  await ports.deliveries.keepMessage({ stream: String(event.subject ?? event.tenant), cause, at }, wrapped(message))
  await ports.track.record([
    { traceId: String(event.traceid), step: "failed", causeId: event.id, component: consumer, at, message: reason },
  ])
  return "kept"
}

/** Tries a kept delivery again; throws when it still fails. A message counts as handled once it is on the bus again. */
export async function deliverAgain(ports: DeliveryPorts, delivery: Delivery): Promise<void> {
  const { what, stream, key } = delivery
  if (what === undefined) throw new Error(`${stream} ${key} cannot be opened`)
  if (what.kind === "row") await deliverRow(ports, { stream, key, row: what.row })
  else {
    const { redelivered: _, ...event } = unwrapped(what.message).event
    await ports.publisher.publish([
      { ...what.message, event: { ...event, redelivered: redeliveriesMax } as CloudEvent },
    ])
  }
  await ports.deliveries.settle(delivery)
}

/** What an actor asked for rests encrypted; events and outcomes are sealed as they come. */
function wrapped(message: BusMessage): BusMessage {
  const { event, channel } = message
  if (channel !== "actor") return message
  const wrap = (value: unknown) => (value === undefined ? undefined : about(String(event.actor), JSON.stringify(value)))
  return { channel, event: { ...event, data: wrap(event.data), actoremail: wrap(event.actoremail) } }
}

const unwrapped = (message: BusMessage): BusMessage =>
  message.channel !== "actor"
    ? message
    : (mapPersonal(message, ({ value }) => (value === null ? null : JSON.parse(value))) as BusMessage)

/** Does a kept message say, in its sender's own words, what this text says, or come from whom it names? */
export const speaksOf = (message: BusMessage, text: string): boolean =>
  message.channel === "actor" &&
  (message.event.actor === text || JSON.stringify(unwrapped(message)).toLowerCase().includes(text.toLowerCase()))
