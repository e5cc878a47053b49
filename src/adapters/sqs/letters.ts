import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs"

const pagesMax = 500
/** AWS: at most 10 messages a call. */
const pageMax = 10
/** So long a letter is out of sight while the others are looked at. */
const hiddenSeconds = 30

/** Letters in a queue that nobody empties. */
export const sqsLetters = (client: SQSClient, QueueUrl: string) => ({
  /** Removes those that speak of a text, in whatever case; how many there were. */
  async purge(text: string): Promise<number> {
    let purged = 0
    for (let page = 0; page < pagesMax; page++) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: pageMax, VisibilityTimeout: hiddenSeconds }),
      )
      if (Messages.length === 0) break
      for (const { Body = "", ReceiptHandle } of Messages) {
        if (!Body.toLowerCase().includes(text)) continue
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
        purged++
      }
    }
    return purged
  },
})
