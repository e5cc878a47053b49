import type { SQSBatchResponse, SQSEvent } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { cloudEventToCommand, messagesOf } from "../core/cloudEvent.ts"
import { commandKey } from "../core/outcome.ts"
import { failCommand } from "../core/run/handleCommand.ts"
import { eventStore, hash, now, outbox, pause, publisher, reducerHash } from "./adapters.ts"
import { type DeadLetter, readDeadLetter } from "./deadLetter.ts"
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
    await settle(readDeadLetter(record.body)).catch(error => {
      console.error(
        JSON.stringify({ level: "ERROR", message: "a dead letter could not be settled", error: String(error) }),
      )
      failed.push(record.messageId)
    })
  return { batchItemFailures: failed.map(itemIdentifier => ({ itemIdentifier })) }
}

/** A command that could not be decided ends FAILED; anything else stays in the queue for people. */
async function settle(letter: DeadLetter): Promise<void> {
  if (letter.kind !== "command") throw new Error(`${letter.kind}: ${letter.reason}`)
  await failCommand(
    { app, events: eventStore(), hash, reducerHash, now, pause },
    cloudEventToCommand(letter.event),
    letter.reason,
  )
}

async function sweep(): Promise<void> {
  const before = new Date(Date.parse(now()) - sweepAfterMs).toISOString()
  for (const decided of await outbox().unpublished(before, sweptMax)) {
    await publisher().publish(messagesOf(app, decided))
    const key = commandKey(decided.info)
    await outbox().markPublished(decided.stream, decided.misuse ? `${key}#${decided.info.id}` : key)
  }
}
