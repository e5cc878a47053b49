import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda"
import { logger } from "../adapters/powertools/logger.ts"
import { deliverForgotten } from "../core/run/deliver.ts"
import { caretakerPorts } from "./caretakerPorts.ts"
import { readDeadLetter } from "./deadLetter.ts"
import { logged } from "./logged.ts"
import { settleLetter } from "./settleLetter.ts"
import { answerSupport, type SupportQuestion } from "./supportOperations.ts"

const sweepAfterMs = 5 * 60_000
/** The function has a minute; what is left then is for the next sweep. */
const sweepMs = 40_000

async function handle(
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
      logger.error("a dead letter could not be settled", { letter: record.messageId, reason: String(error) })
      failed.push(record.messageId)
    })
  return { batchItemFailures: failed.map(itemIdentifier => ({ itemIdentifier })) }
}

/**
 * Turns dead letters into outcomes, delivers what a stream outage swallowed, and does what the support group asks for (each
 * operation is an entry in `supportOperations.ts`).
 */
export const handler = logged(handle)

const settle = async (record: SQSRecord) => settleLetter(readDeadLetter(record))

async function sweep(): Promise<void> {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const failed = await deliverForgotten(caretakerPorts(), at(-sweepAfterMs), at(sweepMs))
  for (const row of failed) logger.error("a forgotten row could not be delivered yet", { ...row })
}
