import { required } from "../adapters/environment.ts"
import type { OutboxKey } from "../core/ports.ts"
import { rowLetter } from "./deadLetter.ts"

/** Leaves a row of the outbox to the caretaker, which keeps it where support sees it. The client is loaded when it is needed, which is never when all is well. */
export async function setAside(row: OutboxKey, reason: string): Promise<void> {
  const { SQSClient, SendMessageCommand } = await import("@aws-sdk/client-sqs")
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false })
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: required("DEAD_LETTERS_URL"),
      MessageBody: JSON.stringify(rowLetter(row, reason)),
    }),
  )
}
