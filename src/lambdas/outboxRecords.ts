import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda"
import { openRow } from "../adapters/dynamodb/outbox.ts"
import type { OutboxRow } from "../core/parking.ts"
import { cipher } from "./adapters.ts"

/** A row of the outbox as its stream delivers it. */
export interface OutboxRecord {
  readonly stream: string
  readonly key: string
  readonly row: OutboxRow
}

const open = async ({ dynamodb }: DynamoDBRecord): Promise<OutboxRecord> => ({
  stream: dynamodb?.NewImage?.stream?.S ?? "",
  key: dynamodb?.NewImage?.command?.S ?? "",
  row: await openRow(cipher(), dynamodb?.NewImage?.decided?.S ?? ""),
})

/**
 * Handles the inserted rows of a batch: those of one stream one after the other, streams side by side. The first record that fails
 * is reported, so that it and what follows come again; everything that handles them may be repeated.
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

const streamOf = ({ dynamodb }: DynamoDBRecord) => dynamodb?.NewImage?.stream?.S ?? ""

function groupBy(records: readonly DynamoDBRecord[]): Map<string, DynamoDBRecord[]> {
  const groups = new Map<string, DynamoDBRecord[]>()
  for (const record of records) groups.set(streamOf(record), [...(groups.get(streamOf(record)) ?? []), record])
  return groups
}

async function firstFailure(lane: readonly DynamoDBRecord[], handle: (record: OutboxRecord) => Promise<void>) {
  for (const record of lane)
    try {
      await handle(await open(record))
    } catch (error) {
      console.error(
        JSON.stringify({
          level: "ERROR",
          message: "an outbox row failed",
          stream: streamOf(record),
          error: String(error),
        }),
      )
      return record.dynamodb?.SequenceNumber ?? ""
    }
  return undefined
}
