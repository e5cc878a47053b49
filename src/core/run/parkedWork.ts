import type { CommandInfo } from "../message.ts"
import type { Marker, Parking, Waiting } from "../parking.ts"
import type { Deliveries, Delivery } from "../ports.ts"
import { type DeliveryPorts, deliverAgain } from "./deliver.ts"
import { logRelease, type Redriven, type RedrivePorts, redrive } from "./redrive.ts"

/** A page of what is set aside, as support sees it. */
export interface ParkedPage {
  readonly items: readonly ParkedItem[]
  readonly nextToken?: string
}

export interface ParkedItem {
  readonly kind: "stream" | "delivery"
  readonly stream: string
  readonly cause: string
  readonly at: string
  readonly version?: number
  readonly waiting: readonly WaitingItem[]
}

interface WaitingItem {
  readonly type: string
  readonly traceId: string
  readonly commandId: string
  readonly actor: string
  readonly at: string
}

const limitDefault = 25
const limitMax = 100
const waitingShownMax = 100
const ofDeliveries = "deliveries"

export interface ParkedQuestion {
  readonly limit?: number | null
  readonly nextToken?: string | null
}

/** Streams that are set aside, then deliveries that failed for good. */
export async function parkedWork(
  ports: { readonly parking: Parking; readonly deliveries: Deliveries },
  { limit, nextToken }: ParkedQuestion,
): Promise<ParkedPage> {
  const size = Math.min(Math.max(limit ?? limitDefault, 1), limitMax)
  if (nextToken?.startsWith(ofDeliveries)) {
    const { deliveries, nextToken: next } = await ports.deliveries.list(size, tokenIn(nextToken))
    return {
      items: deliveries.map(deliveryItem),
      ...(next === undefined ? {} : { nextToken: `${ofDeliveries}${next}` }),
    }
  }
  const page = await ports.parking.markers(size, nextToken ?? undefined)
  const items = await Promise.all(
    page.markers.map(async marker => streamItem(marker, await ports.parking.waiting(marker.stream))),
  )
  if (page.nextToken !== undefined) return { items, nextToken: page.nextToken }
  if (items.length === size) return { items, nextToken: ofDeliveries }
  const rest = await parkedWork(ports, { limit: size - items.length, nextToken: ofDeliveries })
  return { ...rest, items: [...items, ...rest.items] }
}

const tokenIn = (token: string) => (token === ofDeliveries ? undefined : token.slice(ofDeliveries.length))

const streamItem = ({ stream, cause, at, version }: Marker, queue: readonly Waiting[]): ParkedItem => ({
  kind: "stream",
  stream,
  cause,
  at,
  version,
  waiting: queue.slice(0, waitingShownMax).map(({ commandType, info }) => waitingItem(commandType, info)),
})

const waitingItem = (type: string, { traceId, commandId, actor, time }: CommandInfo): WaitingItem => ({
  type,
  traceId,
  commandId,
  actor: actor.id,
  at: time,
})

function deliveryItem({ stream, cause, at, what }: Delivery): ParkedItem {
  const about = { kind: "delivery", stream, cause, at } as const
  if (what === undefined) return { ...about, waiting: [] }
  if (what.kind === "row") {
    const { commandType, info, outcome } = what.row
    return {
      ...about,
      ...("version" in outcome ? { version: outcome.version } : {}),
      waiting: [waitingItem(commandType, info)],
    }
  }
  const { event } = what.message
  const version = typeof event.streamversion === "number" ? { version: event.streamversion } : {}
  return {
    ...about,
    ...version,
    waiting: [
      {
        type: event.type,
        traceId: String(event.traceid),
        commandId: String(event.commandid),
        actor: String(event.actor),
        at: String(event.time),
      },
    ],
  }
}

/** Releases whatever is set aside of a stream: its queue in order, and its failed deliveries. */
export async function redriveAll(
  ports: RedrivePorts & DeliveryPorts,
  stream: string,
  by: string,
  deadline: string,
): Promise<Redriven> {
  const driven = await redrive(ports, stream, by, deadline)
  let released = 0
  let cause: string | undefined
  const deliveries = await ports.deliveries.of(stream)
  for (const delivery of deliveries) {
    if (ports.now() >= deadline) break
    await logRelease(ports, stream, by, delivery, `${delivery.key}/${ports.now()}/${by}`)
    try {
      await deliverAgain(ports, delivery)
      released++
    } catch (error) {
      cause = String(error)
    }
  }
  const left = deliveries.length - released
  const status =
    driven.status !== "RELEASED" || left === 0 ? driven.status : cause === undefined ? "RELEASING" : "PARKED"
  const why = driven.cause ?? cause
  return {
    stream,
    status,
    released: driven.released + released,
    left: driven.left + left,
    ...(why === undefined ? {} : { cause: why }),
  }
}
