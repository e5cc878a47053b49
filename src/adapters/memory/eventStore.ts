import type { StoredEvent } from "../../core/aggregate.ts"
import type { Directory } from "../../core/directory.ts"
import type { Marker, OutboxRow, Parking, Waiting } from "../../core/parking.ts"
import { mapPersonal, subjectsOf } from "../../core/personal.ts"
import type { Claim, CommandRecord, Commit, CommitResult, EventStore, Snapshot } from "../../core/ports.ts"
import { parseStream } from "../../core/stream.ts"
import { sizeOf, tooLarge } from "../dynamodb/limits.ts"
import { memoryParking, waitingId } from "./parking.ts"

/** The event store in memory, with the outbox that its commits fill and the streams that are set aside. */
export function memoryEventStore(isForgotten: (subject: string) => boolean = () => false): EventStore &
  Directory & {
    readonly outbox: readonly OutboxRow[]
    readonly parking: Parking
    /** Stores an event past every rule, as a fault would. */
    plant(event: StoredEvent): void
  } {
  const streams = new Map<string, StoredEvent[]>()
  const snapshots = new Map<string, { hash: string; snapshot: Snapshot }>()
  const records = new Map<string, CommandRecord>()
  const holders = new Map<string, string>()
  const abouts = new Map<string, string>()
  const outbox: OutboxRow[] = []
  const markers = new Map<string, Marker>()
  const waiting = new Map<string, Waiting>()

  const versionOf = (stream: string) => streams.get(stream)?.length ?? 0
  const claimIdOf = (aggregate: string, { name, value }: Pick<Claim, "name" | "value">) =>
    `${aggregate}.${name}/${value}`
  const claimId = (stream: string, claim: Pick<Claim, "name" | "value">) =>
    claimIdOf(parseStream(stream).aggregate, claim)

  function forgets(events: readonly StoredEvent[]): boolean {
    let found = false
    for (const { data } of events)
      mapPersonal(data, ({ subject, value }) => {
        found ||= value !== null && isForgotten(subject)
      })
    return found
  }

  function refuse({
    key,
    decided,
    expected,
    claim,
    guards,
    behind,
    unlessBehind = [],
  }: Commit): CommitResult | undefined {
    const { stream, events } = decided
    if (forgets(events)) return { status: "forgotten" }
    const limit = tooLarge([0, sizeOf(decided), ...events.map(sizeOf), ...claim.map(() => 0), ...guards.map(() => 0)])
    if (limit !== undefined) return { status: "tooLarge", limit }
    const record = records.get(key)
    if (record !== undefined) return { status: "repeated", record }
    const taken = claim.find(one => (holders.get(claimId(stream, one)) ?? stream) !== stream)
    if (taken !== undefined) return { status: "claimTaken", claim: taken.name }
    const marker = markers.get(stream)
    const overtaken = marker?.version !== behind?.version || marker?.arrived !== behind?.arrived
    const moved = events.length > 0 && (overtaken || versionOf(stream) !== expected)
    const isOverruled =
      guards.some(guard => versionOf(guard.stream) !== guard.version) ||
      unlessBehind.some(one => waiting.has(waitingId(one, key)))
    return moved || isOverruled ? { status: "conflict" } : undefined
  }

  return {
    outbox,
    parking: memoryParking(versionOf, markers, outbox, waiting, key => records.has(key)),

    plant(event) {
      const { stream, version } = event.info
      const others = (streams.get(stream) ?? []).filter(({ info }) => info.version !== version)
      streams.set(
        stream,
        [...others, event].sort((one, other) => one.info.version - other.info.version),
      )
    },

    async load(stream, hash) {
      const known = snapshots.get(stream)
      const marker = markers.get(stream)
      const parked = marker === undefined ? {} : { parked: marker }
      const events = streams.get(stream) ?? []
      if (known?.hash !== hash) return { events, ...parked }
      return { snapshot: known.snapshot, events: events.slice(known.snapshot.version), ...parked }
    },

    async commit(commit) {
      const refused = refuse(commit)
      if (refused !== undefined) return refused
      const { decided, payloadHash, snapshot, behind } = commit
      const { stream, outcome, events, info } = decided
      records.set(commit.key, { payloadHash, stream, messageId: info.id, outcome })
      for (const claim of commit.release) holders.delete(claimId(stream, claim))
      for (const claim of commit.claim) holders.set(claimId(stream, claim), stream)
      for (const claim of commit.claim) if (claim.about !== undefined) abouts.set(claimId(stream, claim), claim.about)
      if (events.length > 0) streams.set(stream, [...(streams.get(stream) ?? []), ...events])
      if (events.length > 0 && behind !== undefined)
        markers.set(stream, { ...behind, version: behind.version + events.length })
      if (snapshot !== undefined)
        snapshots.set(stream, { hash: snapshot.hash, snapshot: { version: versionOf(stream), state: snapshot.state } })
      outbox.push(decided)
      return { status: "committed" }
    },

    recall: async key => records.get(key),

    holder: async (aggregate, claim) => holders.get(claimIdOf(aggregate, claim)),

    async *read(stream, from, to = Number.MAX_SAFE_INTEGER) {
      yield* (streams.get(stream) ?? []).filter(({ info }) => info.version >= from && info.version <= to)
    },

    async *streams(aggregate) {
      yield* [...streams.keys()].filter(stream => parseStream(stream).aggregate === aggregate)
    },

    async *part(aggregate, shard, after = "", tenant) {
      const found = [...streams.keys()].filter(stream => {
        const parts = parseStream(stream)
        return parts.aggregate === aggregate && (tenant === undefined || parts.tenant === tenant)
      })
      if (shard === 0) yield* found.sort().filter(stream => stream > after)
    },

    async *speaking(subject, after = "") {
      const speaks = (events: readonly StoredEvent[]) =>
        events.some(({ data }) => subjectsOf(data).some(one => one === subject))
      const found = [...streams].filter(([, events]) => speaks(events)).map(([stream]) => stream)
      yield* found.sort().filter(stream => stream > after)
    },

    async releaseAbout(subject) {
      const held = [...abouts].filter(([claim, about]) => about === subject && holders.has(claim))
      for (const [claim] of held) holders.delete(claim)
      return held.length
    },
  }
}
