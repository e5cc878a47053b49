import { createHash } from "node:crypto"
import { createFaultPoint } from "../../faultPoint.ts"
import type { Host, StreamPosition, StreamRecord } from "../../host.ts"
import type { SourceReader } from "../function.ts"
import type { RunBatch } from "../run.ts"
import type { CheckpointStore } from "./checkpoints.ts"
import { deliverBatch } from "./deliverBatch.ts"
import { streamFilter } from "./filter.ts"
import { nameOf } from "./invokeBatch.ts"
import { createLane } from "./lane.ts"
import type { Mapping } from "./mapping.ts"
import { createProgress } from "./progress.ts"
import { streamDelivery } from "./streamDelivery.ts"
import { type StreamItem, streamItem } from "./streamItem.ts"

/** Reads one source for one function until it is stopped. */
export interface Poller {
  start(): void
  stop(): void
}

const pageSize = 1_000
const openMax = 20_000
const safetyPollMs = 5_000
const secondLookMs = 50

/** Reads a table's stream: woken by writes, in lanes by item, with a checkpoint that survives a kill. */
export function createStreamPoller(
  host: Host,
  mapping: Mapping,
  lambda: SourceReader,
  run: RunBatch,
  checkpoints: CheckpointStore,
): Poller {
  const passes = streamFilter(mapping.filterPatterns)
  const progress = createProgress(checkpoint => checkpoints.save(mapping, checkpoint))
  const faultAt = createFaultPoint(host, "stream")
  const faultOf = (item: StreamItem) => faultAt(() => `${lambda.name}|${item.messageId}`)
  const delivery = streamDelivery({ host, mapping, lambda, run, faultOf, finish: items => finish(items) })
  const lanes = Array.from({ length: mapping.lanes }, () =>
    createLane<StreamItem>({
      clock: host.clock,
      batchSize: mapping.batchSize,
      windowMs: mapping.windowMs,
      deliver: batch => deliverBatch(delivery, batch).catch(report),
    }),
  )
  /** Items by key that a fault holds back; the items of other keys overtake them. */
  const held = new Map<string, StreamItem[]>()
  let position: StreamPosition | undefined
  let reading = false
  let written = false
  let safetyPoll: NodeJS.Timeout | undefined
  let secondLook: NodeJS.Timeout | undefined

  const report = (error: unknown) => {
    if (!delivery.stopped)
      host.log.warn("lambda", `mapping ${nameOf(mapping)}: ${error instanceof Error ? error.message : error}`)
  }

  const finish = (items: readonly StreamItem[]) => {
    if (delivery.stopped) return
    progress.finish(items.map(item => item.sequenceNumber))
    if (written) wake()
  }

  const wake = () => {
    written = true
    if (reading || delivery.stopped) return
    reading = true
    void readNew()
      .catch(report)
      .finally(() => {
        reading = false
        if (written && progress.open < openMax) setImmediate(wake)
      })
  }

  const readNew = async () => {
    position ??= await startPosition()
    while (progress.open < openMax && !delivery.stopped) {
      written = false
      const records = await host.dynamodb.readStream(mapping.sourceArn, position, pageSize)
      if (delivery.stopped) return
      const last = records.at(-1)
      if (last === undefined) return
      position = { after: last.dynamodb.SequenceNumber }
      take(records)
      if (records.length < pageSize) return lookAgain()
    }
    written = true
  }

  /** A short page may not be the end: pages are cut by size, and at the end of a shard. */
  const lookAgain = () => {
    if (secondLook !== undefined) return
    secondLook = setTimeout(() => {
      secondLook = undefined
      wake()
    }, secondLookMs).unref()
  }

  const take = (records: readonly StreamRecord[]) => {
    const skipped: string[] = []
    const forLanes = lanes.map((): StreamItem[] => [])
    for (const record of records) {
      progress.begin(record.dynamodb.SequenceNumber)
      if (!passes({ ...record, dynamodb: { ...record.dynamodb } })) skipped.push(record.dynamodb.SequenceNumber)
      else place(streamItem(record), forLanes)
    }
    if (skipped.length > 0) progress.finish(skipped)
    for (const [index, items] of forLanes.entries()) if (items.length > 0) lanes[index]?.push(items)
  }

  const place = (item: StreamItem, forLanes: StreamItem[][]) => {
    const before = held.get(item.key)
    if (before !== undefined) return void before.push(item)
    item.fault = faultOf(item)
    const lane = laneOf(item.key, lanes.length)
    if (item.fault?.kind !== "delay") return void forLanes[lane]?.push(item)
    const { ms } = item.fault
    item.fault = undefined
    held.set(item.key, [item])
    host.clock.after(ms, () => {
      const items = held.get(item.key) ?? []
      held.delete(item.key)
      lanes[lane]?.push(items)
    })
  }

  const startPosition = async (): Promise<StreamPosition> => {
    const checkpoint = checkpoints.load(mapping)
    if (checkpoint !== undefined) return { after: checkpoint }
    if (mapping.startingPosition === "TRIM_HORIZON") return "TRIM_HORIZON"
    return endOfStream(host, mapping.sourceArn)
  }

  return {
    start: () => {
      host.dynamodb.onWrite(mapping.sourceArn, wake)
      safetyPoll = setInterval(wake, safetyPollMs).unref()
      wake()
    },
    stop: () => {
      clearInterval(safetyPoll)
      clearTimeout(secondLook)
      delivery.stop()
    },
  }
}

/** LATEST begins after what is in the stream when the mapping is made. */
async function endOfStream(host: Host, streamArn: string): Promise<StreamPosition> {
  let position: StreamPosition = "TRIM_HORIZON"
  for (;;) {
    const records: readonly StreamRecord[] = await host.dynamodb.readStream(streamArn, position, pageSize)
    const last = records.at(-1)
    if (last === undefined) return position
    position = { after: last.dynamodb.SequenceNumber }
  }
}

function laneOf(key: string, lanes: number): number {
  if (lanes === 1) return 0
  return createHash("sha256").update(key).digest().readUInt32BE(0) % lanes
}
