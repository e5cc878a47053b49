import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { messagesOf } from "../core/cloudEvent.ts"
import { now, outbox, publisher } from "./adapters.ts"
import { readDeadLetter } from "./deadLetter.ts"
import { settleLetter } from "./settleLetter.ts"
import { answerSupport, type SupportQuestion } from "./supportOperations.ts"

const sweepAfterMs = 5 * 60_000
const sweptMax = 500

/**
 * Turns dead letters into outcomes, publishes again what a stream outage swallowed, and does what the support group asks for (each
 * operation is an entry in `supportOperations.ts`).
 */
export async function handler(
  event: SQSEvent | SupportQuestion | { readonly source?: string },
): Promise<SQSBatchResponse | unknown> {
  if ("question" in event) return answerSupport(event)
  if (!("Records" in event)) {
    await sweep()
    return undefined
  }
  const failed: string[] = []
  for (const record of event.Records)
    await settle(record).catch(error => {
      console.error(
        JSON.stringify({ level: "ERROR", message: "a dead letter could not be settled", error: String(error) }),
      )
      failed.push(record.messageId)
    })
  return { batchItemFailures: failed.map(itemIdentifier => ({ itemIdentifier })) }
}

const settle = async (record: SQSRecord) => settleLetter(readDeadLetter(record))

async function sweep(): Promise<void> {
  const before = new Date(Date.parse(now()) - sweepAfterMs).toISOString()
  for (const { stream, key, row } of await outbox().unpublished(before, sweptMax)) {
    await publisher().publish(messagesOf(app, row))
    await outbox().markPublished(stream, key)
  }
}
