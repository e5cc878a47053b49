import { AwsError, type Host, type JsonObject, type StreamPosition, type StreamRecord } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { streamMadeAt, tableNameOf } from "./arns.ts"
import type { Backend } from "./backend.ts"
import type { Catalogue } from "./catalogue.ts"
import type { ExpiredItems } from "./expiredItems.ts"
import { awsSequenceNumber, recordsOf, streamRecord } from "./streamRecords.ts"
import { createWriteTimes } from "./writeTimes.ts"

const pageMax = 1000

interface Shard {
  readonly id: string
  /** Sequence number of the last record of a closed shard. */
  readonly endsAt?: string
}

/** The tables' streams: reading them, and waking their readers. */
export interface Streams {
  read(streamArn: string, position: StreamPosition, limit: number): Promise<StreamRecord[]>
  translate(streamArn: string, records: readonly JsonObject[]): StreamRecord[]
  onWrite(streamArn: string, wake: () => void): void
  /** Wakes the readers of these tables' streams. */
  written(tableNames: Iterable<string>): void
  /** ARN of the stream in the DynamoDB behind the host. Throws AwsError ResourceNotFoundException. */
  backendArn(streamArn: string): string
  /** Id of the shard that holds a sequence number. */
  shardAt(streamArn: string, sequenceNumber: string): Promise<string>
}

export function createStreams(
  host: Host,
  backend: () => Promise<Backend>,
  catalogue: Catalogue,
  expired: ExpiredItems,
): Streams {
  const readers = new Map<string, Set<() => void>>()
  const shards = new Map<string, Promise<Shard[]>>()
  const latest = new Map<string, Promise<string>>()
  const writeTimes = createWriteTimes(host.clock)

  const backendArn = (streamArn: string) => {
    const stream = catalogue.get(tableNameOf(streamArn))?.stream
    if (stream?.arn !== streamArn)
      throw new AwsError("ResourceNotFoundException", `Requested resource not found: Stream: ${streamArn} not found`)
    return stream.backendArn
  }

  const shardsOf = (streamArn: string): Promise<Shard[]> => {
    const known = shards.get(streamArn) ?? backend().then(db => describeShards(db, backendArn(streamArn)))
    shards.set(streamArn, known)
    known.catch(() => shards.delete(streamArn))
    return known
  }

  const iterator = async (streamArn: string, shard: Shard, from: JsonObject): Promise<string> => {
    const db = await backend()
    const reply = await db.call("GetShardIterator", { StreamArn: backendArn(streamArn), ShardId: shard.id, ...from })
    return String(reply.ShardIterator)
  }

  /** The end of the stream when it was first asked for, so that a reader of LATEST misses nothing that is written after. */
  const latestIterator = (streamArn: string): Promise<string> => {
    const known =
      latest.get(streamArn) ??
      shardsOf(streamArn).then(all => iterator(streamArn, lastOf(all), { ShardIteratorType: "LATEST" }))
    latest.set(streamArn, known)
    known.catch(() => latest.delete(streamArn))
    return known
  }

  const translate = (streamArn: string, records: readonly JsonObject[]) => {
    const madeAt = streamMadeAt(backendArn(streamArn))
    return records.flatMap(record => {
      if (Number(objectOf(record.dynamodb).ApproximateCreationDateTime) < madeAt) return []
      const isExpiry = (keys: JsonObject, oldImage?: JsonObject) => expired.has(tableNameOf(streamArn), keys, oldImage)
      return streamRecord(record, { streamArn, region: host.region, createdAt: writeTimes.hostSeconds, isExpiry }) ?? []
    })
  }

  /** Reads on from an iterator until there is a record that AWS would show, or nothing more. */
  const readFrom = async (streamArn: string, start: string, limit: number): Promise<StreamRecord[]> => {
    let next: string | undefined = start
    while (next !== undefined) {
      const page: JsonObject = await (await backend()).call("GetRecords", { ShardIterator: next, Limit: limit })
      const records = translate(streamArn, recordsOf(page))
      if (records.length > 0 || recordsOf(page).length < limit) return records
      next = textOf(page.NextShardIterator)
    }
    return []
  }

  const read = async (streamArn: string, position: StreamPosition, limit: number) => {
    const count = Math.min(limit, pageMax)
    if (position === "LATEST") return readFrom(streamArn, await latestIterator(streamArn), count)
    const all = await shardsOf(streamArn)
    const after = position === "TRIM_HORIZON" ? "" : position.after
    for (const shard of all.filter(({ endsAt }) => endsAt === undefined || endsAt > after)) {
      const from = after === "" ? horizon : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after }
      const start = await iterator(streamArn, shard, from).catch(() => iterator(streamArn, shard, horizon))
      const records = await readFrom(streamArn, start, count)
      if (records.length > 0) return records
    }
    shards.delete(all.length > 1 ? streamArn : "")
    return []
  }

  return {
    read,
    translate,
    backendArn,
    shardAt: async (streamArn, sequenceNumber) => {
      const all = await shardsOf(streamArn)
      return (all.find(({ endsAt }) => endsAt === undefined || endsAt >= sequenceNumber) ?? lastOf(all)).id
    },
    onWrite: (streamArn, wake) => {
      const table = tableNameOf(streamArn)
      readers.set(table, (readers.get(table) ?? new Set()).add(wake))
    },
    written: tableNames => {
      writeTimes.note()
      for (const table of tableNames) for (const wake of readers.get(table) ?? []) wake()
    },
  }
}

const horizon = { ShardIteratorType: "TRIM_HORIZON" }

async function describeShards(backend: Backend, backendArn: string): Promise<Shard[]> {
  const description = objectOf((await backend.call("DescribeStream", { StreamArn: backendArn })).StreamDescription)
  const all = listOf(description.Shards).map(objectOf)
  return all.map((shard, position) => {
    const endsAt = textOf(objectOf(shard.SequenceNumberRange).EndingSequenceNumber)
    const isOpen = position === all.length - 1 || endsAt === undefined
    return { id: String(shard.ShardId), ...(!isOpen && { endsAt: awsSequenceNumber(endsAt) }) }
  })
}

function lastOf(shards: readonly Shard[]): Shard {
  const last = shards.at(-1)
  if (last === undefined)
    throw new AwsError("ResourceNotFoundException", "Requested resource not found: the stream has no shard")
  return last
}
