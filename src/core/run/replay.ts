import type { AnyAggregate, StoredEvent } from "../aggregate.ts"
import type { AnyAutomation } from "../automation.ts"
import { eventToCloudEvent } from "../cloudEvent.ts"
import { aggregateNamed, everyContext } from "../manifest.ts"
import type { Publisher, Track } from "../ports.ts"
import type { Cursor } from "../upkeep.ts"
import { aggregatesOf, builtNamed, check, type SweepPorts, streamsFrom } from "./sweep.ts"
import { trackMessage } from "./trackMessage.ts"

export interface ReplayPorts extends SweepPorts {
  readonly track: Track
  readonly publisher: Publisher
}

/** Which events go to which one consumer: a view, a projection, `trackAndTrace`, or an automation by its name. */
export interface ReplayOrder {
  readonly to: string
  readonly aggregate?: string
  readonly type?: string
  /** ISO times; `until` is not included. */
  readonly from?: string
  readonly until?: string
  readonly cursor?: string
  /** Streams in this slice. */
  readonly limit?: number
}

export interface Replayed {
  readonly streams: number
  readonly events: number
  /** Leads on when there is more. */
  readonly cursor?: string
}

const sliceStreams = 100
export const trackAndTrace = "trackAndTrace"

/** Hands events of the store to one consumer again, stream by stream and in order. A repeat is harmless to each of them. */
export async function replay(ports: ReplayPorts, order: ReplayOrder): Promise<Replayed> {
  const { sources, deliver } = consumer(ports, order.to)
  const aggregates = sources.filter(({ name }) => order.aggregate === undefined || name === order.aggregate)
  if (aggregates.length === 0)
    throw new Error(`${order.to} does not listen to ${order.aggregate}; it does to ${sources.map(one => one.name)}`)
  const cursor: Cursor = order.cursor === undefined ? { source: 0, shard: 0 } : JSON.parse(order.cursor)
  let [streams, events] = [0, 0]
  for await (const at of streamsFrom(ports.directory, aggregates, cursor)) {
    const chosen: StoredEvent[] = []
    for await (const event of ports.events.read(at.after, 1)) if (fits(order, event)) chosen.push(event)
    if (chosen.length > 0) events += await deliver(at.after, chosen)
    streams++
    if (streams >= (order.limit ?? sliceStreams) || ports.expired())
      return { streams, events, cursor: JSON.stringify(at) }
  }
  return { streams, events }
}

const fits = ({ type, from, until }: ReplayOrder, event: StoredEvent) =>
  (type === undefined || event.type === type) &&
  (from === undefined || Date.parse(event.info.time) >= Date.parse(from)) &&
  (until === undefined || Date.parse(event.info.time) < Date.parse(until))

interface Consumer {
  readonly sources: readonly AnyAggregate[]
  /** How many of the events it took. */
  readonly deliver: (stream: string, events: readonly StoredEvent[]) => Promise<number>
}

function consumer(ports: ReplayPorts, to: string): Consumer {
  const every = everyContext(ports.app).flatMap(({ aggregates }) => aggregates)
  const automation = ports.app.contexts.flatMap(({ automations }) => automations).find(({ name }) => name === to)
  if (automation !== undefined) return toAutomation(ports, automation, every)
  if (to === trackAndTrace) return toTrace(ports, every)
  const built = builtNamed(ports.app, to)
  return {
    sources: aggregatesOf(built),
    async deliver(stream, events) {
      await check(ports, built, stream, { heal: true })
      return events.length
    },
  }
}

const cloudEvent = (ports: ReplayPorts, event: StoredEvent) =>
  eventToCloudEvent(aggregateNamed(ports.app, event.info.stream.split("/")[1] ?? "")?.context.name ?? "", event)

const toTrace = (ports: ReplayPorts, sources: readonly AnyAggregate[]): Consumer => ({
  sources,
  async deliver(_, events) {
    for (const event of events)
      await trackMessage(ports.app, ports.track, { channel: "domain", event: cloudEvent(ports, event) })
    return events.length
  },
})

const toAutomation = (ports: ReplayPorts, { name, on }: AnyAutomation, every: readonly AnyAggregate[]): Consumer => ({
  sources: every.filter(({ events }) => events[on.type] === on),
  async deliver(_, events) {
    const heard = events.filter(({ type }) => type === on.type)
    await ports.publisher.publish(
      heard.map(event => ({ channel: "replay", event: cloudEvent(ports, event), to: name })),
    )
    return heard.length
  },
})
