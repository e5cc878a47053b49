import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda"
import { openRow } from "../adapters/dynamodb/outbox.ts"
import { logger } from "../adapters/powertools/logger.ts"
import type { OutboxRow } from "../core/parking.ts"
import { PoisonedError } from "../core/poisoned.ts"
import type { OutboxKey } from "../core/ports.ts"
import { cipher } from "./adapters.ts"
import { setAside } from "./deadLetters.ts"

/** A row of the outbox as its stream delivers it. */
export interface OutboxRecord extends OutboxKey {
  readonly row: OutboxRow
}

const keyOf = ({ dynamodb }: DynamoDBRecord): OutboxKey => ({
  stream: dynamodb?.NewImage?.stream?.S ?? "",
  key: dynamodb?.NewImage?.command?.S ?? "",
})

/**
 * Handles the inserted rows of a batch: those of one stream one after the other, streams side by side. A row that no retry can help
 * is set aside at once. The first record that fails otherwise is reported, so that it and what follows come again; everything that
 * handles them may be repeated.
 */
export async function forEachDecided(
  { Records }: DynamoDBStreamEvent,
  handle: (record: OutboxRecord) => Promise<void>,
): Promise<DynamoDBBatchResponse> {
  const lanes = groupBy(Records.filter(isDecided))
  const failed = await Promise.all([...lanes.values()].map(lane => firstFailure(lane, handle)))
  return { batchItemFailures: failed.filter(id => id !== undefined).map(itemIdentifier => ({ itemIdentifier })) }
}

/** The outbox also keeps messages whose delivery failed for good; they are nothing to publish or to view. */
const isDecided = ({ eventName, dynamodb }: DynamoDBRecord) =>
  eventName === "INSERT" && dynamodb?.NewImage?.decided !== undefined

/** Bytes come as base64 in a record. */
const decidedOf = ({ dynamodb }: DynamoDBRecord) => {
  const { S, B } = dynamodb?.NewImage?.decided ?? {}
  return B === undefined ? S : Buffer.from(B as unknown as string, "base64")
}

const streamOf = ({ dynamodb }: DynamoDBRecord) => dynamodb?.NewImage?.stream?.S ?? ""

function groupBy(records: readonly DynamoDBRecord[]): Map<string, DynamoDBRecord[]> {
  const groups = new Map<string, DynamoDBRecord[]>()
  for (const record of records) groups.set(streamOf(record), [...(groups.get(streamOf(record)) ?? []), record])
  return groups
}

async function firstFailure(lane: readonly DynamoDBRecord[], handle: (record: OutboxRecord) => Promise<void>) {
  for (const record of lane)
    try {
      await handleOrSetAside(record, handle)
    } catch (error) {
      logger.error("an outbox row failed", { ...keyOf(record), reason: String(error) })
      return record.dynamodb?.SequenceNumber ?? ""
    }
  return undefined
}

async function handleOrSetAside(record: DynamoDBRecord, handle: (record: OutboxRecord) => Promise<void>) {
  try {
    const row = await openRow(cipher(), decidedOf(record))
    await handle({ ...keyOf(record), row })
  } catch (error) {
    if (!(error instanceof PoisonedError)) throw error
    logger.warn("an outbox row is set aside", { ...keyOf(record), reason: String(error) })
    await setAside(keyOf(record), error.message)
  }
}
