import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda"
import { deliverForgotten } from "../core/run/deliver.ts"
import { caretakerPorts } from "./caretakerPorts.ts"
import { readDeadLetter } from "./deadLetter.ts"
import { settleLetter } from "./settleLetter.ts"
import { answerSupport, type SupportQuestion } from "./supportOperations.ts"

const sweepAfterMs = 5 * 60_000
/** The function has a minute; what is left then is for the next sweep. */
const sweepMs = 40_000

/**
 * Turns dead letters into outcomes, delivers what a stream outage swallowed, and does what the support group asks for (each
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
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const failed = await deliverForgotten(caretakerPorts(), at(-sweepAfterMs), at(sweepMs))
  for (const row of failed)
    console.error(JSON.stringify({ level: "ERROR", message: "a forgotten row could not be delivered yet", ...row }))
}
