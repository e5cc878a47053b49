import { type StoredEvent, upcast } from "../aggregate.ts"
import { type App, aggregateNamed, projectionsIn } from "../manifest.ts"
import type { EventStore, Track, ViewStore } from "../ports.ts"
import { type AnyProjection, applyEvent } from "../projection.ts"
import { parseStream } from "../stream.ts"
import { partitionKey, storedName } from "../view.ts"

export const projectionAttemptsMax = 20

export interface ProjectionPorts {
  readonly app: App
  readonly events: Pick<EventStore, "read">
  readonly views: ViewStore
  readonly track: Pick<Track, "record">
  readonly now: () => string
  readonly pause: (attempt: number) => Promise<void>
}

/** Brings every projection that listens to the event's stream up to the event; what it missed it reads from the event store. */
export async function project(ports: ProjectionPorts, event: StoredEvent): Promise<void> {
  const { aggregate: name } = parseStream(event.info.stream)
  const aggregate = aggregateNamed(ports.app, name)?.aggregate
  const listening = projectionsIn(ports.app).filter(({ from }) => from.some(source => source.of === aggregate))
  for (const projection of listening) await advance(ports, projection, event)
}

/** Brings one projection up to an event. */
export async function advance(ports: ProjectionPorts, projection: AnyProjection, event: StoredEvent): Promise<void> {
  const { stream, version } = event.info
  const { tenant, id, aggregate } = parseStream(stream)
  const keys = projection.key({ tenant, id })
  const key = { partition: partitionKey(storedName(projection), projection.partition, keys), sort: "." }
  const source = projection.from.find(({ of }) => of.name === aggregate)
  if (source === undefined) return

  for (let attempt = 1; attempt <= projectionAttemptsMax; attempt++) {
    const known = await ports.views.progress(storedName(projection), key, stream)
    if (known.version > version) return
    // An attempt that was cut short may have said nothing.
    if (known.version === version) return recordStep(ports, projection, event, 0)
    const events =
      known.version === version - 1 ? [event] : await collect(ports.events.read(stream, known.version + 1, version))
    const row = events.reduce<Readonly<Record<string, unknown>>>(
      (row, { type, data, info, schemaVersion }) => {
        const current = upcast(source.of, { type, data, info, schemaVersion })
        return current === undefined ? row : applyEvent(source, row, type, current, info)
      },
      known.row ?? { ...projection.initial, ...keys },
    )
    const to = events.at(-1)?.info.version ?? version
    const changes = known.version === 0 || events.some(({ type }) => type in source.on)
    const written = await ports.views.advance({
      stream,
      projection: storedName(projection),
      key,
      ...(changes ? { row } : {}),
      revision: known.revision,
      streams: known.streams + (known.version === 0 ? 1 : 0),
      from: known.version,
      to,
    })
    if (written === "written") return recordStep(ports, projection, event, events.length - 1)
    await ports.pause(attempt)
  }
  throw new Error(`the projection ${projection.name} was contended ${projectionAttemptsMax} times at ${event.info.id}`)
}

async function collect(events: AsyncIterable<StoredEvent>): Promise<readonly StoredEvent[]> {
  const all: StoredEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

const recordStep = (ports: ProjectionPorts, projection: AnyProjection, { info }: StoredEvent, healed: number) =>
  ports.track.record([
    {
      traceId: info.traceId,
      step: "projection",
      causeId: info.id,
      component: projection.name,
      at: ports.now(),
      commandId: info.commandId,
      stream: info.stream,
      version: info.version,
      ...(healed > 0 ? { message: `healed a gap of ${healed}` } : {}),
    },
  ])
