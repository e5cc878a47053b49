import type { DurableMap } from "../durable.ts"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import { compilePattern, type EventPredicate } from "./pattern.ts"

export interface Archive {
  readonly name: string
  readonly arn: string
  readonly busArn: string
  readonly pattern?: string | undefined
  readonly description?: string | undefined
  /** 0 keeps events for ever. */
  readonly retentionDays: number
  readonly createdAt: number
  readonly matches: EventPredicate
}

export type ArchivedEvent = { archive: string; at: number; event: JsonObject }

/** Archives of buses: they keep every event that matches, but no replayed one. */
export interface Archives {
  readonly all: ReadonlyMap<string, Archive>
  put(definition: Omit<Archive, "arn" | "createdAt" | "matches">): Archive
  get(name: string): Archive
  delete(name: string): void
  record(busArn: string, event: JsonObject): void
  /** Events of an archive between two times, oldest first. */
  events(archive: Archive, from: number, to: number): JsonObject[]
}

const dayMs = 86_400_000

export function createArchives(host: Host, stored: DurableMap<ArchivedEvent>): Archives {
  const all = new Map<string, Archive>()

  const prune = () => {
    for (const [key, { archive, at }] of [...stored.entries()]) {
      const days = all.get(archive)?.retentionDays ?? 0
      if (days > 0 && host.clock.now() - at > days * dayMs) stored.delete(key)
    }
  }

  return {
    all,
    put: definition => {
      const archive: Archive = {
        ...definition,
        arn: `arn:aws:events:${host.region}:${host.accountId}:archive/${definition.name}`,
        createdAt: all.get(definition.name)?.createdAt ?? host.clock.now(),
        matches: definition.pattern === undefined ? () => true : compilePattern(definition.pattern),
      }
      all.set(archive.name, archive)
      return archive
    },
    get: name => {
      const archive = all.get(name)
      if (!archive) throw new AwsError("ResourceNotFoundException", `Archive ${name} does not exist.`)
      return archive
    },
    delete: name => {
      all.delete(name)
      for (const [key, { archive }] of [...stored.entries()]) if (archive === name) stored.delete(key)
    },
    record: (busArn, event) => {
      if (Object.hasOwn(event, "replay-name")) return
      for (const archive of all.values()) {
        if (archive.busArn !== busArn || !archive.matches(event)) continue
        stored.set(`${archive.name}|${event.id}`, { archive: archive.name, at: host.clock.now(), event })
      }
    },
    events: (archive, from, to) => {
      prune()
      return [...stored.entries()]
        .map(([, record]) => record)
        .filter(record => record.archive === archive.name && timeOf(record) >= from && timeOf(record) < to)
        .sort((one, other) => timeOf(one) - timeOf(other))
        .map(({ event }) => event)
    },
  }
}

function timeOf({ event, at }: ArchivedEvent): number {
  return typeof event.time === "string" ? Date.parse(event.time) : at
}
