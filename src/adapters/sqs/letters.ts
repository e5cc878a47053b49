import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs"

const pagesMax = 500
/** AWS: at most 10 messages a call. */
const pageMax = 10
/** So long a letter is out of sight while the others are looked at. */
const hiddenSeconds = 30

export interface LetterQueues {
  /** Letters that somebody handles. */
  readonly handledUrl: string
  /** Letters that nobody empties. */
  readonly unhandledUrl: string
}

/** Dead letters, looked into for what is to be forgotten. */
export const sqsLetters = (client: SQSClient, { handledUrl, unhandledUrl }: LetterQueues) => ({
  /** Removes those that nobody handles and that speak of one of these texts, in whatever case; how many there were. */
  async purge(texts: readonly string[]): Promise<number> {
    const kept: (string | undefined)[] = []
    let purged = 0
    for (let page = 0; page < pagesMax; page++) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: unhandledUrl,
          MaxNumberOfMessages: pageMax,
          VisibilityTimeout: hiddenSeconds,
        }),
      )
      if (Messages.length === 0) break
      for (const { Body = "", ReceiptHandle } of Messages) {
        const spoken = Body.toLowerCase()
        if (texts.some(text => spoken.includes(text))) {
          await client.send(new DeleteMessageCommand({ QueueUrl: unhandledUrl, ReceiptHandle }))
          purged++
        } else kept.push(ReceiptHandle)
      }
    }
    // The next look must see them again.
    for (const ReceiptHandle of kept)
      await client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: unhandledUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      )
    return purged
  },

  /** Letters that are being handled, about. */
  async inHand(): Promise<number> {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: handledUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    )
    return Object.values(Attributes).reduce((total, count) => total + Number(count), 0)
  },
})
